import { type Counted, increments, initialIncrements, type Series } from "../../components/release/increments";
import { isoTime, type Window } from "./moment";
import { type Matrix, seriesName } from "./prometheus";
import { median, type Recording } from "./recording";
import { wrong } from "./table";

/** Series of one version with what their increments count. */
export interface Found {
  version: "new" | "old";
  counts: readonly Counted[];
  matrix: Matrix;
}

/** A matrix of what Prometheus has, as a series of increments. */
interface Line extends Found {
  name: string;
  /** What was scraped to get it. */
  target: string | undefined;
  samples: { at: number; value: number }[];
}

/** A sample this many scrapes after the first one of all was not there at the first. */
const LATER = 1.5;

/**
 * Turns raw samples of counters into slots. A counter of the new version that appears within the window counts from
 * zero, and so does one of the old version whose target was scraped before: it appeared with its first increment.
 * @param stepSeconds Time between two scrapes. Defaults to the median of what was found.
 * @param untilOf The time at which the last slot must be over, for the length of a slot in seconds.
 * @returns Undefined when no counter has two samples.
 * @throws UsageError when a series counts for both versions, or the new version had requests before the window.
 */
export function recordingOf(
  found: readonly Found[],
  window: Window,
  stepSeconds: number | undefined,
  untilOf: (slotSeconds: number) => number,
): Recording | undefined {
  const lines = found.flatMap(linesOf);
  refuseShared(lines);
  const slotSeconds = stepSeconds ?? stepOf(lines);
  if (slotSeconds === undefined) return undefined;
  const firstAt = Math.min(...lines.map(bornAt));
  const soon = firstAt + LATER * slotSeconds;
  refuseEarlier(lines, soon, window, firstAt <= window.from + LATER * slotSeconds);
  const scrapedFrom = new Map<string, number>();
  for (const line of lines) {
    if (line.target === undefined) continue;
    scrapedFrom.set(line.target, Math.min(bornAt(line), scrapedFrom.get(line.target) ?? Number.POSITIVE_INFINITY));
  }
  const series = lines.map((line): Series => {
    const { name, version, counts, samples, target = "" } = line;
    const appeared = version === "new" ? bornAt(line) > soon : bornAt(line) > (scrapedFrom.get(target) ?? bornAt(line));
    return { key: `${counts.join("+")} ${name}`, version, counts, samples, startsAtZero: appeared };
  });
  const { slots } = increments(initialIncrements, series, slotSeconds, untilOf(slotSeconds));
  return { slots, slotSeconds, timed: found.some(({ counts }) => counts.includes("timed")) };
}

function linesOf(found: Found): Line[] {
  return found.matrix
    .map(({ metric, values }) => {
      const { job, instance } = metric;
      const samples = values.map(([at, value]) => ({ at, value: Number(value) })).filter(({ value }) => isCount(value));
      const target = instance === undefined ? undefined : JSON.stringify([job, instance]);
      return { ...found, name: seriesName(metric), target, samples };
    })
    .filter(({ samples }) => samples.length > 0);
}

const isCount = (value: number) => Number.isFinite(value) && value >= 0;

/**
 * A counter that is no number at its end, and since when: what it counted there is nobody's guess. One such scrape is
 * none, as the next ones make up for it.
 */
export function brokenCounter(found: readonly Found[]): { name: string; since: number } | undefined {
  for (const { metric, values } of found.flatMap(({ matrix }) => matrix)) {
    const since = values.findLastIndex(([, value]) => isCount(Number(value))) + 1;
    const [at] = values[since] ?? [];
    if (at !== undefined && (since === 0 || values.length - since > 1)) return { name: seriesName(metric), since: at };
  }
  return undefined;
}

/** Time of the first sample. No line is without one. */
const bornAt = ({ samples }: Line): number => samples[0]?.at ?? Number.NaN;

function refuseShared(lines: readonly Line[]): void {
  const old = new Set(lines.filter(({ version }) => version === "old").map(({ name }) => name));
  const both = lines.find(({ version, name }) => version === "new" && old.has(name));
  if (both === undefined) return;
  throw wrong(`--canary and --stable match the same series (got ${both.name}). Add a matcher that tells them apart.`);
}

/** Median time between two samples; whole seconds where scrapes only jitter around them. */
function stepOf(lines: readonly Line[]): number | undefined {
  const gaps = lines.flatMap(({ samples }) =>
    samples.slice(1).map(({ at }, index) => at - (samples[index]?.at ?? Number.NaN)),
  );
  if (gaps.length === 0) return undefined;
  const step = median(gaps);
  const whole = Math.round(step);
  return whole > 0 && Math.abs(step - whole) < whole / 20 ? whole : Math.max(0.001, Math.round(step * 1000) / 1000);
}

/** What a release did before the window is unknown; only where Prometheus knows nothing earlier either is that fine. */
function refuseEarlier(lines: readonly Line[], soon: number, window: Window, knowsEarlier: boolean): void {
  if (!knowsEarlier) return;
  const early = lines.find(
    (line) => line.version === "new" && bornAt(line) <= soon && (line.samples[0]?.value ?? 0) > 0,
  );
  if (early === undefined) return;
  const got = `${early.name} at ${early.samples[0]?.value}`;
  const fix = "Give an earlier --from, if possible an hour before the release";
  throw wrong(`the canary had requests before ${isoTime(window.from)} (got ${got}). ${fix}.`);
}

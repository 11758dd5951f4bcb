import { type Counts, noCounts } from "../../release/judge";
import type { SeenEvidence } from "../../release/progress";
import { type AnalysisRun, type MetricResult, secondsOf } from "./objects";

/** Requests of both versions from the first one of the new version to a moment. */
export interface Numbers {
  new: Counts;
  old: Counts;
  evidence?: SeenEvidence;
}

/** Metrics by which the templates tell numbers, see components/kubernetes/analysis. All of them are running totals. */
const COUNTS = {
  "new-requests": ["new", "total"],
  "new-failed": ["new", "bad"],
  "old-requests": ["old", "total"],
  "old-failed": ["old", "bad"],
  "new-slow": ["new", "slow"],
  "old-slow": ["old", "slow"],
} as const;

/** A look and a step end in the same moment, told by two clocks that are read one after the other. */
const SLACK_SECONDS = 2;

/** What the runs of a version knew at a moment; undefined when nothing was counted until then. */
export function numbersAt(runs: readonly AnalysisRun[], at: number): Numbers | undefined {
  const numbers: Numbers = { new: { ...noCounts }, old: { ...noCounts } };
  let known = false;
  for (const [name, [version, part]] of Object.entries(COUNTS)) {
    const value = lastValue(runs, at, (metric) => metric.name === name);
    if (value === undefined) continue;
    numbers[version][part] = Math.round(value);
    known = true;
  }
  const evidence = evidenceAt(runs, at);
  if (evidence !== undefined) numbers.evidence = evidence;
  return known || evidence !== undefined ? numbers : undefined;
}

/** What was seen between two moments. */
export function numbersBetween(
  runs: readonly AnalysisRun[],
  from: number,
  to: number,
  first: boolean,
): Numbers | undefined {
  const until = numbersAt(runs, to);
  if (until === undefined) return undefined;
  const before = first ? undefined : numbersAt(runs, from);
  if (before === undefined) return until;
  return { ...until, new: less(until.new, before.new), old: less(until.old, before.old) };
}

/** A total can only fall when a counter was lost; then what is left counts as new. */
function less(whole: Counts, part: Counts): Counts {
  if (part.total > whole.total || part.bad > whole.bad) return whole;
  const { slow } = whole;
  return {
    total: whole.total - part.total,
    bad: whole.bad - part.bad,
    ...(slow !== undefined && { slow: Math.max(0, slow - (part.slow ?? 0)) }),
  };
}

function evidenceAt(runs: readonly AnalysisRun[], at: number): SeenEvidence | undefined {
  const decides = ({ name }: MetricResult) => name === "evidence";
  const value = lastValue(runs, at, decides);
  if (value === undefined) return undefined;
  const specs = runs.flatMap((run) => run.spec?.metrics ?? []).filter(({ name }) => name === "evidence");
  const limit = (field: "failureCondition" | "successCondition", pattern: RegExp) =>
    specs.map((spec) => limitIn(spec[field], pattern)).find((found) => found !== undefined);
  const failAt = limit("failureCondition", />=?\s*(-?[\d.]+)/);
  // A gate's success is that nothing speaks against the version; only a limit below zero means that it has passed.
  const passAt = limit("successCondition", /<=?\s*(-[\d.]+)/);
  return { value, ...(failAt !== undefined && { failAt }), ...(passAt !== undefined && { passAt }) };
}

function limitIn(condition: string | undefined, pattern: RegExp): number | undefined {
  const found = pattern.exec(condition ?? "")?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The newest value of a metric until a moment, over all runs. */
function lastValue(
  runs: readonly AnalysisRun[],
  at: number,
  wanted: (metric: MetricResult) => boolean,
): number | undefined {
  let newest: { at: number; value: number } | undefined;
  for (const run of runs) {
    for (const metric of (run.status?.metricResults ?? []).filter(wanted)) {
      for (const { finishedAt, startedAt, value } of metric.measurements ?? []) {
        const measuredAt = secondsOf(finishedAt ?? startedAt);
        const read = numberOf(value);
        if (measuredAt === undefined || read === undefined || measuredAt > at + SLACK_SECONDS) continue;
        if (newest === undefined || measuredAt >= newest.at) newest = { at: measuredAt, value: read };
      }
    }
  }
  return newest?.value;
}

/** A measured value: "0.4", or "[0.4]" for a vector with one element; anything else is no number. */
export function numberOf(value: string | undefined): number | undefined {
  const text = (value ?? "").trim().replace(/^\[([^,\]]*)\]$/, "$1");
  const read = Number(text);
  return text === "" || Number.isNaN(read) ? undefined : read;
}

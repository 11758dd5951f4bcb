import type { Counts, Slot } from "../../components/release/judge";
import { parseTable, readTable, type Table, wrong } from "./table";

/** A release as slots of requests. */
export interface Recording {
  /** In order of time; `at` in the seconds of what was recorded. */
  slots: Slot[];
  /** Length of a slot: the median distance of two scrapes. */
  slotSeconds: number;
  /** Whether requests were timed, so that slow ones are known. */
  timed: boolean;
}

const ARMS = ["canary", "stable"] as const;
const NEEDED = ["t", "canary_total", "canary_bad", "stable_total", "stable_bad"] as const;
const TIMED = ["canary_timed", "canary_slow", "stable_timed", "stable_slow"] as const;
/** Seconds since 1970 in the year 5138: larger ones are milliseconds. */
const LATEST = 1e11;

/** One scrape: cumulative counts by column. */
interface Scrape {
  line: number;
  values: Map<string, number>;
}

/**
 * Reads the counters of a recorded release. Columns, in any order: t in seconds; canary_total, canary_bad,
 * stable_total, stable_bad, cumulative; all of canary_timed, canary_slow, stable_timed, stable_slow, or none. Others
 * are left out.
 * @throws UsageError that names the file and the line.
 */
export async function readRecording(file: string): Promise<Recording> {
  return recordingOf(await readTable(file));
}

/** The same for the text of a file. */
export const parseRecording = (file: string, text: string): Recording => recordingOf(parseTable(file, text));

function recordingOf(table: Table): Recording {
  const { file, columns, rows } = table;
  const timed = TIMED.some((name) => columns.includes(name));
  const wanted = timed ? [...NEEDED, ...TIMED] : NEEDED;
  const missing = wanted.find((name) => !columns.includes(name));
  if (missing !== undefined) {
    throw wrong(`${file}:1 has no column ${missing} (got ${columns.join(",")}). Name the columns ${wanted.join(",")}.`);
  }
  if (rows.length < 2) {
    const fix = "Write one for each scrape; the first says where counting starts";
    throw wrong(`${file} must have at least two rows (got ${rows.length}). ${fix}.`);
  }
  const scrapes = rows.map(({ line, cells }) => ({
    line,
    values: new Map(wanted.map((name) => [name, numberIn(`${file}:${line} ${name}`, cells[columns.indexOf(name)])])),
  }));
  checkFirst(file, scrapes[0] as Scrape, timed);
  const slots = scrapes.slice(1).map((scrape, index) => slotOf(file, scrapes[index] as Scrape, scrape, timed));
  return { slots, slotSeconds: median(distances(scrapes)), timed };
}

/** A number of at least zero. Only decimal ones: "0x10" is none here. */
function numberIn(place: string, cell = ""): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell) ? Number(cell) : Number.NaN;
  if (!Number.isFinite(value)) {
    const fix = "Write 0 for a version that is not there yet, and leave out scrapes without a value";
    throw wrong(`${place} is no number (got ${JSON.stringify(cell)}). ${fix}.`);
  }
  if (value < 0) throw wrong(`${place} is negative (got ${cell}). Times and counters start at zero.`);
  if (place.endsWith(" t") && value > LATEST) {
    throw wrong(`${place} is no time in seconds (got ${cell}). Divide milliseconds by 1000.`);
  }
  if (value > Number.MAX_SAFE_INTEGER) throw wrong(`${place} is too large (got ${cell}). Check the recording.`);
  return value;
}

/** With a part that is no larger than its whole here, and never grows by more, it is so in every row. */
function checkFirst(file: string, first: Scrape, timed: boolean): void {
  for (const arm of ARMS) {
    for (const [whole, part] of [["total", "bad"], ...(timed ? [["timed", "slow"]] : [])]) {
      const [all, some] = [`${arm}_${whole}`, `${arm}_${part}`];
      if (countIn(first, some) <= countIn(first, all)) continue;
      const got = `${some} ${countIn(first, some)}, ${all} ${countIn(first, all)}`;
      const fix = "Count every bad request among all requests too";
      throw wrong(`${file}:${first.line} ${some} is more than ${all} (got ${got}). ${fix}.`);
    }
  }
}

function slotOf(file: string, before: Scrape, now: Scrape, timed: boolean): Slot {
  const [from, at] = [countIn(before, "t"), countIn(now, "t")];
  const place = `${file}:${now.line}`;
  if (at === from) throw wrong(`${place} t is that of the row before (got ${at} twice). Keep one row for each scrape.`);
  if (at < from)
    throw wrong(`${place} t is before that of the row before (got ${at} after ${from}). Sort the rows by t.`);
  const [fresh, old] = ARMS.map((arm): Counts => {
    const [total, bad] = increments(place, before, now, `${arm}_total`, `${arm}_bad`);
    if (!timed) return { total, bad };
    const [count, slow] = increments(place, before, now, `${arm}_timed`, `${arm}_slow`);
    return { total, bad, timed: count, slow };
  }) as [Counts, Counts];
  return { at, new: fresh, old };
}

/**
 * What a counter and its part grew by. When the whole falls both began anew and count from zero; one that falls alone
 * is no reset, since both are counted by the same process.
 */
function increments(place: string, before: Scrape, now: Scrape, whole: string, part: string): [number, number] {
  const [wholeBefore, wholeNow] = [countIn(before, whole), countIn(now, whole)];
  const [partBefore, partNow] = [countIn(before, part), countIn(now, part)];
  const [reset, partFell] = [wholeNow < wholeBefore, partNow < partBefore];
  // A part of zero cannot fall.
  const alone = reset ? !partFell && partBefore > 0 : partFell;
  if (alone) {
    const [falls, stays] = reset ? [whole, part] : [part, whole];
    const got = `${falls} ${countIn(now, falls)} after ${countIn(before, falls)}, ${stays} ${countIn(now, stays)} after ${countIn(before, stays)}`;
    const fix = "Counters that begin anew do so together: record both from the same process";
    throw wrong(`${place} ${falls} falls while ${stays} does not (got ${got}). ${fix}.`);
  }
  const grown: [number, number] = reset ? [wholeNow, partNow] : [wholeNow - wholeBefore, partNow - partBefore];
  if (grown[1] > grown[0]) {
    const fix = "Count every bad request among all requests too";
    throw wrong(`${place} ${part} grew by more than ${whole} (got ${grown[1]} of ${grown[0]}). ${fix}.`);
  }
  return grown;
}

const countIn = ({ values }: Scrape, column: string): number => values.get(column) as number;

const distances = (scrapes: readonly Scrape[]): number[] =>
  scrapes.slice(1).map((scrape, index) => countIn(scrape, "t") - countIn(scrapes[index] as Scrape, "t"));

/** The middle one, or the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

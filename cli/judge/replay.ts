import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { withoutLatency } from "../../components/release/judges";
import type { ReleaseInput } from "../../components/release/normalise-release";
import type { SequentialRule } from "../../components/release/sequential/rule";
import { clopperPearson } from "./interval";
import { type Judgement, judgeRecording } from "./judgement";
import { median, type Recording, readRecording } from "./recording";
import { type RuleTexts, ruleOf } from "./rule";
import { readTable, wrong } from "./table";

/** What a recorded release was, as somebody knows by now. */
export type Expected = "good" | "bad";

/** A recorded release to replay. */
export interface Labelled {
  file: string;
  expected: Expected;
}

/** What a set of settings makes of the releases. Plain JSON. */
export interface Outcome {
  /** The settings that options gave, as they were written. */
  settings: RuleTexts;
  rule: SequentialRule;
  /** Good releases, those that failed, and the 95 % interval of their share, 0 to 1; null without good ones. */
  good: number;
  falseAlarms: number;
  falseAlarmInterval: [lower: number, upper: number] | null;
  goodPassed: number;
  goodUndecided: number;
  /** Median time from the canary's first request until good releases pass, in seconds; null when none does. */
  medianSecondsToPass: number | null;
  /** Bad releases: those that failed, and all others. */
  bad: number;
  found: number;
  missed: number;
  /** Those among the missed that passed. */
  badPassed: number;
  /** Median time from the canary's first request until bad releases fail, in seconds; null when none does. */
  medianDelaySeconds: number | null;
  releases: { file: string; expected: Expected; verdict: Judgement["verdict"]; secondsToVerdict: number | null }[];
}

const LABELS = "labels.csv";

/**
 * The recordings in files and folders, each with what it was: by labels.csv beside it (columns file, expected), else
 * by a name that begins with "good-" or "bad-".
 * @throws UsageError for paths that are not there, and recordings nobody says anything about.
 */
export async function findRecordings(paths: readonly string[]): Promise<Labelled[]> {
  const found = (await Promise.all(paths.map(recordingsOf))).flat();
  // A file that is named twice is one release.
  const files = [...new Map(found.map((file) => [resolve(file), file])).values()];
  const folders = [...new Set(files.map((file) => dirname(file)))];
  const labels = new Map((await Promise.all(folders.map(labelsIn))).flat());
  return files.map((file) => {
    const name = basename(file);
    const prefix = name.startsWith("good-") ? "good" : name.startsWith("bad-") ? "bad" : undefined;
    const expected = labels.get(resolve(file)) ?? prefix;
    if (expected !== undefined) return { file, expected };
    const fix = `Name it in ${join(dirname(file), LABELS)} (columns file,expected), or begin its name with good- or bad-`;
    throw wrong(`${file} does not say what it was. ${fix}.`);
  });
}

async function recordingsOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw wrong(`--replay ${path} is not there. Name folders and CSV files.`);
  if (!found.isDirectory()) return [path];
  const files = (await readdir(path)).filter((name) => name.endsWith(".csv") && name !== LABELS).sort();
  if (files.length === 0) throw wrong(`--replay ${path} has no CSV file. Record releases in it first.`);
  return files.map((name) => join(path, name));
}

async function labelsIn(folder: string): Promise<[file: string, expected: Expected][]> {
  const file = join(folder, LABELS);
  if (!existsSync(file)) return [];
  const { columns, rows } = await readTable(file);
  const [name, expected] = [columns.indexOf("file"), columns.indexOf("expected")];
  if (name < 0 || expected < 0) {
    throw wrong(`${file}:1 has not the columns file and expected (got ${columns.join(",")}). Write file,expected.`);
  }
  const told = new Map<string, Expected>();
  for (const { line, cells } of rows) {
    const [named = "", label = ""] = [cells[name], cells[expected]];
    if (label !== "good" && label !== "bad") {
      throw wrong(`${file}:${line} expected is not known (got ${JSON.stringify(label)}). Write good or bad.`);
    }
    if (named === "" || !existsSync(join(folder, named))) {
      throw wrong(`${file}:${line} names a file that is not there (got ${JSON.stringify(named)}). Correct the name.`);
    }
    const path = resolve(folder, named);
    if ((told.get(path) ?? label) !== label) {
      throw wrong(
        `${file}:${line} says otherwise than a line before (got ${named} as ${label} now). Keep one of them.`,
      );
    }
    told.set(path, label);
  }
  return [...told];
}

/**
 * Judges every recording by every set of settings.
 * @param onProgress Told how many of all judgements are done.
 */
export async function replay(
  recordings: readonly Labelled[],
  input: ReleaseInput,
  grid: readonly RuleTexts[],
  onProgress: (done: number, all: number) => void,
): Promise<Outcome[]> {
  const rules = grid.map((settings) => ({ settings, rule: ruleOf(input, settings) }));
  const releases = rules.map((): Outcome["releases"] => []);
  let done = 0;
  // One after another: a recording is judged by all rules and forgotten.
  for (const { file, expected } of recordings) {
    const recording = await readRecording(file);
    for (const [index, { rule }] of rules.entries()) {
      const asked = rules[index]?.settings["latency-ratio"] !== undefined;
      const { verdict, secondsToVerdict } = judgeRecording(ruleFor(rule, recording, asked && file), recording);
      releases[index]?.push({ file, expected, verdict, secondsToVerdict });
      onProgress(++done, recordings.length * rules.length);
    }
  }
  return rules.map((candidate, index) => ({ ...candidate, ...summaryOf(releases[index] ?? []) }));
}

/**
 * The rule as far as a recording tells what it asks for: without times latency is not judged.
 * @param asked Name of the recording when latency was asked for by an option.
 * @throws UsageError when it was, and there are none.
 */
export function ruleFor(rule: SequentialRule, { timed }: Recording, asked: string | false): SequentialRule {
  if (timed) return rule;
  if (asked === false) return withoutLatency(rule) as SequentialRule;
  throw wrong(`${asked} has no column canary_timed, which --latency-ratio asks for. Leave out --latency-ratio.`);
}

function summaryOf(releases: Outcome["releases"]): Omit<Outcome, "settings" | "rule"> {
  const those = (expected: Expected, verdict?: Judgement["verdict"]) =>
    releases.filter((one) => one.expected === expected && (verdict === undefined || one.verdict === verdict));
  const seconds = (some: Outcome["releases"]) =>
    some.length === 0 ? null : median(some.map(({ secondsToVerdict }) => secondsToVerdict ?? 0));
  const [good, bad] = [those("good").length, those("bad").length];
  const [alarms, found, passed] = [those("good", "fail"), those("bad", "fail"), those("good", "pass")];
  return {
    good,
    falseAlarms: alarms.length,
    falseAlarmInterval: good === 0 ? null : clopperPearson(alarms.length, good),
    goodPassed: passed.length,
    goodUndecided: those("good", "undecided").length,
    medianSecondsToPass: seconds(passed),
    bad,
    found: found.length,
    missed: bad - found.length,
    badPassed: those("bad", "pass").length,
    medianDelaySeconds: seconds(found),
    releases,
  };
}

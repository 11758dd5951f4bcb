import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { parseDuration } from "../../components/model/duration";
import { normaliseService } from "../../components/model/normalise-service";
import type { ReleaseInput } from "../../components/release/normalise-release";
import type { SequentialRule } from "../../components/release/sequential/rule";
import { type Command, UsageError } from "../command";
import { HELP } from "../judge/help";
import { type Judgement, judgeRecording, type Look } from "../judge/judgement";
import { windowOf } from "../judge/moment";
import { Prometheus } from "../judge/prometheus";
import { readRecording } from "../judge/recording";
import { findRecordings, replay, ruleFor } from "../judge/replay";
import { replayText } from "../judge/replay-text";
import { gridOf, RULE_OPTIONS, type RuleTexts, readRelease, ruleOf } from "../judge/rule";
import { type Evidence, type Latency, type Query, released, selected } from "../judge/sources";
import { judgementSvg } from "../judge/svg";
import { wrong } from "../judge/table";
import { judgementText, type Told } from "../judge/text";

/** Runs the sequential test on recorded numbers. */
export const judge: Command = {
  name: "judge",
  summary: "judge recorded releases by the sequential test, from a file or from Prometheus",
  help: HELP,
  run,
};

const EXIT = { pass: 0, fail: 1, undecided: 3 } as const;
const SELECTORS = ["canary", "stable", "total", "bad"] as const;
const LIVE = [...SELECTORS, "from", "to", "step"] as const;
const SOURCES = ["counters", "prometheus", "replay"] as const;
const text = { type: "string" } as const;

const options = {
  counters: text,
  prometheus: text,
  replay: { type: "string", multiple: true },
  service: text,
  canary: text,
  stable: text,
  total: text,
  bad: text,
  from: text,
  to: text,
  step: text,
  release: text,
  alpha: text,
  beta: text,
  tolerate: text,
  "ignore-below": text,
  "slo-max": text,
  "warm-up": text,
  history: text,
  "min-requests": text,
  "latency-ratio": text,
  svg: text,
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;
type Values = ReturnType<typeof read>["values"];

const read = (args: string[]) => parseArgs({ args: joined(args), allowPositionals: true, options });

/** "--from -20m", "--alpha -1" as one argument: the parser takes what begins with a dash for an option. */
function joined(args: readonly string[]): string[] {
  const joins = (index: number) => /^--[a-z-]+$/.test(args[index] ?? "") && /^-\.?\d/.test(args[index + 1] ?? "");
  return args.flatMap((arg, index) => (joins(index) ? [`${arg}=${args[index + 1]}`] : joins(index - 1) ? [] : [arg]));
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = read(args);
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const sources = SOURCES.filter((source) => values[source] !== undefined);
  if (sources.length === 0) throw new UsageError(HELP);
  if (sources.length > 1) {
    const got = sources.map((source) => `--${source}`).join(", ");
    throw wrong(`there must be one source of numbers (got ${got}). Keep one of them.`);
  }
  const [source] = sources;
  if (source !== "replay" && positionals.length > 0) {
    throw wrong(`${positionals[0]} is no option. Folders and files belong to --replay.`);
  }
  const alien = LIVE.find((option) => source !== "prometheus" && values[option] !== undefined);
  if (alien !== undefined) throw wrong(`--${alien} has no effect on --${source}. It belongs to --prometheus.`);
  if (values.service !== undefined && values.release === undefined && source !== "prometheus") {
    throw wrong(`--service has no effect on --${source} without --release. Leave it out.`);
  }
  if (values["latency-ratio"] !== undefined && source === "prometheus") {
    throw wrong("--latency-ratio has no effect on --prometheus. Give --release, whose objectives name a time too.");
  }
  const input = await readRelease(values.release, values.service);
  if (source === "replay") return await replayed(values, [...(values.replay ?? []), ...positionals], input);
  return await judged(values, input);
}

async function judged(values: Values, input: ReleaseInput): Promise<number> {
  const rule = ruleOf(input, textsOf(values));
  const evidence = values.counters === undefined ? await live(values, input, rule) : await filed(values.counters);
  const looks: Look[] = [];
  const told = tell(rule, evidence, values, looks);
  const name = values.counters === undefined ? (values.service ?? "release") : basename(values.counters);
  if (values.svg !== undefined) write(values.svg, judgementSvg(told, looks, name));
  const { judgement, ...about } = told;
  console.log(values.json ? JSON.stringify({ ...judgement, ...about }, undefined, 2) : judgementText(told));
  return EXIT[judgement.verdict];
}

/** An error of the system would end with the exit code of a release that fails. */
function write(file: string, content: string): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    const got = error instanceof Error && "code" in error ? error.code : error;
    throw wrong(`--svg ${file} cannot be written (got ${got}). Name a file in a folder that is there.`);
  }
}

/** Numbers of a rule, as they were written. */
function textsOf(values: Values): RuleTexts {
  return Object.fromEntries(
    RULE_OPTIONS.flatMap((option) => (values[option] === undefined ? [] : [[option, values[option]]])),
  );
}

async function filed(file: string): Promise<Evidence> {
  return { recording: await readRecording(file), remarks: [] };
}

function tell(rule: SequentialRule, evidence: Evidence, values: Values, looks: Look[]): Told {
  const { recording, missing, canary, stable, remarks } = evidence;
  const about = { ...(canary !== undefined && { canary }), ...(stable !== undefined && { stable }) };
  if (recording === undefined) {
    const empty: Judgement = judgeRecording(rule, { slots: [], slotSeconds: 0 });
    return { judgement: { ...empty, reason: missing ?? empty.reason }, ...about, remarks };
  }
  const asked = values["latency-ratio"] !== undefined && (values.counters ?? false);
  const judgement = judgeRecording(ruleFor(rule, recording, asked), recording, (look) => looks.push(look));
  const unjudged =
    rule.slow !== undefined && !recording.timed
      ? ["the release has a latency objective, which these numbers do not tell about"]
      : recording.timed && rule.slow === undefined
        ? ["slow requests are known, but not judged: --latency-ratio says how many must be fast"]
        : [];
  return { judgement, ...about, remarks: [...remarks, ...unjudged] };
}

async function live(values: Values, input: ReleaseInput, rule: SequentialRule): Promise<Evidence> {
  const now = Date.now() / 1000;
  const query: Query = {
    prometheus: new Prometheus(values.prometheus ?? ""),
    window: windowOf(values.from, values.to, now),
    stepSeconds: stepOf(values.step),
    now,
  };
  const given = SELECTORS.filter((name) => values[name] !== undefined);
  if (given.length === 0) {
    if (values.service === undefined) {
      throw wrong("--prometheus says not what to read. Add --service, or --canary, --stable, --total and --bad.");
    }
    return await released(query, values.service, rule.slow && latencyOf(input));
  }
  const { canary, stable, total, bad } = values;
  if (canary === undefined || stable === undefined || total === undefined || bad === undefined) {
    const lacking = SELECTORS.find((name) => values[name] === undefined);
    const got = given.map((name) => `--${name}`).join(", ");
    throw wrong(`--${lacking} is missing (got ${got}). Give --canary, --stable, --total and --bad together.`);
  }
  return await selected(query, { canary, stable, total, bad });
}

/** The histogram that tells of a release's latency objective; undefined without one. */
function latencyOf({ service, objectives }: ReleaseInput): Latency | undefined {
  const { metrics } = normaliseService(service);
  if (metrics === undefined || objectives?.latency === undefined) return undefined;
  return { histogram: metrics.durationHistogram, withinSeconds: parseDuration(objectives.latency.within) };
}

function stepOf(step: string | undefined): number | undefined {
  if (step === undefined) return undefined;
  const seconds = Number(step);
  if (step.trim() !== "" && seconds > 0 && seconds <= 86_400) return seconds;
  const got = JSON.stringify(step);
  throw wrong(`--step must be a number of seconds above 0 and up to 86400 (got ${got}). Write 15, for example.`);
}

async function replayed(values: Values, paths: string[], input: ReleaseInput): Promise<number> {
  if (values.svg !== undefined) throw wrong("--svg draws one release. Name it with --counters.");
  const grid = gridOf(textsOf(values));
  const outcomes = await replay(await findRecordings(paths), input, grid, progress());
  console.log(values.json ? JSON.stringify(outcomes, undefined, 2) : replayText(outcomes));
  return 0;
}

const QUIET_MILLISECONDS = 3000;

/** Tells of long work on standard error, once a second after the first few. */
function progress(): (done: number, all: number) => void {
  let next = Date.now() + QUIET_MILLISECONDS;
  return (done, all) => {
    if (Date.now() < next) return;
    next = Date.now() + 1000;
    console.error(`headgate judge: ${done} of ${all} judged`);
  };
}

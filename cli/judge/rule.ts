import { formatProblem, type Problem } from "../../components/model/problem";
import type { Release, Sequential } from "../../components/model/release";
import type { Service } from "../../components/model/service";
import { checkObjectives, checkRelease } from "../../components/model/validate";
import { isSequential } from "../../components/release/judges";
import { normaliseRelease, type ReleaseInput } from "../../components/release/normalise-release";
import type { SequentialRule } from "../../components/release/sequential/rule";
import { UsageError } from "../command";
import { readServices } from "../document";
import { wrong } from "./table";

/** Options of the rule, and the settings of the model they are. Times keep their unit. */
const SETTINGS = {
  alpha: "alpha",
  beta: "beta",
  tolerate: "tolerate",
  "ignore-below": "ignoreBelow",
  "slo-max": "sloMax",
  "warm-up": "warmUp",
  history: "history",
  "min-requests": "minRequests",
} as const satisfies Record<string, keyof Sequential>;
export type RuleOption = keyof typeof SETTINGS | "latency-ratio";

/** Options of the rule, in the order of the help. */
export const RULE_OPTIONS = [...Object.keys(SETTINGS), "latency-ratio"] as RuleOption[];

/** The texts of some options. */
export type RuleTexts = Partial<Record<RuleOption, string>>;

/** A service without wishes of its own: the rule asks for nothing of it. */
const ANY_SERVICE: Service = { image: {}, port: 80, health: { readiness: { path: "/" } } };

/** A release with every default, and without objectives. */
export const PLAIN: ReleaseInput = { release: {}, service: ANY_SERVICE };

/**
 * The release that --release names, or one with every default.
 * @throws UsageError when it cannot be read, or does not say which service is meant.
 */
export async function readRelease(file: string | undefined, name: string | undefined): Promise<ReleaseInput> {
  if (file === undefined) return PLAIN;
  const services = await readServices(file);
  const [only, ...others] = name === undefined ? services : services.filter((service) => service.name === name);
  const known = services.map((service) => service.name).join(", ");
  if (only === undefined) throw wrong(`--service ${name} is not in ${file}. It has ${known}.`);
  if (others.length > 0) throw wrong(`${file} has several services (got ${known}). Choose one with --service.`);
  if (only.release.analysis?.threshold !== undefined) {
    const fix = "This command runs the sequential test: write analysis.sequential in its place";
    throw wrong(`${file} judges ${only.name} by another rule (got analysis.threshold). ${fix}.`);
  }
  return only;
}

/**
 * The rule of a release, with some of its settings as options say.
 * @throws UsageError with every problem, told as the model tells it.
 */
export function ruleOf(input: ReleaseInput, texts: RuleTexts): SequentialRule {
  const named = Object.entries(SETTINGS).flatMap(([option, setting]) => {
    const text = texts[option as RuleOption];
    if (text === undefined) return [];
    return [[setting, setting === "warmUp" || setting === "history" ? text : numberOrText(text)] as const];
  });
  const given = Object.fromEntries(named) as Sequential;
  const ratio = texts["latency-ratio"];
  // The test asks how many requests are slow; how long that is was decided where they were counted.
  const objectives = {
    ...input.objectives,
    ...(ratio !== undefined && { latency: { within: "1s", ratio: numberOrText(ratio) as number } }),
  };
  const { threshold: _, ...analysis } = input.release.analysis ?? {};
  const release: Release = {
    ...input.release,
    analysis: { ...analysis, sequential: { ...analysis.sequential, ...given } },
  };
  const problems = [...checkRelease({ analysis: { sequential: given } }), ...checkObjectives(objectives)];
  if (problems.length > 0) throw new UsageError(problems.map(problemLine).join("\n"));
  const { rule } = normaliseRelease({ release, service: input.service, objectives });
  if (!isSequential(rule)) throw new RangeError("A release without a threshold is judged by the sequential test.");
  return rule;
}

/** A number as a number; what is none stays text, for the model to refuse. */
function numberOrText(text: string): unknown {
  return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

function problemLine(problem: Problem): string {
  const setting = problem.path.split(".").at(-1);
  const [option = "latency-ratio"] = Object.entries(SETTINGS).find(([, name]) => name === setting) ?? [];
  return wrong(formatProblem({ ...problem, path: `--${option}` })).message;
}

/**
 * Every combination of comma lists: { alpha: "0.01,0.05", tolerate: "1" } gives two.
 * @throws UsageError when a list has an empty part, or there are too many combinations.
 */
export function gridOf(texts: RuleTexts): RuleTexts[] {
  let grid: RuleTexts[] = [{}];
  for (const option of RULE_OPTIONS) {
    const list = texts[option];
    if (list === undefined) continue;
    const parts = list.split(",").map((part) => part.trim());
    if (parts.includes("")) throw wrong(`--${option} has an empty part (got ${JSON.stringify(list)}). Write 1,2.`);
    grid = grid.flatMap((texts) => [...new Set(parts)].map((part) => ({ ...texts, [option]: part })));
    if (grid.length > MOST_CANDIDATES) {
      throw wrong(`the lists make more than ${MOST_CANDIDATES} combinations. Shorten one of them.`);
    }
  }
  return grid;
}

const MOST_CANDIDATES = 1000;

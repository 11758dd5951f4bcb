import { OnFailure, type OnNoData, type OnUndecided } from "../../model/release";
import type { AnalysisArgument, RolloutAnalysis } from "./kubernetes-argo";
import type { CompileInput } from "./target";

/**
 * What a template of the judge is for. Its query and conditions are written where the objectives become PromQL.
 * - "release" runs beside the steps without an end and speaks only when the new version is bad: with Argo a run that
 *   saw no data counts as passed, and so it never opens a gate.
 * - "gate" is asked when a hold is over. It passes when the judge has no objection, and goes by `onUndecided` and
 *   `onNoData` otherwise.
 * - "verdict" takes the place of a hold, and ends it as soon as the judge is sure. It decides nothing: a gate follows.
 * - "bake" watches a new version that has all traffic, for the whole time of its arguments, and ends like a gate.
 */
export type JudgeUse = "release" | "gate" | "verdict" | "bake";

/** An AnalysisTemplate that the judge needs. */
export interface JudgeTemplate {
  /** Its name in the cluster. */
  name: string;
  use: JudgeUse;
  /** Its arguments. "looks" and "interval" say how often it measures, the first time after one interval. */
  args: { name: string }[];
  /** How a bad version ends the run: "Failed" takes the release back, "Inconclusive" stops it at its weight. */
  whenBad: "Failed" | "Inconclusive";
  onUndecided: OnUndecided;
  onNoData: OnNoData;
  /** Longest time to wait for a decision beyond the hold. */
  waitSeconds: number;
}

/** Longest time between two looks of the judge, as in release-strategies.md. */
const LONGEST_LOOK_SECONDS = 60;
/** Looks within a hold, however short. */
const LOOKS_IN_A_HOLD = 5;

/** Pods carry the hash of their version, and metrics the pods' labels. */
const HASHES: AnalysisArgument[] = [
  { name: "canary-hash", valueFrom: { podTemplateHashValue: "Latest" } },
  { name: "stable-hash", valueFrom: { podTemplateHashValue: "Stable" } },
];

export const releaseAnalysis = (service: string): RolloutAnalysis => analysis(service, "release", HASHES);
export const gateAnalysis = (service: string): RolloutAnalysis => analysis(service, "gate", HASHES);

/** Time between two looks within a hold, in whole seconds: five in it, and at most a minute. */
export const lookSecondsWithin = (holdSeconds: number): number =>
  Math.max(1, Math.min(LONGEST_LOOK_SECONDS, Math.floor(holdSeconds / LOOKS_IN_A_HOLD)));

export function timedAnalysis(service: string, use: "verdict" | "bake", seconds: number): RolloutAnalysis {
  const interval = lookSecondsWithin(seconds);
  const looks = Math.max(1, Math.floor(seconds / interval));
  const times: AnalysisArgument[] = [
    { name: "looks", value: String(looks) },
    { name: "interval", value: `${interval}s` },
  ];
  return analysis(service, use, [...HASHES, ...times]);
}

function analysis(service: string, use: JudgeUse, args: AnalysisArgument[]): RolloutAnalysis {
  return { templates: [{ templateName: `${service}-${use}` }], args };
}

/** The templates for those uses. */
export function judgeTemplates(
  { name, release, requested }: CompileInput,
  uses: ReadonlySet<JudgeUse>,
): JudgeTemplate[] {
  const hashes = HASHES.map((arg) => ({ name: arg.name }));
  return [...uses].map((use) => ({
    name: `${name}-${use}`,
    use,
    args: use === "release" || use === "gate" ? hashes : [...hashes, { name: "looks" }, { name: "interval" }],
    whenBad: release.onFailure === OnFailure.pause ? "Inconclusive" : "Failed",
    onUndecided: requested.onUndecided,
    onNoData: requested.onNoData,
    waitSeconds: Math.ceil(requested.progressDeadlineSeconds),
  }));
}

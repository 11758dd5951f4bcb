import { Gate } from "../../model/release";
import type { CanaryStrategy, RolloutAnalysis, RolloutStep } from "../../release/compile/kubernetes-argo";
import type { Rollout } from "./objects";

/** The steps of a Rollout that belong to one share of the traffic. */
export interface Stage {
  /** In percent. */
  weight: number;
  holdSeconds: number;
  gate: Gate;
  /** Index of its first step, which sets the weight. */
  first: number;
  /** Index of the step behind its last one. */
  end: number;
}

/** What a Rollout does between the first pod and the last. */
export interface Stages {
  strategy: "rolling" | "blueGreen" | "canary";
  /** Steps before the first share: hooks, and the migration. */
  before: number;
  /** Shares below 100 %, in order. */
  stages: Stage[];
  /** All traffic while the old pods are still there. Absent: nothing is done then. */
  bake?: Stage;
  /** Number of all steps. */
  count: number;
}

/** Reads the shares out of a Rollout's strategy. */
export function stagesOf({ spec }: Rollout): Stages {
  const { canary, blueGreen } = spec.strategy;
  if (blueGreen !== undefined) {
    // Three marks instead of steps: the pods are ready, they have the traffic, they are what Argo goes back to.
    const manual = blueGreen.autoPromotionEnabled === false && blueGreen.autoPromotionSeconds === undefined;
    const hold = manual ? 0 : (blueGreen.autoPromotionSeconds ?? 0);
    const bakeSeconds = analysisSeconds(blueGreen.postPromotionAnalysis);
    const waits = manual || hold > 0 || blueGreen.prePromotionAnalysis !== undefined;
    const stage: Stage = { weight: 0, holdSeconds: hold, gate: manual ? Gate.manual : Gate.auto, first: 0, end: 2 };
    const bake: Stage = { weight: 100, holdSeconds: bakeSeconds, gate: Gate.auto, first: 1, end: 3 };
    return {
      strategy: "blueGreen",
      before: 0,
      stages: waits ? [stage] : [],
      ...(bakeSeconds > 0 && { bake }),
      count: 3,
    };
  }
  return canaryStages(canary ?? {});
}

function canaryStages({ steps = [], trafficRouting }: CanaryStrategy): Stages {
  const most = trafficRouting?.maxTrafficWeight ?? 100;
  const starts = steps.flatMap(({ setWeight }, index) => (setWeight === undefined ? [] : [index]));
  const all = starts.map((first, index): Stage => {
    const end = starts[index + 1] ?? steps.length;
    const weight = (100 * (steps[first]?.setWeight ?? 0)) / most;
    return { weight, ...holdOf(steps.slice(first, end)), first, end };
  });
  const bake = all.find(({ weight }) => weight >= 100);
  const stages = all.filter(({ weight }) => weight < 100);
  return {
    strategy: stages.length === 0 && trafficRouting === undefined ? "rolling" : "canary",
    before: starts[0] ?? steps.length,
    stages,
    ...(bake !== undefined && { bake }),
    count: steps.length,
  };
}

function holdOf(steps: readonly RolloutStep[]): { holdSeconds: number; gate: Gate } {
  const pauses = steps.flatMap(({ pause }) => (pause === undefined ? [] : [pause]));
  const held = pauses.reduce((sum, { duration }) => sum + secondsOfDuration(duration), 0);
  const judged = steps.reduce((sum, { analysis }) => sum + analysisSeconds(analysis), 0);
  const manual = pauses.some(({ duration }) => duration === undefined);
  return { holdSeconds: held + judged, gate: manual ? Gate.manual : judged > 0 ? Gate.verdict : Gate.auto };
}

/** Time that an analysis takes when it is never sure: its looks, and the time between two of them. */
function analysisSeconds(analysis: RolloutAnalysis | undefined): number {
  const argument = (name: string) => analysis?.args?.find((arg) => arg.name === name)?.value;
  return Number(argument("looks") ?? 0) * secondsOfDuration(argument("interval"));
}

/** Seconds of a duration as Argo reads it: a number of seconds, "300s", "5m", "1h" (RolloutPause.DurationSeconds). */
export function secondsOfDuration(duration: string | number | undefined): number {
  const [, amount = "0", unit = "s"] = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(String(duration ?? "")) ?? [];
  return Number(amount) * ({ s: 1, m: 60, h: 3600 }[unit] ?? 1);
}

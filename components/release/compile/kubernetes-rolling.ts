import { defaults } from "../../model/defaults";
import { parseDuration } from "../../model/duration";
import type { Problem } from "../../model/problem";
import { OnFailure } from "../../model/release";
import type { RolloutStep } from "./kubernetes-argo";
import { hookCall, hookStep, migrationCall, templatesOf } from "./kubernetes-hooks";
import { releaseAnalysis } from "./kubernetes-judge";
import { bakeLost, hurried, type StrategyPart, uncounted, unjudged, wholeSeconds } from "./kubernetes-strategy";
import { type CompileInput, impossible } from "./target";

/** Argo's and Kubernetes' own default. */
const USUAL_SURGE = "25%";

/** How many pods are exchanged at a time: in an emergency all. */
export function exchange(input: CompileInput): { maxSurge: number | string; maxUnavailable: number } {
  if (hurried(input)) return { maxSurge: "100%", maxUnavailable: 0 };
  const { maxSurge = USUAL_SURGE, maxUnavailable = 0 } = input.release.rolling ?? {};
  return { maxSurge, maxUnavailable };
}

/** Time each new pod is watched before the next one. */
export function readyTime(input: CompileInput) {
  const { release } = input;
  const minReady = hurried(input) ? "0s" : (release.rolling?.minReady ?? defaults.rolling.minReady);
  return wholeSeconds("release.rolling.minReady", parseDuration(minReady));
}

export const NO_OLD_PODS = "A rolling update removes the old pods as it goes, so that none is left to keep warm.";

/**
 * Pod by pod. A Rollout instead of a Deployment, which never goes back by itself; without steps, but that hooks at the
 * beginning and at the end are steps.
 */
export function rollingStrategy(input: CompileInput): StrategyPart {
  const { name, release, requested } = input;
  const ready = readyTime(input);
  const calls = {
    beforeDeploy: hookCall(release, name, "beforeDeploy"),
    migration: migrationCall(release, name),
    afterPromote: hookCall(release, name, "afterPromote"),
  };
  const first = [...hookStep(calls.beforeDeploy), ...hookStep(calls.migration)];
  const last: RolloutStep[] =
    calls.afterPromote === undefined ? [] : [{ setWeight: 100 }, ...hookStep(calls.afterPromote)];
  const steps = [...first, ...last];
  const judged = !unjudged(input);
  return {
    strategy: {
      canary: {
        ...exchange(input),
        ...(steps.length > 0 && { steps }),
        ...(judged && {
          analysis: { ...releaseAnalysis(name), ...(first.length > 0 && { startingStep: first.length }) },
        }),
      },
    },
    minReadySeconds: ready.seconds,
    steps: requested.steps.map((step) => ({ ...step, holdSeconds: ready.seconds })),
    bakeSeconds: 0,
    hookTemplates: templatesOf(Object.values(calls)),
    judges: judged ? ["release"] : [],
    diagnostics: [...ready.diagnostics, ...uncounted(input), ...bakeLost(input, NO_OLD_PODS)],
    problems: problemsOf(input),
  };
}

function problemsOf({ release }: CompileInput): Problem[] {
  const { hooks = {}, onFailure } = release;
  const problems = (["beforeTraffic", "afterStep", "beforePromote"] as const).flatMap((point) => {
    if (hooks[point] === undefined) return [];
    const problem = "has no place in a rolling update: each pod has traffic as soon as it is ready";
    return [impossible(`release.hooks.${point}`, problem, "Release by canary or by blueGreen")];
  });
  if (hooks.afterPromote !== undefined && onFailure === OnFailure.pause) {
    const problem = 'cannot go with onFailure "pause": a failed analysis always takes an Argo rollout back';
    problems.push(impossible("release.hooks.afterPromote", problem, 'Set release.onFailure to "rollback"'));
  }
  return problems;
}

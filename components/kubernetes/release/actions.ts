import type { Rollout } from "./objects";
import { DECISION_ANNOTATION, type Decision } from "./reason";

/** What a person may do with a release. */
export type Action = Decision["action"];

/** Annotation of the pod template: another time makes another version of it, which Argo releases anew. */
const RETRIED_ANNOTATION = "headgate.dev/retried-at";

/** Merge patches of a Rollout: of what is wanted, and of its status, in this order. */
export interface Patches {
  spec: object;
  status?: object;
}

/**
 * What an action changes, as `kubectl argo rollouts` does it (its cmd/promote, abort and pause), or why it cannot be
 * done now. `full` skips the steps that are left, and what would judge them.
 * @param at Seconds since 1970.
 */
export function patchesFor(
  action: Action,
  rollout: Rollout,
  { by, at, full }: { by: string; at: number; full: boolean },
): Patches | string {
  const { spec, status } = rollout;
  const { stableRS = "", currentPodHash = "", abort, pauseConditions = [] } = status ?? {};
  const decision: Decision = { action, by, at, hash: currentPodHash };
  const metadata = { annotations: { [DECISION_ANNOTATION]: JSON.stringify(decision) } };
  if (action === "retry") {
    if (abort !== true) return "was not taken back. There is nothing to try again";
    const annotations = { [RETRIED_ANNOTATION]: new Date(at * 1000).toISOString() };
    return { spec: { metadata, spec: { paused: false, template: { metadata: { annotations } } } } };
  }
  if (abort === true || stableRS === currentPodHash) return "has no release under way. Start one with pulumi up";
  // The controller does nothing about a Rollout that somebody paused, not even take it back.
  const goingOn = { metadata, ...(spec.paused === true && { spec: { paused: false } }) };
  switch (action) {
    case "abort":
      return stableRS === ""
        ? "has no earlier version to go back to. Correct it with pulumi up"
        : { spec: goingOn, status: { status: { abort: true } } };
    case "pause":
      return spec.paused === true ? "is paused already" : { spec: { metadata, spec: { paused: true } } };
    case "promote": {
      if (full) return { spec: goingOn, status: { status: { promoteFull: true } } };
      if (spec.paused === true) return { spec: goingOn };
      const next = nextStep(rollout);
      if (next === undefined && pauseConditions.length === 0) {
        return "waits for nobody now. Skip what is left with --full";
      }
      return { spec: goingOn, status: { status: { pauseConditions: null, ...next } } };
    }
  }
}

/** The step to go on with, where a step waits for something else than for the pause to be opened. */
function nextStep({ spec, status }: Rollout): object | undefined {
  const steps = spec.strategy.canary?.steps ?? [];
  const index = status?.currentStepIndex ?? 0;
  if (index >= steps.length) return undefined;
  const currentStepIndex = index + 1;
  if ((status?.pauseConditions ?? []).length === 0) return { currentStepIndex };
  const run = status?.canary?.currentStepAnalysisRunStatus;
  return run?.status === "Inconclusive" ? { controllerPause: false, currentStepIndex } : undefined;
}

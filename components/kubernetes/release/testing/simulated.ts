import type { RolloutStep } from "../../../release/compile/kubernetes-argo";
import { HASH_LABEL, type Pod, type ReplicaSet, type Rollout, type Snapshot } from "../objects";

/** What happens in a simulated release, by the second at which it happens. */
export interface Script {
  steps: RolloutStep[];
  routed: boolean;
  /** Seconds that pods need to be ready; none: they never are. */
  readyAfter?: number;
  /** Second of an abort by a person, an analysis that fails, or none. */
  abortAt?: number;
  analysisFailsAt?: number;
  /** Seconds at which a person promotes. */
  promoteAt: number[];
  seconds: number;
}

export const START = 1_700_000_000;
const NEW = "bbbbbbbbbb";
const OLD = "aaaaaaaaaa";
const DEADLINE = 30;

const templateOf = (hash: string) => ({
  spec: { containers: [{ name: "shop", image: `r/shop@sha256:${hash}` }] },
});
const iso = (second: number) => new Date((START + second) * 1000).toISOString().replace(".000", "");

/** A canary as Argo Rollouts would carry it out, looked at once a second. A simulation: only what the story reads. */
export function simulated(script: Script): Snapshot[] {
  const { steps, routed, readyAfter, abortAt, analysisFailsAt, promoteAt, seconds } = script;
  const looks: Snapshot[] = [];
  const events: Snapshot["events"] = [];
  let index = 0;
  let pausedAt: number | undefined;
  let abortedAt: number | undefined;
  let abortMessage = "";
  let done = false;
  let weight = 0;
  for (let second = 0; second <= seconds; second += 1) {
    const ready = readyAfter !== undefined && second >= readyAfter;
    if (abortedAt === undefined && !done) {
      if (second === abortAt) abortedAt = second;
      else if (second === analysisFailsAt) [abortedAt, abortMessage] = [second, ": Metric failed"];
      else if (!ready && second >= DEADLINE) [abortedAt, abortMessage] = [second, " has timed out progressing."];
      else if (ready) {
        const step = steps[index];
        const over =
          step?.pause === undefined
            ? true
            : step.pause.duration === undefined
              ? promoteAt.includes(second)
              : pausedAt !== undefined && second >= pausedAt + Number.parseInt(step.pause.duration, 10);
        if (step === undefined) done = true;
        else if (over) {
          if (step.setWeight !== undefined) weight = step.setWeight;
          index += 1;
          pausedAt = undefined;
          const message = `Rollout step ${index}/${steps.length} completed (…)`;
          events.push({ reason: "RolloutStepCompleted", message, lastTimestamp: iso(second) });
        } else pausedAt ??= second;
      }
    }
    const aborted = abortedAt !== undefined;
    const share = done ? 100 : aborted ? 0 : weight;
    const replicaSet = (hash: string, revision: number, count: number): ReplicaSet => ({
      metadata: {
        name: `shop-${hash}`,
        creationTimestamp: iso(hash === NEW ? 0 : -1000),
        labels: { [HASH_LABEL]: hash },
        annotations: { "rollout.argoproj.io/revision": String(revision) },
      },
      spec: { replicas: count, template: templateOf(hash) },
      status: { replicas: count, readyReplicas: hash === NEW && !ready ? 0 : count, availableReplicas: count },
    });
    const rollout: Rollout = {
      metadata: { name: "shop", namespace: "default", generation: 2 },
      spec: {
        replicas: 2,
        progressDeadlineAbort: true,
        template: templateOf(NEW),
        strategy: {
          canary: { steps, ...(routed && { trafficRouting: { traefik: { weightedTraefikServiceName: "shop" } } }) },
        },
      },
      status: {
        observedGeneration: "2",
        currentPodHash: NEW,
        stableRS: done ? NEW : OLD,
        currentStepIndex: aborted ? 0 : index,
        phase: done ? "Healthy" : aborted ? "Degraded" : pausedAt !== undefined ? "Paused" : "Progressing",
        ...(aborted && { abort: true, abortedAt: iso(abortedAt ?? 0) }),
        ...(pausedAt !== undefined &&
          !aborted && {
            controllerPause: true,
            pauseConditions: [{ reason: "CanaryPauseStep", startTime: iso(pausedAt) }],
          }),
        conditions: [
          {
            type: "Completed",
            status: done ? "True" : "False",
            lastTransitionTime: iso(0),
          },
          ...(aborted
            ? [{ type: "Progressing", status: "False" as const, reason: "RolloutAborted", message: abortMessage }]
            : []),
        ],
        canary: { weights: { canary: { weight: share }, stable: { weight: 100 - share } } },
      },
    };
    const pods: Pod[] = [];
    const failed = analysisFailsAt !== undefined && abortedAt === analysisFailsAt;
    looks.push(
      structuredClone({
        at: START + second,
        rollout,
        replicaSets: [replicaSet(OLD, 1, 2), replicaSet(NEW, 2, aborted ? 0 : 1)],
        pods,
        runs: failed
          ? [
              {
                metadata: { name: "shop-2", labels: { [HASH_LABEL]: NEW } },
                status: { phase: "Failed" as const, completedAt: iso(abortedAt ?? 0), metricResults: [] },
              },
            ]
          : [],
        events,
      }),
    );
  }
  return looks;
}

import type { Copies, ReleasedVersion } from "../../release/progress";
import {
  type AnalysisRun,
  type Condition,
  HASH_LABEL,
  type Pod,
  type PodTemplate,
  REVISION_ANNOTATION,
  type ReplicaSet,
  type Rollout,
  type Snapshot,
  secondsOf,
} from "./objects";
import { isMadeOf } from "./template";

/** Whether the status is of the spec that is there (GetRolloutPhase of Argo's utils/rollout). */
export function isObserved({ metadata, status }: Rollout): boolean {
  const observed = Number(status?.observedGeneration ?? Number.NaN);
  return observed >= (metadata.generation ?? 0) && status?.currentPodHash !== undefined;
}

/**
 * Whether the version that the status names is the one that the spec asks for. When a Rollout was paused, aborted or
 * scaled in the same moment, the controller first writes the new generation over the status of the version before
 * (patchCondition and syncReplicasOnly of Argo's rollout/sync.go). It begins nothing new while somebody has it paused.
 */
export function isOfTemplate(snapshot: Snapshot, { spec, status }: Rollout): boolean {
  const made = replicaSetOf(snapshot, status?.currentPodHash)?.spec?.template;
  return spec.paused === true || made === undefined || isMadeOf(made, spec.template);
}

/** Somebody has just opened a pause, and the controller has not seen it yet (IsUnpausing, ibid.). */
export function isUnpausing({ status }: Rollout): boolean {
  return status?.controllerPause === true && (status.pauseConditions ?? []).length === 0;
}

export function conditionOf(rollout: Rollout, type: string): Condition | undefined {
  return rollout.status?.conditions?.find((condition) => condition.type === type);
}

export function replicaSetOf({ replicaSets }: Snapshot, hash: string | undefined): ReplicaSet | undefined {
  return hash === undefined || hash === ""
    ? undefined
    : replicaSets.find(({ metadata }) => metadata.labels?.[HASH_LABEL] === hash);
}

export function podsOf({ pods }: Snapshot, hash: string): Pod[] {
  return pods.filter(({ metadata }) => metadata.labels?.[HASH_LABEL] === hash);
}

/** Copies of a version, and of all others. */
export function copiesOf({ replicaSets }: Snapshot, hash: string): { new: Copies; old: Copies } {
  const copies = { new: { wanted: 0, ready: 0 }, old: { wanted: 0, ready: 0 } };
  for (const { metadata, spec, status } of replicaSets) {
    const side = metadata.labels?.[HASH_LABEL] === hash ? copies.new : copies.old;
    side.wanted += spec?.replicas ?? 0;
    side.ready += status?.readyReplicas ?? 0;
  }
  return copies;
}

export function runsOf({ runs }: Snapshot, hash: string): AnalysisRun[] {
  return runs.filter(({ metadata }) => metadata.labels?.[HASH_LABEL] === hash);
}

/** "sha256:…" of an image by digest; an image without one as it is. */
export function digestOf(image: string): string {
  return image.slice(image.lastIndexOf("@") + 1);
}

/** The image of the service's container, which is the first one, in a template. */
export function imageOf(template: PodTemplate | undefined): string {
  return template?.spec?.containers?.[0]?.image ?? "";
}

/** A version by its ReplicaSet; of one that is gone only the hash is known. */
export function versionOf(replicaSet: ReplicaSet | undefined, hash: string): ReleasedVersion {
  const revision = Number(replicaSet?.metadata.annotations?.[REVISION_ANNOTATION] ?? 0);
  const image = imageOf(replicaSet?.spec?.template);
  return { revision, digest: image === "" ? `pods ${hash}` : digestOf(image) };
}

/** Share of the traffic that a version has, in percent, from 0 to 100. */
export function weightOf(snapshot: Snapshot, rollout: Rollout, hash: string): number {
  const { spec, status } = rollout;
  if (spec.strategy.blueGreen !== undefined) return status?.blueGreen?.activeSelector === hash ? 100 : 0;
  const routing = spec.strategy.canary?.trafficRouting;
  if (routing !== undefined) {
    if (status?.stableRS === hash) return 100;
    return (100 * (status?.canary?.weights?.canary.weight ?? 0)) / (routing.maxTrafficWeight ?? 100);
  }
  const available = (set: ReplicaSet | undefined) => set?.status?.availableReplicas ?? 0;
  const all = snapshot.replicaSets.reduce((sum, set) => sum + available(set), 0);
  return all === 0 ? 0 : Math.round((1000 * available(replicaSetOf(snapshot, hash))) / all) / 10;
}

/** Whether a version that was taken back has lost all traffic, and the one before serves it. */
export function isBack(snapshot: Snapshot, rollout: Rollout, hash: string): boolean {
  const { status, spec } = rollout;
  if (status?.stableRS === undefined || status.stableRS === "") return true;
  if (spec.strategy.blueGreen !== undefined || spec.strategy.canary?.trafficRouting !== undefined) {
    return weightOf(snapshot, rollout, hash) === 0;
  }
  const stable = replicaSetOf(snapshot, status.stableRS)?.status?.availableReplicas ?? 0;
  const fresh = replicaSetOf(snapshot, hash)?.status?.replicas ?? 0;
  return fresh === 0 && stable >= (spec.replicas ?? 1);
}

/**
 * When the release of a version began: since then the Rollout is not complete, and its ReplicaSet was made not long
 * after, unless it is an earlier version's that is used again.
 */
export function beganAt(rollout: Rollout, replicaSet: ReplicaSet | undefined): number | undefined {
  const completed = conditionOf(rollout, "Completed");
  const since = completed?.status === "False" ? secondsOf(completed.lastTransitionTime) : undefined;
  return since ?? secondsOf(replicaSet?.metadata.creationTimestamp);
}

/** When the steps with these numbers, counted from 1, were completed, as far as events still tell. */
export function completedSteps(snapshot: Snapshot, since: number): Map<number, number> {
  const found = new Map<number, number>();
  for (const { reason, message = "", lastTimestamp, eventTime, firstTimestamp } of snapshot.events) {
    // Message of RolloutStepCompleted: "Rollout step 2/7 completed (pause: 300s)" (utils/conditions of Argo).
    const number = reason === "RolloutStepCompleted" ? /step (\d+)\/\d+ completed/.exec(message)?.[1] : undefined;
    const at = secondsOf(lastTimestamp ?? eventTime ?? firstTimestamp);
    // Event times are whole seconds.
    if (number !== undefined && at !== undefined && at >= Math.floor(since)) found.set(Number(number), at);
  }
  return found;
}

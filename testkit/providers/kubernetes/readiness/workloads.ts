import { at, type KubernetesObject, number, record, text } from "../object";
import { reasonsOf } from "./pods";
import {
  condition,
  failed,
  isObserved,
  READY,
  type ReadinessRule,
  type Surroundings,
  selectorText,
  waiting,
} from "./readiness";

const REVISION = "deployment.kubernetes.io/revision";

interface Counts {
  desired: number;
  updated: number;
  total: number;
  available: number;
}

function progress(available: number, desired: number): string {
  return `${available} of ${desired} pods available`;
}

export const deployment: ReadinessRule = {
  onRead: true,
  check(object) {
    if (!isObserved(object)) return waiting("waiting for the controller to see the change");
    if (at(object, "spec", "paused") === true) return READY;
    const progressing = condition(object, "Progressing");
    if (progressing?.status === "False" && progressing.reason === "ProgressDeadlineExceeded") {
      return failed(
        `it made no progress within its deadline of ${number(at(object, "spec", "progressDeadlineSeconds"))} s`,
      );
    }
    const { desired, updated, total, available } = countsOf(object);
    if (updated < desired) return waiting(`${updated} of ${desired} new pods made, ${progress(available, desired)}`);
    if (total > updated) return waiting(`all ${desired} new pods made, ${total - updated} old ones are still there`);
    if (available < updated) return waiting(progress(available, desired));
    return READY;
  },
  async explain(object, around) {
    const refused = condition(object, "ReplicaFailure");
    const newest = await newestReplicaSet(object, around);
    const pods = newest === undefined ? [] : await podsOf(newest, around);
    return [
      ...(refused?.status === "True" ? [`no pod can be made: ${refused.message}`] : []),
      ...(await reasonsOf(pods, around)),
    ];
  },
};

function countsOf(object: KubernetesObject): Counts {
  const status = record(object.status);
  return {
    desired: number(at(object, "spec", "replicas") ?? 1),
    updated: number(status.updatedReplicas),
    total: number(status.replicas),
    available: number(status.availableReplicas),
  };
}

async function newestReplicaSet(object: KubernetesObject, around: Surroundings): Promise<KubernetesObject | undefined> {
  const labelSelector = selectorText(at(object, "spec", "selector", "matchLabels") as Record<string, string>);
  const sets = await around.list("apps/v1", "ReplicaSet", object.metadata.namespace, { labelSelector });
  const revision = object.metadata.annotations?.[REVISION];
  return sets.find((set) => isOwned(set, object) && set.metadata.annotations?.[REVISION] === revision);
}

/** Pods of a workload, without those that others made under the same labels. */
async function podsOf(owner: KubernetesObject, around: Surroundings): Promise<KubernetesObject[]> {
  const labelSelector = selectorText(at(owner, "spec", "selector", "matchLabels") as Record<string, string>);
  const pods = await around.list("v1", "Pod", owner.metadata.namespace, { labelSelector });
  return pods.filter((pod) => isOwned(pod, owner));
}

function isOwned(object: KubernetesObject, owner: KubernetesObject): boolean {
  return (object.metadata.ownerReferences ?? []).some(({ uid }) => uid === owner.metadata.uid);
}

export const statefulSet: ReadinessRule = {
  onRead: true,
  check(object) {
    if (!isObserved(object)) return waiting("waiting for the controller to see the change");
    const status = record(object.status);
    const desired = number(at(object, "spec", "replicas") ?? 1);
    const ready = number(status.readyReplicas);
    if (ready < desired) return waiting(`${ready} of ${desired} pods ready`);
    if (number(status.replicas) > desired) return waiting(`${number(status.replicas) - desired} pods too many`);
    if (text(at(object, "spec", "updateStrategy", "type")) === "OnDelete") return READY;
    const partition = number(at(object, "spec", "updateStrategy", "rollingUpdate", "partition"));
    const updated = number(status.updatedReplicas);
    if (status.currentRevision !== status.updateRevision && updated < desired - partition) {
      return waiting(`${updated} of ${desired - partition} pods updated`);
    }
    return READY;
  },
  async explain(object, around) {
    return reasonsOf(await podsOf(object, around), around);
  },
};

export const daemonSet: ReadinessRule = {
  onRead: true,
  check(object) {
    if (!isObserved(object)) return waiting("waiting for the controller to see the change");
    const status = record(object.status);
    const desired = number(status.desiredNumberScheduled);
    const updated = number(status.updatedNumberScheduled);
    const available = number(status.numberAvailable);
    if (updated < desired) return waiting(`${updated} of ${desired} pods updated`);
    return available < desired ? waiting(progress(available, desired)) : READY;
  },
  async explain(object, around) {
    return reasonsOf(await podsOf(object, around), around);
  },
};

export const replicationController: ReadinessRule = {
  check(object) {
    const { desired, available } = countsOf(object);
    return available < desired ? waiting(progress(available, desired)) : READY;
  },
};

export const job: ReadinessRule = {
  onRead: true,
  check(object) {
    if (condition(object, "Complete")?.status === "True" || at(object, "spec", "suspend") === true) return READY;
    const over = condition(object, "Failed");
    if (over?.status === "True") return failed(`it failed: ${over.reason}: ${over.message}`);
    const { active, succeeded, failed: lost } = record(object.status);
    return waiting(`${number(active)} pods active, ${number(succeeded)} succeeded, ${number(lost)} failed`);
  },
  async explain(object, around) {
    return reasonsOf(await podsOf(object, around), around);
  },
};

import { at, number, record, text } from "../object";
import { condition, failed, isTrue, READY, type ReadinessRule, waiting } from "./readiness";

export const persistentVolumeClaim: ReadinessRule = {
  async check(object, around, isNew) {
    const phase = at(object, "status", "phase");
    if (phase === "Bound") return READY;
    if (phase === "Lost") return failed("its volume is lost");
    const name = text(at(object, "spec", "storageClassName"));
    const storageClass =
      name === "" ? undefined : await around.get("storage.k8s.io/v1", "StorageClass", undefined, name);
    // Such a claim is bound when the first pod that uses it is scheduled.
    if (storageClass?.volumeBindingMode === "WaitForFirstConsumer" && phase === "Pending") return READY;
    return waiting(isNew ? "waiting for a volume" : "waiting for its volume");
  },
};

export const persistentVolume: ReadinessRule = {
  check(object) {
    const phase = text(at(object, "status", "phase"));
    return ["Available", "Bound"].includes(phase) ? READY : waiting("waiting for the volume to be available");
  },
};

export const namespace: ReadinessRule = {
  check(object) {
    return at(object, "status", "phase") === "Active" ? READY : waiting("waiting for the namespace to be active");
  },
};

export const customResourceDefinition: ReadinessRule = {
  check(object) {
    const names = condition(object, "NamesAccepted");
    if (names?.status === "False") return failed(`its names are refused: ${names.message}`);
    return isTrue(object, "Established") ? READY : waiting("waiting for the kind to be served");
  },
};

export const resourceQuota: ReadinessRule = {
  check(object) {
    const [wanted, taken] = [record(at(object, "spec", "hard")), record(at(object, "status", "hard"))];
    const same = Object.keys(wanted).every((key) => taken[key] === wanted[key]);
    return same ? READY : waiting("waiting for the quota to be in force");
  },
};

/** The token of a service account is filled in by a controller. */
export const secret: ReadinessRule = {
  check(object) {
    if (object.type !== "kubernetes.io/service-account-token") return READY;
    return Object.keys(record(object.data)).length > 0 ? READY : waiting("waiting for the token");
  },
};

/** A deletion ends when the object is gone; this says what holds it. */
export function deletionText(object: Record<string, unknown>): string {
  const finalizers = at(object, "metadata", "finalizers");
  const remaining = Array.isArray(finalizers) ? finalizers.map(String) : [];
  const grace = number(at(object, "metadata", "deletionGracePeriodSeconds"));
  if (remaining.length > 0) return `its finalizers hold it: ${remaining.join(", ")}`;
  return grace > 0 ? `it has ${grace} s to stop` : "waiting for it to be gone";
}

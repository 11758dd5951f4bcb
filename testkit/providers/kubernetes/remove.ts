import type { DeleteCall } from "../shared/provider";
import { ApiError } from "./api";
import { annotation, annotations, isDefinition, type KubernetesObject, text } from "./object";
import { liveOf } from "./outputs";
import { duration, sleep } from "./readiness/await";
import { deletionText } from "./readiness/others";
import { isPatch } from "./type-token";
import { relinquish, type Session, timeoutMillis } from "./write";

const FIRST_PAUSE_MILLIS = 100;
const LONGEST_PAUSE_MILLIS = 2000;
/** Kinds whose deletion the annotation skipAwait does not wait for; the official plugin's list. */
const SKIPPABLE = ["DaemonSet", "Deployment", "Job", "Namespace", "Pod", "ReplicationController", "StatefulSet"];

/** Deletes the object and waits until it is gone; finalizers do their work. */
export async function removeObject(call: DeleteCall, { cluster, signal }: Session): Promise<void> {
  const recorded = liveOf(call.outputs);
  const { apiVersion, kind, metadata } = recorded;
  const mapping = await cluster.discovery.find(apiVersion, kind);
  // A kind that is gone has taken its objects with it.
  if (mapping === undefined) return;
  const { namespace, name } = metadata;
  if (isPatch(call.type, call.inputs)) {
    await release(call, { cluster, mapping, recorded });
    return;
  }
  await cluster.delete(mapping, namespace, name, propagationPolicy(call));
  if (isDefinition(recorded)) cluster.discovery.forget();
  if (annotation(call.inputs, annotations.skipAwait) === "true" && SKIPPABLE.includes(kind)) return;
  const limit = timeoutMillis(call.inputs, call.timeoutSeconds);
  const deadline = Date.now() + limit;
  let [pause, shown] = [FIRST_PAUSE_MILLIS, ""];
  for (;;) {
    const object = await cluster.read(mapping, namespace, name);
    // A controller may have made it anew, under the same name.
    if (object === undefined || object.metadata.uid !== (metadata.uid ?? object.metadata.uid)) return;
    const message = deletionText(object);
    if (Date.now() >= deadline) {
      throw new Error(
        `still there ${duration(limit)} after its deletion: ${message}. What set a finalizer has to remove it`,
      );
    }
    if (signal.aborted) throw new Error(`cancelled while it is deleted: ${message}`);
    if (message !== shown) call.log?.("info", message, true);
    shown = message;
    await sleep(Math.min(pause, deadline - Date.now()), signal);
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MILLIS);
  }
}

function propagationPolicy(call: DeleteCall): string {
  const wanted = (annotation(call.inputs, annotations.deletionPropagationPolicy) ?? "").toLowerCase();
  return { orphan: "Orphan", background: "Background" }[wanted] ?? "Foreground";
}

/** Deleting a Patch resource gives its fields up. */
async function release(
  call: DeleteCall,
  {
    cluster,
    mapping,
    recorded,
  }: { cluster: Session["cluster"]; mapping: Parameters<typeof relinquish>[1]; recorded: KubernetesObject },
): Promise<void> {
  const { namespace, name } = recorded.metadata;
  if ((await cluster.read(mapping, namespace, name)) === undefined) return;
  try {
    await relinquish(cluster, mapping, recorded, text(call.outputs.__fieldManager));
  } catch (error) {
    const required =
      error instanceof ApiError ? error.causes.find(({ reason }) => reason === "FieldValueRequired") : undefined;
    if (required === undefined) throw error;
    throw new Error(
      `it sets the required field ${required.field} alone, so it cannot be taken away. Set retainOnDelete, or let another manager set the field`,
    );
  }
}

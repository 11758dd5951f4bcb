import type { Resource } from "../core/resource";
import { tokenOf } from "../model/kubernetes";

type Json = Record<string, unknown>;

const inTemplate = (template: Json): Json => ({ spec: { template } });

/** The nine kinds that run pods, each with what it makes of a pod's metadata and spec. */
export const KINDS: Readonly<Record<string, { apiVersion: string; wrap: (template: Json) => Json }>> = {
  Pod: { apiVersion: "v1", wrap: (template) => template },
  ReplicationController: { apiVersion: "v1", wrap: inTemplate },
  Deployment: { apiVersion: "apps/v1", wrap: inTemplate },
  StatefulSet: { apiVersion: "apps/v1", wrap: inTemplate },
  DaemonSet: { apiVersion: "apps/v1", wrap: inTemplate },
  ReplicaSet: { apiVersion: "apps/v1", wrap: inTemplate },
  Job: { apiVersion: "batch/v1", wrap: inTemplate },
  CronJob: { apiVersion: "batch/v1", wrap: (template) => ({ spec: { jobTemplate: inTemplate(template) } }) },
  Rollout: { apiVersion: "argoproj.io/v1alpha1", wrap: inTemplate },
};

/** A pod as an object of another kind would run it. */
export function lift(pod: Resource, kind: string): Resource {
  const found = KINDS[kind];
  if (found === undefined) throw new Error(`no kind ${kind}`);
  return {
    ...pod,
    type: tokenOf(found.apiVersion, kind),
    properties: found.wrap(pod.properties as Json),
  };
}

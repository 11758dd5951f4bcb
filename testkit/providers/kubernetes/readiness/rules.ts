import { ingress, service } from "./network";
import {
  customResourceDefinition,
  namespace,
  persistentVolume,
  persistentVolumeClaim,
  resourceQuota,
  secret,
} from "./others";
import { pod } from "./pods";
import type { ReadinessRule } from "./readiness";
import { daemonSet, deployment, job, replicationController, statefulSet } from "./workloads";

const rules: Record<string, ReadinessRule> = {
  "apps/v1/Deployment": deployment,
  "apps/v1/StatefulSet": statefulSet,
  "apps/v1/DaemonSet": daemonSet,
  "batch/v1/Job": job,
  "networking.k8s.io/v1/Ingress": ingress,
  "apiextensions.k8s.io/v1/CustomResourceDefinition": customResourceDefinition,
  "v1/Namespace": namespace,
  "v1/PersistentVolume": persistentVolume,
  "v1/PersistentVolumeClaim": persistentVolumeClaim,
  "v1/Pod": pod,
  "v1/ReplicationController": replicationController,
  "v1/ResourceQuota": resourceQuota,
  "v1/Secret": secret,
  "v1/Service": service,
};

/** The rule of a kind; objects of other kinds are ready when the API server has them. */
export function ruleOf(apiVersion: string, kind: string): ReadinessRule | undefined {
  return rules[`${apiVersion}/${kind}`];
}

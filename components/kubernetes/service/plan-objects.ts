import type { meta } from "@pulumi/kubernetes/types/input";
import type { Input } from "@pulumi/pulumi";
import { objectLabels } from "./plan-names";
import type { KnownLater, KubernetesServicePlan } from "./plan-types";

/** What an object is in a service: its key among the transforms, and the end of its name in the program. */
export const Role = {
  serviceAccount: "serviceAccount",
  service: "service",
  canary: "canary",
  preview: "preview",
  headless: "headless",
  metrics: "metrics",
  weights: "weights",
  route: "route",
  networkPolicy: "networkPolicy",
  hooksNetworkPolicy: "hooksNetworkPolicy",
  disruptionBudget: "disruptionBudget",
  workload: "workload",
  autoscaler: "autoscaler",
  monitor: "monitor",
} as const;
export type Role = (typeof Role)[keyof typeof Role];

/** One object of a service: its fields, and those that its controller owns after it was made. */
export interface ServiceObject {
  role: Role;
  apiVersion: string;
  kind: string;
  metadata: meta.v1.ObjectMeta;
  /** The rest, such as `spec`. */
  // biome-ignore lint/suspicious/noExplicitAny: objects of every kind, each typed where it is made.
  rest: Record<string, any>;
  /** Paths of fields that others own once it is there. */
  ignoreChanges?: string[];
}

/**
 * Not to be waited for: a Service has no pods before the workload that comes after it, and a Rollout is followed by the
 * release.
 */
export const SKIP_AWAIT = { "pulumi.com/skipAwait": "true" } as const;

/** Metadata of an object of a service. */
export function metadataOf(
  plan: KubernetesServicePlan,
  known: KnownLater,
  name: string = plan.name,
  annotations: Record<string, Input<string>> = {},
): meta.v1.ObjectMeta {
  return {
    name,
    namespace: known.namespace,
    labels: objectLabels(plan),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}

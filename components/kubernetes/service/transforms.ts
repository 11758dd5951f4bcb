import type { CustomResourceArgs } from "@pulumi/kubernetes/apiextensions";
import type { DaemonSetArgs, DeploymentArgs, StatefulSetArgs } from "@pulumi/kubernetes/apps/v1";
import type { HorizontalPodAutoscalerArgs } from "@pulumi/kubernetes/autoscaling/v2";
import type { ConfigMapArgs, SecretArgs, ServiceAccountArgs, ServiceArgs } from "@pulumi/kubernetes/core/v1";
import type { IngressArgs, NetworkPolicyArgs } from "@pulumi/kubernetes/networking/v1";
import type { PodDisruptionBudgetArgs } from "@pulumi/kubernetes/policy/v1";

/** A last edit of an object's arguments. */
export type Transform<Args> = (args: Args) => Args;

/** Last edits of a service's objects, each by what it is. The selector of a workload must stay as it is. */
export interface KubernetesServiceTransforms {
  rollout?: Transform<CustomResourceArgs>;
  deployment?: Transform<DeploymentArgs>;
  statefulSet?: Transform<StatefulSetArgs>;
  daemonSet?: Transform<DaemonSetArgs>;
  serviceAccount?: Transform<ServiceAccountArgs>;
  /** The Service with the service's own name; the others by their ends. */
  service?: Transform<ServiceArgs>;
  canary?: Transform<ServiceArgs>;
  preview?: Transform<ServiceArgs>;
  headless?: Transform<ServiceArgs>;
  metrics?: Transform<ServiceArgs>;
  /** IngressRoute, HTTPRoute or VirtualService. */
  route?: Transform<CustomResourceArgs>;
  ingress?: Transform<IngressArgs>;
  /** The TraefikService with the weights. */
  weights?: Transform<CustomResourceArgs>;
  networkPolicy?: Transform<NetworkPolicyArgs>;
  hooksNetworkPolicy?: Transform<NetworkPolicyArgs>;
  disruptionBudget?: Transform<PodDisruptionBudgetArgs>;
  autoscaler?: Transform<HorizontalPodAutoscalerArgs>;
  /** PodMonitor or ServiceMonitor. */
  monitor?: Transform<CustomResourceArgs>;
  /** Each AnalysisTemplate. */
  template?: Transform<CustomResourceArgs>;
  config?: Transform<ConfigMapArgs>;
  secret?: Transform<SecretArgs>;
}

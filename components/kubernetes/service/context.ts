import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesServicePlan } from "./plan-types";
import type { KubernetesServiceTransforms } from "./transforms";

/** What the children of one service have in common. */
export interface Context {
  component: pulumi.ComponentResource;
  plan: KubernetesServicePlan;
  namespace: pulumi.Output<string>;
  options: pulumi.CustomResourceOptions;
  transform: KubernetesServiceTransforms;
}

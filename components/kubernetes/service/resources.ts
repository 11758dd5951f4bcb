import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { DaemonSet, Deployment, StatefulSet } from "@pulumi/kubernetes/apps/v1";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2";
import { Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { Ingress, NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";
import { withoutStacks } from "../../delegate/short-stacks";
import { Role, type ServiceObject } from "./plan-objects";
import type { KubernetesServiceTransforms, Transform } from "./transforms";

type Constructor = new (name: string, args: object, opts: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** Kinds that Pulumi knows; all others are custom resources. */
const CLASSES = {
  DaemonSet,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
  ServiceAccount,
  StatefulSet,
} as unknown as Record<string, Constructor>;

/** Kinds whose edit goes by the kind, since a role has one of several with arguments of their own. */
const BY_KIND: Record<string, keyof KubernetesServiceTransforms> = {
  Rollout: "rollout",
  Deployment: "deployment",
  StatefulSet: "statefulSet",
  DaemonSet: "daemonSet",
  Ingress: "ingress",
};

/** Declares an object of a service. The workload has the service's name, the others end with what they are. */
export function declare(
  name: string,
  object: ServiceObject,
  transforms: KubernetesServiceTransforms,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const { role, apiVersion, kind, metadata, rest, ignoreChanges = [] } = object;
  const known = CLASSES[kind];
  const args = { ...(known === undefined && { apiVersion, kind }), metadata, ...rest };
  const key = BY_KIND[kind] ?? role;
  const edit = (transforms as Record<string, Transform<object> | undefined>)[key];
  const edited = edit?.(args) ?? args;
  if (role === Role.workload) explainSelector(name, kind, key, args, edited, opts.parent);
  const options = { ...opts, ...(ignoreChanges.length > 0 && { ignoreChanges }) };
  const Class = known ?? (CustomResource as unknown as Constructor);
  return withoutStacks(() => new Class(childName(name, role), edited, options));
}

/** "shop", "shop-network-policy" */
function childName(name: string, role: Role): string {
  return role === Role.workload ? name : `${name}-${role.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Kubernetes never changes a selector in place. Who changes it by a transform should know what follows. */
function explainSelector(
  name: string,
  kind: string,
  key: string,
  before: object,
  after: object,
  parent: pulumi.Resource | undefined,
): void {
  const selector = (args: object) => JSON.stringify((args as { spec?: { selector?: unknown } }).spec?.selector);
  if (selector(before) === selector(after)) return;
  pulumi.log.warn(
    `KubernetesService "${name}": transform.${key} changes spec.selector. Kubernetes never changes the selector of a ` +
      `${kind}: one that is there is deleted with all its pods and made again, and until the new pods are ready ` +
      "nothing answers. Leave the selector as it is, or make the service anew under another name.",
    parent,
  );
}

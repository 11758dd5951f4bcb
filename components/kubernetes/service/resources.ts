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

/** An object after its last edit. */
export function edited(
  name: string,
  object: ServiceObject,
  transforms: KubernetesServiceTransforms,
  parent: pulumi.Resource | undefined,
): ServiceObject {
  const key = BY_KIND[object.kind] ?? object.role;
  const edit = (transforms as Record<string, Transform<object> | undefined>)[key];
  if (edit === undefined) return object;
  const before = argsOf(object);
  const after = edit(before);
  if (object.role === Role.workload) explainSelector(name, object.kind, key, before, after, parent);
  const { apiVersion = object.apiVersion, kind = object.kind, metadata, ...rest } = after as ReturnType<typeof argsOf>;
  return { ...object, apiVersion, kind, metadata, rest };
}

/** A custom resource says what it is among its arguments. */
const argsOf = ({ apiVersion, kind, metadata, rest }: ServiceObject) => ({
  ...(CLASSES[kind] === undefined && { apiVersion, kind }),
  metadata,
  ...rest,
});

/** Declares an object of a service. The workload has the service's name, the others end with what they are. */
export function declare(
  name: string,
  object: ServiceObject,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const { role, kind, ignoreChanges = [] } = object;
  const options = { ...opts, ...(ignoreChanges.length > 0 && { ignoreChanges }) };
  const Class = CLASSES[kind] ?? (CustomResource as unknown as Constructor);
  return withoutStacks(() => new Class(childName(name, role), argsOf(object), options));
}

/** A field of a spec, which an edit may have made an Output as a whole. */
// biome-ignore lint/suspicious/noExplicitAny: specs of every kind, each typed where it is made.
export function specField(args: { spec?: any }, field: string): pulumi.Output<any> {
  // A field of an Output is known when others are not.
  return pulumi.output((args.spec instanceof Promise ? pulumi.output(args.spec) : args.spec)?.[field]);
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
  const selector = (args: object) => specField(args, "selector").apply((found) => JSON.stringify(found));
  pulumi.all([selector(before), selector(after)]).apply(([usual, other]) => {
    if (usual === other) return;
    pulumi.log.warn(
      `KubernetesService "${name}": transform.${key} changes spec.selector. Kubernetes never changes the selector of a ` +
        `${kind}: one that is there is deleted with all its pods and made again, and until the new pods are ready ` +
        "nothing answers. Leave the selector as it is, or make the service anew under another name.",
      parent,
    );
  });
}

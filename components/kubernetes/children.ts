import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Classes of the objects that components make from plans, by their kind. */
const classes = {
  Namespace: k8s.core.v1.Namespace,
  ServiceAccount: k8s.core.v1.ServiceAccount,
  ConfigMap: k8s.core.v1.ConfigMap,
  Secret: k8s.core.v1.Secret,
  Service: k8s.core.v1.Service,
  ResourceQuota: k8s.core.v1.ResourceQuota,
  LimitRange: k8s.core.v1.LimitRange,
  Deployment: k8s.apps.v1.Deployment,
  StatefulSet: k8s.apps.v1.StatefulSet,
  Job: k8s.batch.v1.Job,
  CronJob: k8s.batch.v1.CronJob,
  PodDisruptionBudget: k8s.policy.v1.PodDisruptionBudget,
  NetworkPolicy: k8s.networking.v1.NetworkPolicy,
  IngressClass: k8s.networking.v1.IngressClass,
  Role: k8s.rbac.v1.Role,
  RoleBinding: k8s.rbac.v1.RoleBinding,
  ClusterRole: k8s.rbac.v1.ClusterRole,
  ClusterRoleBinding: k8s.rbac.v1.ClusterRoleBinding,
};

/** A kind of object. */
export type Kind = keyof typeof classes;

/** Arguments of a kind of object. */
export type ArgsOf<K extends Kind> = NonNullable<ConstructorParameters<(typeof classes)[K]>[1]>;

/** One object of a component, as its plan has it. */
export type Child = {
  [K in Kind]: {
    kind: K;
    /** Its part in the component, by which it is named: "argo-account". Empty: it is the main one. */
    role: string;
    args: ArgsOf<K>;
    /** Roles of what must be there before. */
    after?: string[];
  };
}[Kind];

/** The children with more labels; those that they have stay. Pods, which their workloads make, get none. */
export function withLabels(children: readonly Child[], labels: Record<string, string>): Child[] {
  return children.map((child) => {
    // Plans write metadata in full.
    const { metadata } = child.args as { metadata: { labels?: Record<string, string> } };
    const args = { ...child.args, metadata: { ...metadata, labels: { ...labels, ...metadata.labels } } };
    return { ...child, args } as Child;
  });
}

/** Last edits of children, by their role. */
export type Edits = Partial<Record<string, (args: never) => object>>;

/** Makes a component's objects in the order of the list, each after those it names. Returns them by role. */
export function createChildren(
  name: string,
  children: readonly Child[],
  options: pulumi.CustomResourceOptions & { dependsOn?: pulumi.Resource[] },
  edits: Edits = {},
  before: Record<string, pulumi.Resource[]> = {},
): Record<string, pulumi.CustomResource> {
  const made: Record<string, pulumi.CustomResource> = {};
  for (const { kind, role, args, after = [] } of children) {
    // One constructor for all kinds: the list's type has matched the arguments to the kind.
    const construct = classes[kind] as new (name: string, args: object, options: object) => pulumi.CustomResource;
    const others = after.flatMap((other) => made[other] ?? before[other] ?? []);
    const dependsOn = [...(options.dependsOn ?? []), ...others];
    made[role] = new construct(role === "" ? name : `${name}-${role}`, edits[role]?.(args as never) ?? args, {
      ...options,
      dependsOn,
    });
  }
  return made;
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Child, createChildren, withLabels } from "./children";
import { type ClusterHandle, clusterOf, isStrange, providerFor, readyOf, rememberOrigin } from "./cluster/handle";
import { KubernetesPreflight } from "./cluster/preflight-resource";
import { sealed } from "./cluster/seal";
import { podSecurityLabels } from "./namespace/objects";
import { argoObjects } from "./platform/argo";
import type { KubernetesPlatformArgs } from "./platform/args";
import { platformLabels } from "./platform/common";
import { createCrds } from "./platform/crd-children";
import { type ArgoPlan, type PlatformPlan, planPlatform } from "./platform/plan";
import { platformPolicies } from "./platform/policies";
import { PROMETHEUS_PORT, prometheusObjects } from "./platform/prometheus";
import { traefikObjects } from "./platform/traefik";

/** Options of a KubernetesPlatform. */
export interface KubernetesPlatformOptions extends pulumi.ComponentResourceOptions {
  /** TypeScript only: last edit of a workload's arguments. */
  transform?: {
    argo?: (args: k8s.apps.v1.DeploymentArgs) => k8s.apps.v1.DeploymentArgs;
    traefik?: (args: k8s.apps.v1.DeploymentArgs) => k8s.apps.v1.DeploymentArgs;
    prometheus?: (args: k8s.apps.v1.StatefulSetArgs) => k8s.apps.v1.StatefulSetArgs;
  };
}

/**
 * What a cluster needs once before services are released on it: Argo Rollouts, the router Traefik and Prometheus, each
 * installed here or known to be there. All pods keep to the Pod Security Standard "restricted".
 * Throws ArgumentError when an argument is wrong; a preview fails when the API server cannot be reached, or when
 * something is missing that is not to be installed.
 */
export class KubernetesPlatform extends pulumi.ComponentResource {
  /** The cluster with its Prometheus: what a KubernetesService needs to know. Its kubeconfig is a secret. */
  public readonly handle: pulumi.Output<ClusterHandle>;
  /** Namespace of the platform's own pods. */
  public readonly namespace: pulumi.Output<string>;
  /** Where Traefik is reached from outside: the host name or address of its load balancer; empty without one. */
  public readonly routerAddress: pulumi.Output<string>;

  constructor(name: string, args: KubernetesPlatformArgs = {}, opts: KubernetesPlatformOptions = {}) {
    const { transform, ...componentOptions } = opts;
    const plan = planPlatform(name, args);
    super("headgate:index:KubernetesPlatform", name, sealed(args), componentOptions);
    const provider = providerFor(this, name, args.cluster);
    const options = { parent: this, dependsOn: readyOf(args.cluster), ...(provider !== undefined && { provider }) };
    const cluster = clusterOf(args.cluster);

    const preflight = createPreflight(name, plan, args.cluster, options);
    const crds = (path: string, piece: Pick<ArgoPlan, "crds" | "keepCrds"> | undefined) =>
      piece === undefined
        ? []
        : createCrds(name, path, piece.crds, { ...options, dependsOn: preflight, retainOnDelete: piece.keepCrds });
    const before = {
      preflight,
      "argo-crds": crds("argoRollouts.crds", plan.argo),
      "traefik-crds": crds("traefik.crds", plan.traefik),
    };
    const made = createChildren(name, platformObjects(plan), options, transform, before);

    const address =
      plan.prometheus === undefined
        ? args.prometheus?.address
        : `http://prometheus.${plan.namespace}.svc:${PROMETHEUS_PORT}`;
    const handle = {
      kubeconfig: cluster.kubeconfig,
      context: cluster.context,
      prometheus: address ?? cluster.prometheus,
      scrapeSeconds: plan.scrapeSeconds,
    };
    this.handle = pulumi.output(handle);
    // Whoever gets the handle waits for the controllers, and on destroy they wait for it.
    const workloads = ["argo", "traefik", "prometheus"].flatMap((role) => made[role] ?? []);
    const ready = workloads.length > 0 ? workloads : preflight;
    rememberOrigin(this.handle, provider, ready, isStrange(this, args.cluster));
    this.namespace = pulumi.output(plan.namespace);
    this.routerAddress = routerAddress(made["traefik-service"] as k8s.core.v1.Service | undefined);
    // Field by field, so that only the kubeconfig is recorded as a secret.
    this.registerOutputs({ handle, namespace: this.namespace, routerAddress: this.routerAddress });
  }
}

/**
 * What says in a preview that something is missing. A provider that is configured elsewhere can only be asked through
 * resources of its own.
 */
function createPreflight(
  name: string,
  { neededCrds }: PlatformPlan,
  handle: pulumi.Input<ClusterHandle> | undefined,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  if (handle === undefined) {
    return neededCrds.map(({ crd }) =>
      k8s.apiextensions.v1.CustomResourceDefinition.get(`${name}-needs-${crd}`, crd, options),
    );
  }
  const { kubeconfig, context } = clusterOf(handle);
  const inputs = { component: "KubernetesPlatform", name, kubeconfig, context, neededCrds };
  const { provider: _provider, ...others } = options;
  return [new KubernetesPreflight(`${name}-preflight`, inputs, others)];
}

/** What is in the namespace is a part of the cluster: policies for services that are released do not ask it for that. */
const PLATFORM_LABEL = { "headgate.dev/platform": "true" };

/** All objects of a platform but the CRDs, each after its namespace. */
function platformObjects(plan: PlatformPlan): Child[] {
  const labels = { ...platformLabels("platform"), ...podSecurityLabels(), ...PLATFORM_LABEL };
  const namespace: Child = {
    kind: "Namespace",
    role: "namespace",
    args: { metadata: { name: plan.namespace, labels } },
  };
  const pieces = [
    ...platformPolicies(plan),
    ...(plan.argo === undefined ? [] : argoObjects(plan.argo, plan)),
    ...(plan.traefik === undefined ? [] : traefikObjects(plan.traefik, plan)),
    ...(plan.prometheus === undefined ? [] : prometheusObjects(plan.prometheus, plan)),
  ];
  const all = [...(plan.makesNamespace ? [namespace] : []), ...pieces];
  return withLabels(all, plan.labels).map((child) => ({
    ...child,
    after: [...(child.after ?? []), child.role === "namespace" ? "preflight" : "namespace", "preflight"],
  }));
}

function routerAddress(service: k8s.core.v1.Service | undefined): pulumi.Output<string> {
  if (service === undefined) return pulumi.output("");
  return service.status.apply((status) => {
    const [entry] = status?.loadBalancer?.ingress ?? [];
    return entry?.hostname ?? entry?.ip ?? "";
  });
}

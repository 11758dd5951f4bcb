import { existsSync, readFileSync } from "node:fs";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { DEFAULT_SCRAPE_SECONDS } from "./defaults";

/**
 * A cluster as services need to know it. EksCluster, GkeCluster, KubernetesCluster and KubernetesPlatform have it as
 * `.handle`. Every field flows through; none shapes what is made.
 */
export interface ClusterHandle {
  /** kubeconfig as text; empty: KUBECONFIG or ~/.kube/config of whoever runs pulumi. A secret. */
  kubeconfig: pulumi.Input<string>;
  /** Context in it; empty: the current one. */
  context: pulumi.Input<string>;
  /** Address of Prometheus as the cluster sees it: "http://prometheus.headgate.svc:9090"; empty: none. */
  prometheus: pulumi.Input<string>;
  /** Seconds between two scrapes of it. */
  scrapeSeconds: pulumi.Input<number>;
}

/** A handle field by field. */
export interface ClusterFields {
  kubeconfig: pulumi.Output<string>;
  context: pulumi.Output<string>;
  prometheus: pulumi.Output<string>;
  scrapeSeconds: pulumi.Output<number>;
}

/**
 * The fields of a handle. Only the kubeconfig stays a secret: one secret field makes the whole handle one, and then
 * nothing that is made from it could be read in a preview. Without a handle, the cluster of the program's default
 * provider is meant: that of kubernetes:kubeconfig and kubernetes:context, else of the machine's own kubeconfig.
 */
export function clusterOf(handle: pulumi.Input<ClusterHandle> | undefined): ClusterFields {
  if (handle === undefined) {
    const config = new pulumi.Config("kubernetes");
    return {
      kubeconfig: pulumi.secret(config.get("kubeconfig") ?? "").apply(textOf),
      context: pulumi.output(config.get("context") ?? ""),
      prometheus: pulumi.output(""),
      scrapeSeconds: pulumi.output(DEFAULT_SCRAPE_SECONDS),
    };
  }
  const all = pulumi.output(handle);
  return {
    kubeconfig: pulumi.secret(all.kubeconfig),
    context: pulumi.unsecret(all.context),
    prometheus: pulumi.unsecret(all.prometheus),
    scrapeSeconds: pulumi.unsecret(all.scrapeSeconds),
  };
}

/** The provider's own configuration may name a file instead. */
function textOf(kubeconfig: string): string {
  return kubeconfig !== "" && !kubeconfig.includes("\n") && existsSync(kubeconfig)
    ? readFileSync(kubeconfig, "utf8")
    : kubeconfig;
}

/** What is known of the cluster component that gave out a handle. */
interface Origin {
  /** Undefined: the program's default one. */
  provider: k8s.Provider | undefined;
  /** What must be there before anything that is told the handle. */
  ready: pulumi.Resource[];
  /** Whether the provider is one that the program made itself, whose cluster is not known to be the handle's. */
  strange: boolean;
}

const origins = new WeakMap<object, Origin>();

/** Remembers where a handle came from: a component's provider, and what those that get the handle have to wait for. */
export function rememberOrigin(
  handle: object,
  provider: k8s.Provider | undefined,
  ready: pulumi.Resource[] = [],
  strange = false,
): void {
  origins.set(handle, { provider, ready, strange });
}

/** The provider of the cluster component a handle came from; undefined: the program's default one. */
export function providerOf(handle: pulumi.Input<ClusterHandle> | undefined): k8s.Provider | undefined {
  return handle === undefined ? undefined : origins.get(handle)?.provider;
}

/** What must be there before anything on the cluster of a handle, for `dependsOn`: a platform's controllers. */
export function readyOf(handle: pulumi.Input<ClusterHandle> | undefined): pulumi.Resource[] {
  return handle === undefined ? [] : (origins.get(handle)?.ready ?? []);
}

/**
 * Whether a component goes to a cluster by a provider of its options, or of its parent's, whose kubeconfig nobody can
 * read: what a handle tells, or this machine, may be another cluster.
 */
export function isStrange(component: pulumi.Resource, handle: pulumi.Input<ClusterHandle> | undefined): boolean {
  return handle === undefined ? handedTo(component) !== undefined : origins.get(handle)?.strange === true;
}

const handedTo = (component: pulumi.Resource) =>
  component.getProvider("kubernetes:core/v1:Namespace") as k8s.Provider | undefined;

/**
 * The provider for a component on a cluster: that of the cluster component the handle came from, that of its options or
 * the program's default one without a handle, and a new child `${name}-cluster` for a handle from elsewhere, such as
 * another stack's output.
 */
export function providerFor(
  parent: pulumi.ComponentResource,
  name: string,
  handle: pulumi.Input<ClusterHandle> | undefined,
): k8s.Provider | undefined {
  if (handle === undefined) return handedTo(parent);
  if (origins.has(handle)) return providerOf(handle);
  return newProvider(`${name}-cluster`, clusterOf(handle), { parent });
}

/** A provider that applies on the server's side, so that fields of other managers stay as they are. */
export function newProvider(
  name: string,
  { kubeconfig, context }: Pick<ClusterFields, "kubeconfig" | "context">,
  options: pulumi.ResourceOptions,
): k8s.Provider {
  // The plugin takes an empty text for a kubeconfig without clusters.
  const given = (text: pulumi.Output<string>) => text.apply((value) => (value === "" ? undefined : value));
  return new k8s.Provider(
    name,
    { kubeconfig: given(kubeconfig), context: given(context), enableServerSideApply: true },
    options,
  );
}

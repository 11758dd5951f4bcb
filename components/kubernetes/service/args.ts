import type * as pulumi from "@pulumi/pulumi";
import type { Objectives } from "../../model/objectives";
import type { OnBusy } from "../../model/on-busy";
import type { Release } from "../../model/release";
import type { Service } from "../../model/service";
import type { Router } from "../../release/compile/target";
import type { CountersArgs } from "../analysis/counters";
import type { ClusterHandle } from "../cluster/handle";

/** How Prometheus finds the pods of a service that has `metrics`. */
export const Monitor = {
  /** Annotations prometheus.io/scrape, port and path on the pods: what KubernetesPlatform's Prometheus reads. */
  annotations: "annotations",
  /** A PodMonitor of the Prometheus Operator. */
  podMonitor: "pod-monitor",
  /** A ServiceMonitor of the Prometheus Operator, with a Service of its own. */
  serviceMonitor: "service-monitor",
  /** Nothing: Prometheus is told elsewhere. */
  none: "none",
} as const;
export type Monitor = (typeof Monitor)[keyof typeof Monitor];

/** A gateway that exists: of the Gateway API, or of Istio. */
export interface GatewayReference {
  name: string;
  /** Defaults to the service's namespace. */
  namespace?: pulumi.Input<string>;
  /** Listener of the gateway, with the Gateway API. Defaults to all that accept the route. */
  listener?: string;
}

/** Who is on the other end of a connection. Either `cidr`, or pods by `service`, `namespace` or both. */
export interface ServicePeer {
  /** Name of a KubernetesService, or of anything whose pods are labelled app.kubernetes.io/name. Defaults to all pods. */
  service?: string;
  /** Defaults to the service's own namespace. */
  namespace?: pulumi.Input<string>;
  /** Addresses outside the cluster: "10.20.0.0/16". */
  cidr?: string;
  /** Ports of the pods, not of the Service before them; 1 to 65535. Defaults to the service's own port for callers, and to all ports for what it calls. */
  ports?: number[];
}

/** Connections of a service; all others are refused by its NetworkPolicy. */
export interface ServiceConnections {
  /** Who may call it, beside its router. Defaults to everybody, on the service's own port. */
  from?: ServicePeer[];
  /** What it may call, beside DNS. Defaults to what its namespace allows. */
  to?: ServicePeer[];
}

/** Arguments of a KubernetesService. What shapes the objects is plain; values that only flow through may be Inputs. */
export interface KubernetesServiceArgs {
  /** The cluster: `cluster.handle`. Defaults to the program's own provider of Kubernetes. */
  cluster?: pulumi.Input<ClusterHandle>;
  /** Defaults to "default". */
  namespace?: pulumi.Input<string>;
  service: Service;
  /** Image by digest when it is known only while the program runs; takes the place of `service.image`. */
  image?: pulumi.Input<string>;
  /** Defaults to a rolling release. */
  release?: Release;
  /** What the service promises; the analysis goes by it. */
  objectives?: Objectives;
  /** What shifts the traffic of a canary, and brings it in for `hosts`. Defaults to "traefik". */
  router?: Router;
  /** Host names that reach it through the router. Defaults to none: it is reached inside the cluster only. */
  hosts?: string[];
  /** The gateway that takes its requests. Needed with the Gateway API; with Istio it defaults to the mesh alone. */
  gateway?: GatewayReference;
  /** Entry points of Traefik. Defaults to ["web"], and to ["websecure"] with `tlsSecret`. */
  entryPoints?: string[];
  /** Secret of the namespace with a certificate for `hosts`, with Traefik and nginx. Defaults to no TLS there. */
  tlsSecret?: string;
  /** Class of the Ingress with nginx and ALB. Defaults to "nginx" and "alb". */
  ingressClass?: string;
  /** Annotations of the Ingress, such as those of a certificate. Defaults to none. */
  ingressAnnotations?: Record<string, pulumi.Input<string>>;
  /** Namespace of the router's pods, for the NetworkPolicy. Defaults to where the router usually is. */
  routerNamespace?: pulumi.Input<string>;
  /** Environment variables beside the service's own that are known only later. A secret is refused: see `secrets`. */
  env?: Record<string, pulumi.Input<string>>;
  /** Secret files: each is at /run/secrets/NAME in the container. A value takes the place of `service.secrets.NAME`. */
  secrets?: Record<string, pulumi.Input<string>>;
  /**
   * The service's own counters of requests, by which versions are judged. Defaults to the router's, where a canary has
   * one that counts by version: Traefik, nginx and Istio.
   */
  counters?: CountersArgs;
  /** What it speaks with. Defaults to being called on its port by everybody, and to calling what its namespace allows. */
  connections?: ServiceConnections;
  /**
   * Namespace of the pods that read its `metrics`, for the NetworkPolicy. Defaults to that of the cluster's Prometheus
   * where its address is a Service's, else to every namespace.
   */
  scraperNamespace?: pulumi.Input<string>;
  /** How its `metrics` are found. Defaults to "annotations". */
  monitor?: Monitor;
  /**
   * Labels of its objects, such as whose they are and who pays for them: { owner: "shop", "cost-center": "4711" }. Pods
   * have none of them, so that another owner is no new version. Defaults to none.
   */
  labels?: Record<string, string>;
  /** Annotations of its ServiceAccount, such as the cloud role it may take. Defaults to none. */
  serviceAccountAnnotations?: Record<string, pulumi.Input<string>>;
  /** Names of the Secrets with which images are pulled. Defaults to none. */
  imagePullSecrets?: string[];
  /** User and group that run the copies, as numbers. Defaults to "1000:1000"; root is refused. */
  user?: string;
  /** Writable folders with their size: { "/tmp": "64MiB" }. Defaults to /tmp with 64 MiB. */
  scratch?: Record<string, string>;
  /** Class of the volumes that outlive their copy. Defaults to the cluster's own. */
  storageClass?: string;
  /** Raise it to try a version again that was taken back. Defaults to 0. */
  retry?: number;
  /** Defaults to "wait". */
  onBusy?: OnBusy;
}

import type { networking } from "@pulumi/kubernetes/types/input";
import type { Input } from "@pulumi/pulumi";
import type { Diagnostic } from "../../model/diagnostics";
import type { PlainService } from "../../model/normalise-service";
import type { Objectives } from "../../model/objectives";
import type { OnBusy } from "../../model/on-busy";
import type { Freeze } from "../../model/release";
import type { Service } from "../../model/service";
import type { KubernetesRelease } from "../../release/compile/kubernetes";
import type { Router } from "../../release/compile/target";
import type { ReleasePlan } from "../../release/plan";
import type { GatewayReference, KubernetesServiceArgs, Monitor, ServiceConnections } from "./args";
import type { PlannedSecret } from "./plan-secrets";

/** Where the pods' requests come from. */
export interface PlannedRoute {
  router: Router;
  /** Whether an object of the router is made. */
  made: boolean;
  hosts: string[];
  gateway?: GatewayReference;
  entryPoints: string[];
  tlsSecret?: string;
  ingressClass: string;
  ingressAnnotations: Record<string, Input<string>>;
  /** Where the router's pods are; absent when that cannot be said. */
  namespace?: Input<string>;
}

/** A service on Kubernetes with all defaults filled in; plain data, but for what is only known later. */
export interface KubernetesServicePlan {
  name: string;
  service: Service;
  plain: PlainService;
  /** Time between leaving the Services and SIGTERM, in whole seconds. */
  stopDelaySeconds: number;
  user: { id: number; group: number };
  /** Writable folders with their bytes. */
  scratch: [path: string, bytes: number][];
  secrets: PlannedSecret[];
  /** Whether a Secret of its own is made. */
  ownSecret: boolean;
  /** Names of the variables of the configuration, in order. */
  variables: string[];
  files: Record<string, string>;
  route: PlannedRoute;
  monitor: Monitor;
  connections: ServiceConnections;
  counters?: NonNullable<KubernetesServiceArgs["counters"]>;
  /** Labels of its objects beside those that Headgate gives. */
  labels: Record<string, string>;
  serviceAccountAnnotations: Record<string, Input<string>>;
  imagePullSecrets: string[];
  storageClass?: string;
  objectives: Objectives;
  release: KubernetesRelease;
  requested: ReleasePlan;
  freeze: Freeze;
  emergency: string;
  retry: number;
  onBusy: OnBusy;
  diagnostics: Diagnostic[];
  /** Steps of the release that are too short to see anything. */
  warnings: string[];
}

/** What is known only while the program runs. */
export interface KnownLater {
  namespace: Input<string>;
  /** Image by digest. */
  image: Input<string>;
  /** Names of the configuration and of the service's own Secret; not read where the plan has none. */
  config: Input<string>;
  secret: Input<string>;
  /** The gateway as Istio names it: "namespace/name". */
  istioGateway?: Input<string>;
  /** Who reads its metrics; absent: pods of every namespace. */
  scrapers?: Input<networking.v1.NetworkPolicyPeer[]>;
}

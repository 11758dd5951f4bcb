import type * as pulumi from "@pulumi/pulumi";
import type { Router } from "../../release/compile/target";
import type { ClusterHandle } from "../cluster/handle";

/** How a Service of the cluster is reached. */
export const ServiceType = { loadBalancer: "LoadBalancer", nodePort: "NodePort", clusterIp: "ClusterIP" } as const;
export type ServiceType = (typeof ServiceType)[keyof typeof ServiceType];

/** The namespace of the platform. */
export interface PlatformNamespace {
  /** Defaults to "headgate". */
  name?: string;
  /** Whether it is made here. Defaults to true; false for one that is there. */
  install?: boolean;
}

/** CPU and memory of a container: what it is promised, and the most memory it may use. */
export interface ComputeResources {
  /** CPU cores it is promised, as a decimal: "0.1". There is no upper limit, which would only slow it down. */
  cpu?: string;
  /** Memory with its unit, promised and not to be exceeded: "256MiB". */
  memory?: string;
}

/** The plugin by which Argo Rollouts changes HTTPRoutes of the Gateway API. Version 0.13 or newer. */
export interface GatewayApiPlugin {
  /** Where the controller gets it: an https address of the release for its platform, or a file:// path in its image. */
  location: string;
  /** SHA-256 of the file, 64 digits and letters a to f. Without it the controller runs what it gets. */
  sha256?: string;
}

/** The controller of releases, Argo Rollouts. */
export interface ArgoRolloutsArgs {
  /** Whether it is installed. Defaults to true; false when it is there, and then its CRDs must be there too. */
  install?: boolean;
  /** Version 1.8 or newer. Defaults to the official image of 1.9.1, pinned by digest. */
  image?: string;
  /** File or folder with its CRDs, relative to the program's folder. Defaults to the official ones of 1.9.1, by URL. */
  crds?: string;
  /** Whether its CRDs, and with them every Rollout of the cluster, outlive the platform. Defaults to true. */
  keepCrds?: boolean;
  /** Copies; one leads, the others wait. Defaults to 2. */
  replicas?: number;
  /** Defaults to 0.1 cores and 256MiB. */
  resources?: ComputeResources;
  /** Needed with the router "gatewayApi". */
  gatewayApiPlugin?: GatewayApiPlugin;
}

/** The router Traefik; only with "traefik" among the routers. */
export interface TraefikArgs {
  /** Whether it is installed. Defaults to true; false when it is there, and then its CRDs must be there too. */
  install?: boolean;
  /** Version 3. Defaults to the official image of 3.6.7, pinned by digest. */
  image?: string;
  /** File or folder with its CRDs, relative to the program's folder. Defaults to the official ones of 3.6.7, by URL. */
  crds?: string;
  /** Whether its CRDs, and with them every IngressRoute of the cluster, outlive the platform. Defaults to true. */
  keepCrds?: boolean;
  /** How it is reached. Defaults to "LoadBalancer". */
  serviceType?: ServiceType;
  /** Annotations of its Service, such as those for a cloud's load balancer. */
  serviceAnnotations?: Record<string, string>;
  /** Port on every node for plain HTTP, with the type "NodePort". Defaults to one that the cluster chooses. */
  webNodePort?: number;
  /** Port on every node for HTTPS, with the type "NodePort". Defaults to one that the cluster chooses. */
  websecureNodePort?: number;
  /** Copies. Defaults to 2. */
  replicas?: number;
  /** Defaults to 0.25 cores and 256MiB. */
  resources?: ComputeResources;
  /** Time in which it still takes requests after it was told to stop, with its unit. Defaults to "10s". */
  stopDelay?: string;
  /** Time for requests under way after that, with its unit. Defaults to "30s". */
  stopTimeout?: string;
}

/** The volume of Prometheus. */
export interface PrometheusStorage {
  /** With its unit: "20GiB". */
  size: string;
  /** Defaults to the cluster's own. */
  storageClass?: string;
}

/** The metrics by which releases are judged. */
export interface PrometheusArgs {
  /** Whether it is installed. Defaults to true, without an address. */
  install?: boolean;
  /** Address of one that is there, as the cluster sees it: "http://prometheus.monitoring.svc:9090". */
  address?: pulumi.Input<string>;
  /** Version 2.45 or newer. Defaults to the official image of 3.13.0, pinned by digest. */
  image?: string;
  /** Time between two scrapes, with its unit. Decisions are as fresh as this. Defaults to "15s". */
  scrapeInterval?: string;
  /** Time it keeps its data, with its unit. Defaults to "15d". */
  retention?: string;
  /** Defaults to none: what it saw is lost when its pod goes. */
  storage?: PrometheusStorage;
  /** Defaults to 0.25 cores and 1GiB. */
  resources?: ComputeResources;
  /** Whether the kubelets' certificates must be signed by the cluster. Defaults to false: usually they sign their own. */
  verifyKubelets?: boolean;
}

/** Arguments of a KubernetesPlatform. Plain values, except where something may flow through. */
export interface KubernetesPlatformArgs {
  /** Defaults to the program's default provider. */
  cluster?: pulumi.Input<ClusterHandle>;
  namespace?: PlatformNamespace;
  /**
   * Labels of its objects but the CRDs, such as whose they are and who pays for them: { owner: "platform" }. Defaults to
   * none.
   */
  labels?: Record<string, string>;
  /** What shifts traffic in this cluster. Only Traefik is installed here. Defaults to ["traefik"]. */
  routers?: Router[];
  argoRollouts?: ArgoRolloutsArgs;
  traefik?: TraefikArgs;
  prometheus?: PrometheusArgs;
}

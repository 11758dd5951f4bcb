import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle } from "../cluster/handle";

/** How strict a namespace is with pods. Source: Pod Security Standards of Kubernetes. */
export const PodSecurityLevel = { privileged: "privileged", baseline: "baseline", restricted: "restricted" } as const;
export type PodSecurityLevel = (typeof PodSecurityLevel)[keyof typeof PodSecurityLevel];

/** What a namespace demands of its pods. */
export interface PodSecurity {
  /** Pods that break it are refused. Defaults to "restricted". */
  enforce?: PodSecurityLevel;
  /** Pods that break it are noted in the audit log. Defaults to "restricted". */
  audit?: PodSecurityLevel;
  /** Whoever makes a pod that breaks it is warned. Defaults to "restricted". */
  warn?: PodSecurityLevel;
  /** Version of the standards: "v1.34". Defaults to "latest", that of the cluster. */
  version?: string;
}

/** What pods of a namespace may connect to without a policy of their own. Needs a network that enforces policies. */
export interface NamespaceNetwork {
  /** Whether nobody may connect to a pod unless a policy allows it. Defaults to true. */
  denyIngress?: boolean;
  /** Whether a pod may connect to nobody unless a policy allows it. Defaults to true. */
  denyEgress?: boolean;
  /** Whether every pod may ask the cluster's DNS. Defaults to true. */
  allowDns?: boolean;
}

/** What all pods of a namespace may use together. */
export interface NamespaceQuota {
  /** CPU cores that are promised, as a decimal: "8". */
  cpu?: string;
  /** Memory that is promised and not exceeded, with its unit: "16GiB". */
  memory?: string;
  /** Storage of all volumes, with its unit. */
  storage?: string;
  /** Number of pods. */
  pods?: number;
  /** Number of Services that get a load balancer of the cloud. */
  loadBalancers?: number;
  /** Number of Services that open a port on every node. */
  nodePorts?: number;
}

/** What a container gets that does not say, and the most that one may ask for. */
export interface NamespaceLimits {
  /** CPU cores it is promised. Defaults to "0.1". */
  defaultCpu?: string;
  /** Memory it is promised and may not exceed. Defaults to "128MiB". */
  defaultMemory?: string;
  /** Most cores that a container may be promised. Defaults to no limit. */
  maxCpu?: string;
  /** Most memory that a container may use. Defaults to no limit. */
  maxMemory?: string;
}

/** Arguments of a KubernetesNamespace. */
export interface KubernetesNamespaceArgs {
  /** Defaults to the program's default provider. */
  cluster?: pulumi.Input<ClusterHandle>;
  /** Name in the cluster. Defaults to the component's own. */
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  podSecurity?: PodSecurity;
  network?: NamespaceNetwork;
  /** Defaults to none. */
  quota?: NamespaceQuota;
  limits?: NamespaceLimits;
}

import { join } from "node:path";

/**
 * Addresses inside a cluster's network namespace. They are the same in every cluster: nothing outside of the
 * namespace sees them.
 */
export const POD_RANGE = "10.244.0.0/16";
/** The share of the one node, which the controller manager cuts out of the pods' range. */
export const NODE_POD_RANGE = "10.244.0.0/24";
export const SERVICE_RANGE = "10.96.0.0/16";
export const API_SERVICE = "10.96.0.1";
export const DNS_SERVICE = "10.96.0.10";
export const CLUSTER_DOMAIN = "cluster.local";
export const API_PORT = 6443;

/** How many clusters a machine may have at once. */
export const MAX_CLUSTERS = 250;

/** What is a cluster's own on this machine; all of it follows from its number. */
export interface ClusterIdentity {
  readonly number: number;
  readonly node: string;
  /** The host's end of the link into the cluster's network namespace; it is there as long as the cluster lives. */
  readonly link: string;
  /** This machine as the cluster sees it. */
  readonly hostAddress: string;
  /** The node as this machine sees it: the API server and all NodePorts. */
  readonly nodeAddress: string;
  /** In each hierarchy of control groups. */
  readonly controlGroup: string;
}

export const LINK_PREFIX = "headgate";
export const CONTROL_GROUP_PREFIX = "headgate";

/** The range 198.18.0.0/15 is set aside for tests between devices (RFC 2544), so no network routes it. */
export function clusterIdentity(number: number): ClusterIdentity {
  if (!Number.isInteger(number) || number < 0 || number >= MAX_CLUSTERS) {
    throw new Error(`A cluster's number is 0 to ${MAX_CLUSTERS - 1} (got ${number}).`);
  }
  return {
    number,
    node: `headgate-${number}`,
    link: `${LINK_PREFIX}${number}`,
    hostAddress: `198.18.${number}.1`,
    nodeAddress: `198.18.${number}.2`,
    controlGroup: `${CONTROL_GROUP_PREFIX}/${number}`,
  };
}

/** The files of one running cluster, all below one folder of the cache but for the logs. */
export interface ClusterFiles {
  readonly dir: string;
  readonly certificates: string;
  readonly logs: string;
  /** Seen as /var/lib and /var/log by the cluster's programs. */
  readonly varLib: string;
  readonly varLog: string;
  readonly networks: string;
  readonly config: (name: string) => string;
  /** For the host: full rights. */
  readonly kubeconfig: string;
  /** Says who and what the cluster is; written last. */
  readonly record: string;
}

export function clusterFiles(dir: string, logs: string): ClusterFiles {
  return {
    dir,
    certificates: join(dir, "certificates"),
    logs,
    varLib: join(dir, "var-lib"),
    varLog: join(dir, "var-log"),
    networks: join(dir, "networks"),
    config: (name) => join(dir, name),
    kubeconfig: join(dir, "admin.kubeconfig"),
    record: join(dir, "cluster.json"),
  };
}

/** In the cluster's own view of the file system. */
export const CONTAINERD_SOCKET = "/run/containerd/containerd.sock";
export const CONTAINERD_NAMESPACE = "k8s.io";

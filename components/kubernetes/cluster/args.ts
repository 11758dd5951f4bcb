import type * as pulumi from "@pulumi/pulumi";

/** Arguments of a KubernetesCluster. */
export interface KubernetesClusterArgs {
  /** kubeconfig as text. Kept as a secret. Defaults to KUBECONFIG, then ~/.kube/config, then the pod's own account. */
  kubeconfig?: pulumi.Input<string>;
  /** Context in the kubeconfig. Defaults to its current one. */
  context?: pulumi.Input<string>;
  /** Address of the cluster's Prometheus as the cluster sees it: "http://prometheus.monitoring.svc:9090". Defaults to none. */
  prometheus?: pulumi.Input<string>;
  /** Time between two scrapes of that Prometheus, with its unit, at least a second. Defaults to "15s". */
  scrapeInterval?: string;
}

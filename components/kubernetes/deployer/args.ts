import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle } from "../cluster/handle";

/** Arguments of a KubernetesDeployer. */
export interface KubernetesDeployerArgs {
  /** Defaults to the program's default provider. */
  cluster?: pulumi.Input<ClusterHandle>;
  /** Namespaces it may deliver services to, each of which exists. */
  namespaces: string[];
  /** Namespace of its ServiceAccount. Defaults to the first of the namespaces. */
  accountNamespace?: string;
  /** Users of the cluster's own login who get the same rights: "ci@example.com". Defaults to none. */
  users?: string[];
  /** Groups of the cluster's own login that get the same rights. Defaults to none. */
  groups?: string[];
  /** Whether it gets a token that never ends, and with it a kubeconfig. Prefer a login of short life. Defaults to false. */
  token?: boolean;
  /** Address of the API server in its kubeconfig. Defaults to the one in the cluster's own. */
  server?: pulumi.Input<string>;
}

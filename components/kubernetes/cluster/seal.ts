import type * as pulumi from "@pulumi/pulumi";
import { type ClusterHandle, clusterOf } from "./handle";

/** Arguments as a component records them: of the cluster's handle, the kubeconfig is a secret and nothing else. */
export function sealed<Args extends { cluster?: pulumi.Input<ClusterHandle> }>(args: Args): Args {
  return args?.cluster === undefined ? args : { ...args, cluster: clusterOf(args.cluster) };
}

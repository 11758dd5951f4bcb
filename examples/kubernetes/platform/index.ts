import * as pulumi from "@pulumi/pulumi";
// In a project of your own: from "headgate/kubernetes".
import { KubernetesCluster, KubernetesPlatform, type KubernetesPlatformArgs } from "../../../components/kubernetes";

const settings = new pulumi.Config().getObject<Omit<KubernetesPlatformArgs, "cluster">>("platform");

// The cluster of KUBECONFIG.
const cluster = new KubernetesCluster("cluster");
const platform = new KubernetesPlatform("platform", { ...settings, cluster: cluster.handle });

export const namespace = platform.namespace;
/** Where the names of the services must lead to; empty where the router has no load balancer. */
export const router = platform.routerAddress;
/** For the KubernetesCluster of the services' programs; of the handle only the kubeconfig is secret. */
export const prometheus = pulumi.unsecret(platform.handle.prometheus);

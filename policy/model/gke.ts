import type { Part } from "../core/part";
import { objects } from "./object";

/** Clusters of GKE. */
export const gkeCluster = objects("clusters of GKE", "the cluster", ["gcp:container/cluster:Cluster"]);

/** Whether Google runs the nodes, which then have some settings in any case. @throws UnknownValue */
export const isAutopilot = (cluster: Part): boolean => cluster.at("enableAutopilot").read() === true;

import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, cisGke } from "../../core/standard";
import { gkeCluster } from "../../model/gke";

export const gkePrivateNodes = defineRule({
  id: "gke-private-nodes",
  title: "Nodes have no public address",
  severity: "high",
  standards: [...cisGke("5.6.5"), ...checkov("CKV_GCP_25", "CKV_GCP_64")],
  levels: levels("advisory", "mandatory"),
  model: gkeCluster,
  why: "A node with a public address can be reached from the internet past every gateway.",
  remediation: "Set privateClusterConfig.enablePrivateNodes to true, and give the network Cloud NAT.",
  *check(cluster) {
    const isPrivate = cluster.at("privateClusterConfig.enablePrivateNodes");
    yield cluster.fails("gives its nodes public addresses", isPrivate, () => isPrivate.read() !== true);
  },
});

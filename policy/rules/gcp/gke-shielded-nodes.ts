import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, cisGke } from "../../core/standard";
import { gkeCluster } from "../../model/gke";

export const gkeShieldedNodes = defineRule({
  id: "gke-shielded-nodes",
  title: "Nodes prove what they started",
  severity: "high",
  standards: [...cisGke("5.5.5"), ...checkov("CKV_GCP_71")],
  levels: levels("advisory", "mandatory"),
  model: gkeCluster,
  why: "Who changes what a node starts, or stands in for a node, is not seen.",
  remediation: "Remove enableShieldedNodes: false.",
  *check(cluster) {
    const shielded = cluster.at("enableShieldedNodes");
    yield cluster.fails("has nodes that are not shielded", shielded, () => shielded.read() === false);
  },
});

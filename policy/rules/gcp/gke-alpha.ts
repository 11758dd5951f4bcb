import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisGke } from "../../core/standard";
import { gkeCluster } from "../../model/gke";

export const gkeAlpha = defineRule({
  id: "gke-alpha",
  title: "Clusters run no alpha features",
  severity: "high",
  standards: [...cisGke("5.10.2")],
  levels: levels("advisory", "mandatory"),
  model: gkeCluster,
  why: "A cluster with alpha features gets no updates, and is deleted after thirty days.",
  remediation: "Remove enableKubernetesAlpha.",
  *check(cluster) {
    const alpha = cluster.at("enableKubernetesAlpha");
    yield cluster.fails("runs alpha features", alpha, () => alpha.read() === true);
  },
});

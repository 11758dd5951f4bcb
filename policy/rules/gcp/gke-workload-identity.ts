import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisGke } from "../../core/standard";
import { gkeCluster, isAutopilot } from "../../model/gke";

export const gkeWorkloadIdentity = defineRule({
  id: "gke-workload-identity",
  title: "Pods of a cluster have identities of their own",
  severity: "high",
  standards: [...cisGke("5.2.2")],
  levels: levels("advisory", "mandatory"),
  model: gkeCluster,
  why: "Without it every pod has the rights of its node's service account.",
  remediation: 'Set workloadIdentityConfig.workloadPool to "<project>.svc.id.goog".',
  *check(cluster) {
    const pool = cluster.at("workloadIdentityConfig.workloadPool");
    yield cluster.fails("gives its pods no identity", pool, () => (pool.text() ?? "") === "" && !isAutopilot(cluster));
  },
});

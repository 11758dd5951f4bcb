import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, cisGke } from "../../core/standard";
import { gkeCluster } from "../../model/gke";

export const gkeLegacyAbac = defineRule({
  id: "gke-legacy-abac",
  title: "Rights in a cluster are given by roles only",
  severity: "high",
  standards: [...cisGke("5.8.3"), ...checkov("CKV_GCP_7")],
  levels: levels("advisory", "mandatory"),
  model: gkeCluster,
  why: "The former way of authorisation gives every service account wide rights that no role shows.",
  remediation: "Remove enableLegacyAbac.",
  *check(cluster) {
    const legacy = cluster.at("enableLegacyAbac");
    yield cluster.fails("gives rights outside of roles", legacy, () => legacy.read() === true);
  },
});

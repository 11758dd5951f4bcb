import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov } from "../../core/standard";
import { gkeCluster } from "../../model/gke";

export const gkeBinaryAuthorization = defineRule({
  id: "gke-binary-authorization",
  title: "Clusters run only images that were attested",
  severity: "high",
  standards: [...checkov("CKV_GCP_66")],
  levels: levels("advisory", "mandatory"),
  model: gkeCluster,
  why: "Anything that can be pulled can run, whoever built it.",
  remediation: 'Set binaryAuthorization.evaluationMode to "PROJECT_SINGLETON_POLICY_ENFORCE".',
  *check(cluster) {
    const [mode, former] = [
      cluster.at("binaryAuthorization.evaluationMode"),
      cluster.at("binaryAuthorization.enabled"),
    ];
    yield cluster.fails(
      "runs images that nobody attested",
      mode,
      () => ["", "DISABLED"].includes(mode.text() ?? "") && former.read() !== true,
    );
  },
});

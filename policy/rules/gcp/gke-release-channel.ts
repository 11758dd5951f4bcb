import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, cisGke } from "../../core/standard";
import { gkeCluster, isAutopilot } from "../../model/gke";

export const gkeReleaseChannel = defineRule({
  id: "gke-release-channel",
  title: "Clusters are kept up to date",
  severity: "high",
  standards: [...cisGke("5.5.4"), ...checkov("CKV_GCP_70")],
  levels: levels("advisory", "mandatory"),
  model: gkeCluster,
  why: "A cluster outside of the channels stays at its version, with the faults that are known of it.",
  remediation: 'Set releaseChannel.channel to "REGULAR" or "STABLE".',
  *check(cluster) {
    const channel = cluster.at("releaseChannel.channel");
    yield cluster.fails(
      "is in no release channel",
      channel,
      () => ["", "UNSPECIFIED"].includes(channel.text() ?? "") && !isAutopilot(cluster),
    );
  },
});

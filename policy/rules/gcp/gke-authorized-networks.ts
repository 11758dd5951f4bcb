import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, cisGke } from "../../core/standard";
import { gkeCluster } from "../../model/gke";

const EVERYWHERE = /^[0.:]+\/0$/;

export const gkeAuthorizedNetworks = defineRule({
  id: "gke-authorized-networks",
  title: "The API server answers only networks that are named",
  severity: "high",
  standards: [...cisGke("5.6.3"), ...checkov("CKV_GCP_18", "CKV_GCP_20")],
  levels: levels("advisory", "mandatory"),
  model: gkeCluster,
  why: "Anybody on the internet can try keys and faults on the API server.",
  remediation: "List the networks in masterAuthorizedNetworksConfig.cidrBlocks, or switch the endpoint by address off.",
  *check(cluster) {
    const config = cluster.at("masterAuthorizedNetworksConfig");
    const endpoint = cluster.at("controlPlaneEndpointsConfig.ipEndpointsConfig.enabled");
    yield cluster.fails(
      "lets every network reach its API server",
      config,
      // A private endpoint without a list is closed to all but the cluster's own network.
      () =>
        !config.present() &&
        endpoint.read() !== false &&
        cluster.at("privateClusterConfig.enablePrivateEndpoint").read() !== true,
    );
    for (const block of config.at("cidrBlocks").items()) {
      const range = block.at("cidrBlock");
      yield cluster.fails("lets every network reach its API server", range, () => EVERYWHERE.test(range.text() ?? ""));
    }
  },
});

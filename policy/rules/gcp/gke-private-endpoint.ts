import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisGke } from "../../core/standard";
import { gkeCluster } from "../../model/gke";

export const gkePrivateEndpoint = defineRule({
  id: "gke-private-endpoint",
  title: "The API server has no public address",
  severity: "high",
  standards: cisGke("5.6.4"),
  levels: levels("advisory", "mandatory"),
  model: gkeCluster,
  why: "A public address of the API server is one key, or one fault in it, away from the whole cluster.",
  remediation:
    "Set privateClusterConfig.enablePrivateEndpoint to true, or controlPlaneEndpointsConfig.ipEndpointsConfig.enabled to false and use the endpoint by name, which asks IAM first.",
  *check(cluster) {
    const endpoint = cluster.at("privateClusterConfig.enablePrivateEndpoint");
    const byAddress = cluster.at("controlPlaneEndpointsConfig.ipEndpointsConfig.enabled");
    yield cluster.fails(
      "can be reached from the internet",
      endpoint,
      () => endpoint.read() !== true && byAddress.read() !== false,
    );
  },
});

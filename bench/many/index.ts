import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { KubernetesService } from "../../components/kubernetes";
import { newProvider, rememberOrigin } from "../../components/kubernetes/cluster/handle";

const config = new pulumi.Config();
/** A cluster that nobody asks: a KubernetesCluster would look whether it is there. */
const address = { kubeconfig: pulumi.secret("none"), context: pulumi.output("") };
const cluster = { ...address, prometheus: "http://prometheus.headgate.svc:9090", scrapeSeconds: 15 };
rememberOrigin(cluster, newProvider("many", address, {}));

for (let index = 0; index < config.requireNumber("services"); index += 1) {
  new KubernetesService(`shop-${index}`, {
    cluster,
    service: {
      image: { reference: `registry.example.com/shop@sha256:${"a".repeat(64)}` },
      port: 8080,
      replicas: { min: 2, max: 6 },
      health: { readiness: { path: "/ready" }, liveness: { path: "/live" } },
      env: { LOG_LEVEL: "info" },
      metrics: {},
    },
    release: { canary: {} },
    objectives: { availability: 0.999 },
    hosts: [`shop-${index}.example.com`],
    secrets: { token: "secret" },
  });
}

const usage = config.get("usage");
if (usage !== undefined) {
  process.on("exit", () => writeFileSync(usage, JSON.stringify(process.resourceUsage())));
}

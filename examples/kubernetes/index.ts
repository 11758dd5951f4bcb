import * as pulumi from "@pulumi/pulumi";
// In a project of your own: from "headgate" and "headgate/kubernetes".
import type { Objectives, Release, Service } from "../..";
import { KubernetesCluster, KubernetesNamespace, KubernetesService } from "../../components/kubernetes";

const config = new pulumi.Config();
const host = config.get("host") ?? "hello.example.com";

const hello: Service = {
  image: { reference: config.require("image") },
  port: 8080,
  replicas: { min: 2, max: 6, targetCpuPercent: 70 },
  resources: { cpu: "0.25", memory: "128MiB" },
  health: { readiness: { path: "/ready", interval: "1s" }, liveness: { path: "/healthz" }, startTimeout: "30s" },
  metrics: {},
  env: { LATENCY_MS: "5" },
  stopTimeout: "10s",
};
const careful: Release = { canary: { steps: [10, 25, 50].map((weight) => ({ weight, hold: "60s" })) }, bake: "60s" };
const promises: Objectives = { availability: 0.999, latency: { within: "500ms", ratio: 0.95 } };

// The cluster of KUBECONFIG, with the Prometheus that the program in platform/ has put there.
const cluster = new KubernetesCluster("cluster", {
  prometheus: config.get("prometheus") ?? "http://prometheus.headgate.svc:9090",
  scrapeInterval: config.get("scrapeInterval") ?? "15s",
});
const namespace = new KubernetesNamespace("hello", { cluster: cluster.handle });

const service = new KubernetesService("hello", {
  cluster: cluster.handle,
  namespace: namespace.name,
  service: hello,
  release: careful,
  objectives: promises,
  hosts: [host],
  secrets: { GREETING_SECRET: config.requireSecret("greetingSecret") },
  retry: config.getNumber("retry") ?? 0,
});

export const url = service.url;
export const digest = service.digest;

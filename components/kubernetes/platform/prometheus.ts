import { createHash } from "node:crypto";
import { parseMemory } from "../../model/memory";
import type { Child } from "../children";
import { hardenedContainer, hardenedPod } from "../pod/hardened";
import { bytesQuantity } from "../service/plan-amounts";
import { binding, containerResources, controllerLabels, platformLabels, podSelector, rule } from "./common";
import type { PlatformPlan, PrometheusPlan } from "./plan";
import { scrapeConfiguration } from "./scrape";

export const PROMETHEUS = "prometheus";
export const PROMETHEUS_PORT = 9090;
/** User "nobody" of the official image. */
const USER = 65534;

/** Prometheus with what it may read, its configuration and its data. */
export function prometheusObjects(prometheus: PrometheusPlan, plan: PlatformPlan): Child[] {
  const { namespace } = plan;
  const labels = platformLabels(PROMETHEUS);
  const scoped = `${namespace}-${PROMETHEUS}`;
  const here = { name: PROMETHEUS, namespace, labels };
  const configuration = scrapeConfiguration(prometheus, plan);
  // Prometheus reads it only at its start, so that a new one gets a new name and a new pod.
  const hash = createHash("sha256").update(configuration).digest("hex").slice(0, 10);
  const configMap = `${PROMETHEUS}-${hash}`;
  return [
    { kind: "ServiceAccount", role: "prometheus-account", args: { metadata: here } },
    { kind: "ClusterRole", role: "prometheus-role", args: { metadata: { name: scoped, labels }, rules: RULES } },
    {
      kind: "ClusterRoleBinding",
      role: "prometheus-binding",
      args: { metadata: { name: scoped, labels }, ...binding("ClusterRole", scoped, PROMETHEUS, namespace) },
    },
    {
      kind: "ConfigMap",
      role: "prometheus-configuration",
      args: {
        metadata: { ...here, name: configMap },
        immutable: true,
        data: { "prometheus.yml": configuration },
      },
    },
    {
      kind: "StatefulSet",
      role: "prometheus",
      after: ["prometheus-binding", "prometheus-configuration"],
      args: { metadata: here, spec: statefulSet(prometheus, configMap, labels) },
    },
    {
      kind: "Service",
      role: "prometheus-service",
      // It waits for pods: without any, after an error elsewhere, for ten minutes.
      after: ["prometheus"],
      args: {
        metadata: here,
        spec: {
          selector: podSelector(PROMETHEUS).matchLabels,
          ports: [{ name: "http", port: PROMETHEUS_PORT, targetPort: "http" }],
        },
      },
    },
  ];
}

function statefulSet(prometheus: PrometheusPlan, configMap: string, labels: Record<string, string>) {
  const { storage } = prometheus;
  const volume = {
    metadata: { name: "data", labels },
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(storage?.storageClass !== undefined && { storageClassName: storage.storageClass }),
      resources: { requests: { storage: bytesQuantity(parseMemory(storage?.size ?? "1GiB")) } },
    },
  };
  return {
    serviceName: PROMETHEUS,
    replicas: 1,
    selector: podSelector(PROMETHEUS),
    ...(storage !== undefined && {
      volumeClaimTemplates: [volume],
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
    }),
    template: {
      metadata: { labels: controllerLabels(PROMETHEUS) },
      spec: {
        serviceAccountName: PROMETHEUS,
        securityContext: hardenedPod(USER),
        terminationGracePeriodSeconds: 60,
        containers: [
          {
            name: PROMETHEUS,
            image: prometheus.image,
            command: ["prometheus"],
            args: [
              "--config.file=/etc/prometheus/prometheus.yml",
              "--storage.tsdb.path=/prometheus",
              `--storage.tsdb.retention.time=${prometheus.retentionSeconds}s`,
              `--web.listen-address=:${PROMETHEUS_PORT}`,
            ],
            ports: [{ name: "http", containerPort: PROMETHEUS_PORT }],
            readinessProbe: { httpGet: { path: "/-/ready", port: "http" }, periodSeconds: 2, timeoutSeconds: 3 },
            // Reading back its log after a crash takes long.
            startupProbe: {
              httpGet: { path: "/-/ready", port: "http" },
              periodSeconds: 2,
              timeoutSeconds: 3,
              failureThreshold: 450,
            },
            livenessProbe: { httpGet: { path: "/-/healthy", port: "http" }, periodSeconds: 15, timeoutSeconds: 5 },
            resources: containerResources(prometheus.resources),
            securityContext: hardenedContainer(),
            volumeMounts: [
              { name: "configuration", mountPath: "/etc/prometheus", readOnly: true },
              { name: "data", mountPath: "/prometheus" },
            ],
          },
        ],
        volumes: [
          { name: "configuration", configMap: { name: configMap } },
          ...(storage === undefined ? [{ name: "data", emptyDir: {} }] : []),
        ],
      },
    },
  };
}

/** What is there to scrape, and the kubelets' metrics. Source: the kubelet's authorization reference. */
const RULES = [rule("", "pods nodes", "get list watch"), rule("", "nodes/metrics", "get")];

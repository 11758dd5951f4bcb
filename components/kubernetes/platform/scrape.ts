import { ARGO_METRICS_PORT } from "./argo";
import type { PlatformPlan, PrometheusPlan } from "./plan";
import { TRAEFIK_PORTS } from "./traefik";

/** Label of the pods of an Argo ReplicaSet, by which versions are told apart. */
const VERSION_LABEL = "rollouts_pod_template_hash";
/** Where a pod finds what it needs to speak with kubelets. */
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Configuration of the platform's Prometheus; JSON is YAML. */
export function scrapeConfiguration(prometheus: PrometheusPlan, plan: PlatformPlan): string {
  const { scrapeSeconds } = plan;
  return JSON.stringify(
    {
      global: {
        scrape_interval: `${scrapeSeconds}s`,
        scrape_timeout: `${Math.min(10, scrapeSeconds)}s`,
        evaluation_interval: `${scrapeSeconds}s`,
      },
      scrape_configs: [
        annotatedPods(),
        ...(plan.traefik === undefined ? [] : [platformPods("traefik", TRAEFIK_PORTS.metrics, plan.namespace)]),
        ...(plan.argo === undefined ? [] : [platformPods("argo-rollouts", ARGO_METRICS_PORT, plan.namespace)]),
        kubelets(prometheus.verifyKubelets),
        { job_name: "prometheus", static_configs: [{ targets: ["127.0.0.1:9090"] }] },
      ],
    },
    undefined,
    2,
  );
}

const annotation = (name: string) => `__meta_kubernetes_pod_annotation_prometheus_io_${name}`;

/** Labels of every series that was read from a pod. */
const POD_LABELS = [
  { source_labels: ["__meta_kubernetes_namespace"], target_label: "namespace" },
  { source_labels: ["__meta_kubernetes_pod_name"], target_label: "pod" },
  { source_labels: [`__meta_kubernetes_pod_label_${VERSION_LABEL}`], target_label: VERSION_LABEL },
];

/** A pod that has ended has nothing to say, but keeps its address for a while. */
const RUNNING = { source_labels: ["__meta_kubernetes_pod_phase"], regex: "Succeeded|Failed", action: "drop" };

/** Pods that ask to be scraped by the annotations prometheus.io/scrape, port, path and scheme. */
function annotatedPods() {
  return {
    job_name: "pods",
    kubernetes_sd_configs: [{ role: "pod" }],
    relabel_configs: [
      { source_labels: [annotation("scrape")], regex: "true", action: "keep" },
      RUNNING,
      { source_labels: [annotation("scheme")], regex: "(https?)", target_label: "__scheme__" },
      { source_labels: [annotation("path")], regex: "(.+)", target_label: "__metrics_path__" },
      ...addresses(annotation("port")),
      ...POD_LABELS,
      { source_labels: ["__meta_kubernetes_pod_label_app_kubernetes_io_name"], target_label: "app" },
    ],
  };
}

/** Pods of the platform, by a port of theirs. */
function platformPods(component: string, port: number, namespace: string) {
  return {
    job_name: component,
    kubernetes_sd_configs: [{ role: "pod", namespaces: { names: [namespace] } }],
    relabel_configs: [
      { source_labels: ["__meta_kubernetes_pod_label_app_kubernetes_io_name"], regex: component, action: "keep" },
      { source_labels: ["__meta_kubernetes_pod_container_port_number"], regex: String(port), action: "keep" },
      RUNNING,
      ...POD_LABELS,
    ],
  };
}

/** Address of a pod's own port: IPv6 in brackets. */
function addresses(port: string) {
  const source_labels = ["__meta_kubernetes_pod_ip", port];
  return [
    { source_labels, regex: "([0-9.]+);(\\d+)", replacement: "$1:$2", target_label: "__address__" },
    { source_labels, regex: "(.*:.*);(\\d+)", replacement: "[$1]:$2", target_label: "__address__" },
  ];
}

/** What every pod uses and since when its containers run, from the kubelets: the only source that is always there. */
function kubelets(verify: boolean) {
  return {
    job_name: "kubelet",
    scheme: "https",
    metrics_path: "/metrics/resource",
    authorization: { credentials_file: `${ACCOUNT}/token` },
    tls_config: verify ? { ca_file: `${ACCOUNT}/ca.crt` } : { insecure_skip_verify: true },
    // With the kubelet's own times of CPU and memory, a pod that is gone would seem to be there for five minutes more.
    honor_timestamps: false,
    kubernetes_sd_configs: [{ role: "node" }],
    relabel_configs: [{ source_labels: ["__meta_kubernetes_node_name"], target_label: "node" }],
  };
}

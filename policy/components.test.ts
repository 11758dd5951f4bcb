import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { expect, it } from "vitest";
import { KubernetesCluster } from "../components/kubernetes/kubernetes-cluster";
import { KubernetesDeployer } from "../components/kubernetes/kubernetes-deployer";
import { KubernetesJob } from "../components/kubernetes/kubernetes-job";
import { KubernetesNamespace } from "../components/kubernetes/kubernetes-namespace";
import { KubernetesPlatform } from "../components/kubernetes/kubernetes-platform";
import { KubernetesService } from "../components/kubernetes/kubernetes-service";
import type { KubernetesServiceArgs } from "../components/kubernetes/service/args";
import type { Service } from "../components/model/service";
import { type NewResource, render } from "../testkit";
import { judge } from "./core/judge";
import { parseSettings } from "./core/settings";
import { RULES } from "./rules";

const IMAGE = `registry.example.com/shop@sha256:${"a".repeat(64)}`;
const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: prod
contexts: [{ name: prod, context: { cluster: prod, user: prod } }]
clusters: [{ name: prod, cluster: { server: "https://127.0.0.1:6443" } }]
users: [{ name: prod, user: { token: kubeconfig-token } }]
`;

/** What a cluster cannot know of a service: whose it is, who pays for it, and what it promises. */
const labels = { owner: "shop", environment: "production", "cost-center": "4711" };
const namespace = "store";

const cluster = () =>
  new KubernetesCluster("prod", { kubeconfig: KUBECONFIG, prometheus: "http://prometheus:9090" }).handle;
const service =
  (more: Partial<KubernetesServiceArgs> = {}) =>
  () =>
    new KubernetesService("shop", {
      cluster: cluster(),
      service: shop(),
      secrets: { token: "hunter2-password" },
      ...more,
    });
const promised = (more: Partial<KubernetesServiceArgs>) => () => {
  service({ namespace, labels, ...more })();
  new CustomResource("shop-slo", {
    apiVersion: "sloth.slok.dev/v1",
    kind: "PrometheusServiceLevel",
    metadata: { name: "shop", namespace },
    spec: { service: "shop", slos: [] },
  });
};
const shop = (more: Partial<Service> = {}): Service => ({
  image: { reference: IMAGE },
  port: 8080,
  health: { readiness: { path: "/ready" } },
  ...more,
});
/** Copies with names, and those of every machine, are exchanged one after another. */
const named = (more: Partial<Service>) => promised({ release: { onFailure: "pause" }, service: shop(more) });
const hosts = ["shop.example.com"];
const counters = { total: "http_requests_total", bad: "http_errors_total" };

/** Names objects without one, as the plugin does. */
const newResource = ({ name, inputs }: NewResource) => {
  const { metadata } = inputs as { metadata?: { name?: string } };
  return metadata === undefined || metadata.name !== undefined
    ? undefined
    : { metadata: { ...metadata, name: `${name}-0000000` } };
};

/** Who verifies images is another stack's business, which its user says. */
const VERIFIED = { "image-signed": { verifiedElsewhere: ["registry.example.com/", "docker.io/", "quay.io/"] } };

/** What production would refuse, as "rule resource path". */
async function findingsOf(program: () => unknown, options: object = {}): Promise<string[]> {
  const made = await render(program, { preview: false, newResource });
  expect(made.errors).toEqual([]);
  const resources = made.resources.map(({ type, name, inputs }) => ({ type, name, properties: inputs }));
  const found = judge(resources, RULES, parseSettings({ options }, RULES));
  return found.map(({ rule, resource, path }) => `${rule} ${resource.name} ${path}`).sort();
}

it.each([
  ["canary", promised({ release: { canary: {} }, hosts })],
  ["canary without a router", promised({ release: { canary: {} }, router: "none", counters })],
  ["blue-green release that is counted", promised({ release: { blueGreen: {} }, hosts, counters })],
  [
    "blue-green release with a check before the switch",
    promised({ release: { blueGreen: {}, hooks: { beforePromote: { container: { command: ["check"] } } } }, hosts }),
  ],
  [
    "canary with an autoscaler",
    promised({ release: { canary: {} }, hosts, service: shop({ replicas: { min: 2, max: 6 } }) }),
  ],
  ["service of two copies with names", named({ workload: "stateful", replicas: { count: 2 } })],
  ["service on every machine", named({ workload: "per-machine" })],
  ["namespace", () => new KubernetesNamespace("store", { labels })],
  ["job", () => new KubernetesJob("migrate", { image: IMAGE, namespace, labels })],
  ["schedule", () => new KubernetesJob("report", { image: IMAGE, namespace, labels, schedule: { cron: "0 2 * * *" } })],
  ["deployer", () => new KubernetesDeployer("pipeline", { namespaces: [namespace] })],
  ["platform", () => new KubernetesPlatform("platform", { labels })],
  [
    "platform with a volume",
    () => new KubernetesPlatform("platform", { labels, prometheus: { storage: { size: "1GiB" } } }),
  ],
  ["platform for another router", () => new KubernetesPlatform("platform", { labels, routers: ["istio"] })],
])("a %s keeps every rule of production once its user has said what only they know", async (_name, program) => {
  expect(await findingsOf(program, VERIFIED)).toEqual([]);
});

const unverified = (name: string) => `image-signed ${name} spec.template.spec.containers[0].image`;
const nobodys = (name: string) =>
  ["cost-center", "environment", "owner"].map((label) =>
    label === "cost-center"
      ? `q-owner ${name} metadata.labels["cost-center"]`
      : `q-owner ${name} metadata.labels.${label}`,
  );

/** What nobody but the user of a component can decide: docs/kubernetes.md says how. */
it.each([
  // Where it runs, how it is released, what it promises, whose it is.
  [
    "service",
    service(),
    [
      "k8s-namespace-guard shop metadata.namespace",
      "q-progressive shop spec.strategy",
      "q-slo shop metadata.labels",
      unverified("shop"),
    ],
    ["shop"],
  ],
  // By what its requests are counted: in one place a router sees one version after the other.
  [
    "blue-green release that nothing counts",
    promised({ release: { blueGreen: {} }, hosts }),
    ["q-progressive shop spec.strategy", unverified("shop")],
    [],
  ],
  // Each has data of its own.
  [
    "service of copies with names",
    named({ workload: "stateful" }),
    ["q-replicas shop spec.replicas", unverified("shop")],
    [],
  ],
  ["namespace", () => new KubernetesNamespace("store"), [], ["store-namespace"]],
  [
    "job",
    () => new KubernetesJob("migrate", { image: IMAGE }),
    ["k8s-namespace-guard migrate metadata.namespace", unverified("migrate")],
    ["migrate"],
  ],
  [
    "platform",
    () => new KubernetesPlatform("platform"),
    ["argo", "traefik", "prometheus"].map((part) => unverified(`platform-${part}`)),
    ["platform-namespace", "platform-argo", "platform-traefik", "platform-prometheus"],
  ],
] as const)("a %s with defaults leaves to its user what only they know", async (_name, program, others, ownerless) => {
  expect(await findingsOf(program)).toEqual([...others, ...ownerless.flatMap(nobodys)].sort());
});

import { expect, it, vi } from "vitest";
import { KubernetesCluster } from "../components/kubernetes/kubernetes-cluster";
import { KubernetesJob } from "../components/kubernetes/kubernetes-job";
import { KubernetesNamespace } from "../components/kubernetes/kubernetes-namespace";
import { KubernetesPlatform } from "../components/kubernetes/kubernetes-platform";
import { KubernetesService } from "../components/kubernetes/kubernetes-service";
import { officialFile } from "../components/kubernetes/testing/manifests";
import type { Release } from "../components/model/release";
import type { Service } from "../components/model/service";
import { type NewResource, render } from "../testkit";
import { judge } from "./core/judge";
import { parseSettings } from "./core/settings";
import { RULES } from "./rules";

vi.mock("../components/kubernetes/platform/download", () => ({ download: async (url: string) => officialFile(url) }));

const IMAGE = `registry.example.com/shop@sha256:${"a".repeat(64)}`;
const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: prod
contexts: [{ name: prod, context: { cluster: prod, user: prod } }]
clusters: [{ name: prod, cluster: { server: "https://127.0.0.1:6443" } }]
users: [{ name: prod, user: { token: kubeconfig-token } }]
`;

const service =
  (release: Release, more: Partial<Service> = {}) =>
  () => {
    const cluster = new KubernetesCluster("prod", { kubeconfig: KUBECONFIG, prometheus: "http://prometheus:9090" })
      .handle;
    return new KubernetesService("shop", {
      cluster,
      namespace: "store",
      service: { image: { reference: IMAGE }, port: 8080, health: { readiness: { path: "/ready" } }, ...more },
      release,
      hosts: ["shop.example.com"],
      secrets: { token: "hunter2-password" },
    });
  };

/** Names objects without one, as the plugin does. */
const newResource = ({ name, inputs }: NewResource) => {
  const { metadata } = inputs as { metadata?: { name?: string } };
  return metadata === undefined || metadata.name !== undefined
    ? undefined
    : { metadata: { ...metadata, name: `${name}-0000000` } };
};

async function findingsOf(program: () => unknown) {
  const made = await render(program, { preview: false, newResource });
  expect(made.errors).toEqual([]);
  const resources = made.resources.map(({ type, name, inputs }) => ({ type, name, properties: inputs }));
  // Components take no labels yet that could say who owns a service and who pays for it.
  const rules = RULES.filter(({ id }) => id !== "q-owner");
  return judge(resources, rules, parseSettings({}, rules)).map(
    ({ rule, level, resource, path }) => `${level} ${rule} ${resource.name} ${path}`,
  );
}

/** What production would refuse today. A list may only get shorter. */
const OPEN: Readonly<Record<string, readonly string[]>> = {
  canary: ["mandatory q-slo shop metadata.labels"],
  "blue-green": ["mandatory q-progressive shop spec.strategy", "mandatory q-slo shop metadata.labels"],
  job: ["mandatory k8s-namespace-guard migrate metadata.namespace"],
};

it.each([
  ["canary", service({ canary: {} })],
  ["blue-green", service({ blueGreen: {} })],
  ["namespace", () => new KubernetesNamespace("store")],
  ["job", () => new KubernetesJob("migrate", { image: IMAGE })],
  ["job in a namespace", () => new KubernetesJob("migrate", { image: IMAGE, namespace: "store" })],
  ["platform", () => new KubernetesPlatform("platform")],
])("a %s keeps every rule of production", async (name, program) => {
  expect((await findingsOf(program)).sort()).toEqual(OPEN[name] ?? []);
});

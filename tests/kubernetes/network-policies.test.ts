import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:net";
import { promisify } from "node:util";
import type { V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exec } from "../../toolchain/exec";
import { insideArguments } from "../../toolchain/kubernetes/namespaces";
import { PLATFORM_NAMESPACE } from "../../toolchain/kubernetes/platform";
import { livingClusters } from "../../toolchain/kubernetes/registry";
import { cacheLayout, checkout } from "../../toolchain/paths";
import { api, cluster, Delivery, eventually, hello, PROMISES } from "./harness";

const given = JSON.parse(process.env["HEADGATE_TEST_CLUSTER"] ?? "{}") as { kubectl: string; hostAddress?: string };
const kubeconfig = process.env["HEADGATE_TEST_KUBECONFIG"] ?? "";
const PORT = 8080;
/** Of the instance metadata service in every cloud. */
const METADATA = "169.254.169.254";
const METADATA_PORT = 8181;

/** What a pod finds at the other end: whoever is refused gets no answer at all. */
type Outcome = "open" | "closed" | `failed: ${string}`;

/** Tries all addresses at once from a pod, "name:port" each. */
async function connect(namespace: string, pod: string, to: Record<string, string>): Promise<Record<string, Outcome>> {
  const script = `
    const one = (address) => new Promise((resolve) => {
      const [host, port] = address.split(":");
      const socket = require("net").connect({ host, port: Number(port), timeout: 2500 });
      const end = (outcome) => { socket.destroy(); resolve(outcome); };
      socket.once("connect", () => end("open"));
      socket.once("timeout", () => end("closed"));
      socket.once("error", (error) => end("failed: " + error.code));
    });
    const to = Object.entries(JSON.parse(process.argv[1]));
    Promise.all(to.map(async ([name, address]) => [name, await one(address)]))
      .then((all) => console.log(JSON.stringify(Object.fromEntries(all))));`;
  const inPod = ["--kubeconfig", kubeconfig, "-n", namespace, "exec", pod, "--", "node", "-e", script];
  const { stdout } = await promisify(execFile)(given.kubectl, [...inPod, JSON.stringify(to)]);
  return JSON.parse(stdout);
}

const podOf = async (namespace: string, service: string): Promise<V1Pod> => {
  const labelSelector = `app.kubernetes.io/name=${service}`;
  const { items } = await api.core.listNamespacedPod({ namespace, labelSelector });
  const [pod] = items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  if (pod === undefined) throw new Error(`${service} has no pod in ${namespace}`);
  return pod;
};
const nameOf = async (...of: Parameters<typeof podOf>) => (await podOf(...of)).metadata?.name ?? "";
const addressOf = async (...of: Parameters<typeof podOf>) => (await podOf(...of)).status?.podIP ?? "";

/** A pod of the example service that no policy is for, in a namespace without any. */
async function startBystander(namespace: string, name: string, port: number, hostNetwork: boolean): Promise<void> {
  const image = cluster.images["hello"] ?? "";
  const container = {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    env: [{ name: "PORT", value: String(port) }],
    readinessProbe: { httpGet: { path: "/ready", port }, periodSeconds: 1 },
  };
  const metadata = { name, labels: { "app.kubernetes.io/name": name } };
  await api.core.createNamespacedPod({ namespace, body: { metadata, spec: { hostNetwork, containers: [container] } } });
}

/** The services: `web` calls `store` and nobody else; nobody may call `vault`. */
const services = (namespace: string, outside: string) => {
  const alone = { release: { rolling: {} }, service: { ...hello("1.0.0"), replicas: { count: 1 } } };
  const { metrics: _, ...silent } = alone.service;
  return {
    web: {
      service: { ...hello("1.0.0"), replicas: { count: 1 } },
      hosts: [`web.${namespace}`],
      objectives: PROMISES,
      release: {
        canary: { steps: [{ weight: 50, hold: "10s" }] },
        analysis: { sequential: { minRequests: 50 }, onNoData: "rollback" as const },
        migration: {
          command: ["node", "-e", 'fetch("http://store/").then((answer) => process.exit(answer.ok ? 0 : 1))'],
        },
        bake: "2s",
        progressDeadline: "60s",
      },
      connections: { to: [{ service: "store" }] },
    },
    store: {
      ...alone,
      connections: { from: [{ service: "web" }], to: [{ cidr: `${given.hostAddress}/32`, ports: [Number(outside)] }] },
    },
    vault: { ...alone, service: silent, connections: { from: [], to: [] } },
  };
};

let delivery: Delivery;
let server: Server;
let outside: string;
let foreign: string;

beforeAll(async () => {
  // On every address of this machine: pods know it by the one of their link.
  server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, given.hostAddress, resolve));
  const bound = server.address();
  outside = String(typeof bound === "object" ? bound?.port : "");

  foreign = `foreign-${randomBytes(3).toString("hex")}`;
  await api.core.createNamespace({ body: { metadata: { name: foreign } } });
  const own = (await livingClusters(cacheLayout(checkout))).find(({ files }) => files.kubeconfig === kubeconfig);
  if (own === undefined) throw new Error("this file needs a cluster that was started here");
  const address = ["ip", "address", "replace", `${METADATA}/32`, "dev", "lo"];
  await exec("nsenter", [...insideArguments(own.record.pid), ...address]);
  await startBystander(foreign, "stranger", PORT, false);
  await startBystander(foreign, "metadata", METADATA_PORT, true);

  delivery = await Delivery.create((namespace) => services(namespace, outside));
  await delivery.engine.up();
  await eventually(30, "the bystanders run", async () => {
    const { items } = await api.core.listNamespacedPod({ namespace: foreign });
    return items.every(({ status }) => status?.containerStatuses?.[0]?.ready) ? true : undefined;
  });
});
afterAll(async () => {
  server?.close();
  await delivery?.[Symbol.asyncDispose]();
  await api.core.deleteNamespace({ name: foreign });
});

/** Addresses of everything that somebody may want to call. */
async function everything(): Promise<Record<string, string>> {
  const { namespace } = delivery;
  const argo = await addressOf(PLATFORM_NAMESPACE, "argo-rollouts");
  const traefik = await addressOf(PLATFORM_NAMESPACE, "traefik");
  return {
    web: `web.${namespace}:80`,
    store: `store.${namespace}:80`,
    "store's pod": `${await addressOf(namespace, "store")}:${PORT}`,
    vault: `vault.${namespace}:80`,
    "vault's pod": `${await addressOf(namespace, "vault")}:${PORT}`,
    stranger: `${await addressOf(foreign, "stranger")}:${PORT}`,
    prometheus: `prometheus.${PLATFORM_NAMESPACE}:9090`,
    "argo's metrics": `${argo}:8090`,
    router: `traefik.${PLATFORM_NAMESPACE}:80`,
    "router's metrics": `${traefik}:9100`,
    "API server": "kubernetes.default:443",
    kubelet: `${cluster.nodeAddress}:10250`,
    metadata: `${METADATA}:${METADATA_PORT}`,
    outside: `${given.hostAddress}:${outside}`,
  };
}

describe.concurrent("connections of services", () => {
  test("a service calls what it declares, and nothing else", async () => {
    const all = await everything();
    const closed = Object.fromEntries(Object.keys(all).map((name) => [name, "closed"]));
    const { namespace } = delivery;
    const [web, store, vault] = await Promise.all(
      ["web", "store", "vault"].map(async (name) => connect(namespace, await nameOf(namespace, name), all)),
    );
    // A pod always reaches itself, its Service too while that has no other pod.
    expect(web).toEqual({ ...closed, web: "open", store: "open", "store's pod": "open" });
    expect(store).toEqual({ ...closed, store: "open", "store's pod": "open", outside: "open" });
    expect(vault).toEqual({ ...closed, vault: "open", "vault's pod": "open" });
  });

  test("a pod of another namespace calls what is open to everybody, and nothing of services and the platform", async () => {
    const all = await everything();
    const open = Object.fromEntries(Object.keys(all).map((name) => [name, "open"]));
    expect(await connect(foreign, "stranger", all)).toEqual({
      ...open,
      store: "closed",
      "store's pod": "closed",
      vault: "closed",
      "vault's pod": "closed",
      prometheus: "closed",
      "argo's metrics": "closed",
      "router's metrics": "closed",
    });
  });
});

test("Prometheus scrapes the pods, the router calls them, and the kubelet probes them", async () => {
  const { namespace } = delivery;
  const scraped = await eventually(30, "all are scraped", async () => {
    // The client takes the answer apart by its content type, whatever its signature says.
    const answer: unknown = await api.core.connectGetNamespacedServiceProxyWithPath({
      name: "prometheus:9090",
      namespace: PLATFORM_NAMESPACE,
      path: "api/v1/targets",
    });
    type Targets = { data: { activeTargets: { labels: Record<string, string>; health: string; lastError: string }[] } };
    const { activeTargets } = (answer as Targets).data;
    const own = activeTargets.filter(({ labels }) =>
      [namespace, PLATFORM_NAMESPACE].includes(labels["namespace"] ?? ""),
    );
    const bad = own
      .filter(({ health }) => health !== "up")
      .map(({ labels, lastError }) => `${labels["pod"]}: ${lastError}`);
    if (bad.length > 0) throw new Error(bad.join("\n"));
    const found = new Set(own.map(({ labels }) => labels["app"] ?? labels["job"]));
    return found.size === 4 ? [...found].sort() : undefined;
  });
  expect(scraped).toEqual(["argo-rollouts", "store", "traefik", "web"]);
  expect(await delivery.versionsSeen("web", 20)).toEqual({ "1.0.0": 20 });
  for (const service of ["web", "store", "vault"]) await delivery.ready(service, 1);
});

test("a canary with a migration that calls what its service may is judged and takes all traffic", async () => {
  await delivery.say({ web: { service: { ...hello("1.1.0"), replicas: { count: 1 } } } });
  const load = delivery.load("web");
  await delivery.engine.up().finally(() => load.stop());
  expect(await load.stop()).toMatchObject({ failed: 0, errors: 0, errorCodes: {} });
  expect(await delivery.versionsSeen("web", 20)).toEqual({ "1.1.0": 20 });
});

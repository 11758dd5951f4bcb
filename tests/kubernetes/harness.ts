import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api, CustomObjectsApi, KubeConfig, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import type { KubernetesNamespaceArgs, KubernetesServiceArgs } from "../../components/kubernetes";
import type { Objectives } from "../../components/model/objectives";
import type { Release } from "../../components/model/release";
import type { Service } from "../../components/model/service";
import { type Load, type LoadReport, startLoad } from "../../demo/load";
import { Engine } from "../../testkit";
import { eventually } from "../eventually";

export { eventually };

/** What the set-up of this project's tests made: a cluster with the platform on it. */
export interface TestCluster {
  /** Address of the one node, as this machine reaches it. */
  nodeAddress: string;
  /** Images by role, as pods name them. */
  images: Record<string, string>;
  /** Port of the router on the node. */
  routerPort: number;
  /** Prometheus as pods reach it. */
  prometheus: string;
  scrapeInterval: string;
}

export const cluster = JSON.parse(process.env["HEADGATE_TEST_CLUSTER"] ?? "{}") as TestCluster;
const kubeconfig = readFileSync(process.env["HEADGATE_TEST_KUBECONFIG"] ?? "/nowhere", "utf8");

const ROOT = join(__dirname, "..", "..");
const config = new KubeConfig();
config.loadFromString(kubeconfig);
export const api = {
  core: config.makeApiClient(CoreV1Api),
  custom: config.makeApiClient(CustomObjectsApi),
};

/** A canary that takes seconds, judged as in production. */
export const QUICK_CANARY: Release = {
  canary: { steps: [10, 50].map((weight) => ({ weight, hold: "20s" })) },
  analysis: { sequential: { minRequests: 50 }, onNoData: "rollback" },
  bake: "10s",
  progressDeadline: "60s",
};
/**
 * Requests as the pods count them: without probes and scrapes, which never fail and would speak for a version
 * that has no traffic yet.
 */
export const POD_COUNTERS = {
  total: 'http_requests_total{route="/"}',
  bad: 'http_requests_total{route="/",code=~"5.."}',
};
export const PROMISES: Objectives = { availability: 0.99 };

/** The example service; what it answers is set by its environment. */
export function hello(version: string, env: Record<string, string> = {}, edit: Partial<Service> = {}): Service {
  return {
    image: { reference: cluster.images["hello"] ?? "" },
    port: 8080,
    replicas: { count: 2 },
    resources: { cpu: "0.1", memory: "64MiB" },
    health: { readiness: { path: "/ready", interval: "1s" }, startTimeout: "60s" },
    metrics: {},
    env: { VERSION: version, ...env },
    stopDelay: "2s",
    stopTimeout: "20s",
    ...edit,
  };
}

type Said = Omit<KubernetesServiceArgs, "cluster" | "namespace" | "secrets">;

/** A stack of services in a namespace of its own, by a program in processes of its own. */
export class Delivery implements AsyncDisposable {
  /** Where its load goes: to the platform's router, unless it is changed. */
  url = `http://${cluster.nodeAddress}:${cluster.routerPort}/`;
  private readonly services: Record<string, Said> = {};

  private constructor(
    readonly engine: Engine,
    readonly namespace: string,
  ) {}

  static async create(
    services: (namespace: string) => Record<string, Said>,
    namespace: KubernetesNamespaceArgs = {},
  ): Promise<Delivery> {
    const name = `shop-${randomBytes(3).toString("hex")}`;
    const engine = await Engine.create({
      workDir: join(__dirname, "program"),
      plugins: [{ name: "kubernetes" }],
      config: {
        prometheus: cluster.prometheus,
        scrapeInterval: cluster.scrapeInterval,
        namespace: JSON.stringify({ namespace: name, ...namespace }),
      },
      secretConfig: { kubeconfig },
    });
    const delivery = new Delivery(engine, name);
    await delivery.say(services(name));
    return delivery;
  }

  /** Changes what the program says of services. */
  async say(services: Record<string, Partial<Said>>): Promise<void> {
    for (const [name, said] of Object.entries(services)) {
      this.services[name] = { ...this.services[name], ...said } as Said;
    }
    await this.engine.setConfig("services", JSON.stringify(this.services));
  }

  /** A load on a service through the router. */
  load(service: string, ratePerSecond = 100): Load {
    return startLoad({
      url: this.url,
      ratePerSecond,
      connections: 20,
      headers: { host: `${service}.${this.namespace}` },
    });
  }

  /** Versions that answer, by how many of the requests each did. */
  async versionsSeen(service: string, requests: number): Promise<Record<string, number>> {
    const load = startLoad({
      url: this.url,
      ratePerSecond: 200,
      connections: 4,
      maxSeconds: requests / 200,
      headers: { host: `${service}.${this.namespace}` },
    });
    await pause(requests / 200 + 0.3);
    const { byVersion, errors } = await load.stop();
    const seen = Object.entries(byVersion).map(([version, { ok, failed }]) => [version, ok + failed] as const);
    return Object.fromEntries(errors > 0 ? [...seen, ["lost", errors] as const] : seen);
  }

  async rollout(service: string): Promise<Rollout> {
    return api.custom.getNamespacedCustomObject({
      group: "argoproj.io",
      version: "v1alpha1",
      namespace: this.namespace,
      plural: "rollouts",
      name: service,
    });
  }

  /** Waits until so many pods of a service are ready. */
  ready(service: string, pods: number): Promise<true> {
    return eventually(60, `${pods} pods are ready`, async () => {
      const labelSelector = `app.kubernetes.io/name=${service}`;
      const { items } = await api.core.listNamespacedPod({ namespace: this.namespace, labelSelector });
      const ready = items.filter(
        ({ metadata, status }) =>
          metadata?.deletionTimestamp === undefined &&
          status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
      );
      return ready.length === pods ? true : undefined;
    });
  }

  /** Version that answers behind a Service of the namespace. */
  async askInside(service: string): Promise<string> {
    // The client takes the answer apart by its content type, whatever its signature says.
    const answer: unknown = await api.core.connectGetNamespacedServiceProxy({
      name: `${service}:80`,
      namespace: this.namespace,
    });
    return (answer as { version: string }).version;
  }

  /** Changes a Rollout as somebody else would. */
  async patch(service: string, body: object, fieldManager = "somebody"): Promise<void> {
    await api.custom.patchNamespacedCustomObject(
      {
        group: "argoproj.io",
        version: "v1alpha1",
        namespace: this.namespace,
        plural: "rollouts",
        name: service,
        body,
        fieldManager,
      },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
  }

  /** The command, on this cluster and namespace. */
  headgate(...args: string[]): Promise<{ code: number; output: string }> {
    const options = ["--namespace", this.namespace, "--kubeconfig", process.env["HEADGATE_TEST_KUBECONFIG"] ?? ""];
    return new Promise((resolve) => {
      execFile("tsx", [join(ROOT, "cli", "main.ts"), ...args, ...options], (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr }),
      );
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
  }
}

/** The parts of a Rollout that tests look at. */
export interface Rollout {
  metadata: { annotations?: Record<string, string>; generation: number };
  spec: { replicas?: number; template: { spec: { volumes?: { configMap?: { name: string } }[] } } };
  status?: { phase?: string; message?: string; abort?: boolean; stableRS?: string; currentPodHash?: string };
}

export const pause = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

/** Share of the requests that a version got from one second to another, in percent. */
export function shareOf(report: LoadReport, version: string, from: number, to: number): number {
  const counts = report.samples
    .filter(({ t }) => t >= from && t < to)
    .map(({ byVersion, sent }) => ({ of: byVersion[version]?.ok ?? 0, sent }));
  const sum = (pick: "of" | "sent") => counts.reduce((total, one) => total + one[pick], 0);
  return (100 * sum("of")) / sum("sent");
}

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type Server, Socket } from "node:net";
import { join } from "node:path";
import { CoreV1Api, KubeConfig, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import { parse, stringify } from "yaml";
import { deploy } from "../../components/kubernetes/release/deploy";
import type { ReleaseInputs, TurnInputs } from "../../components/kubernetes/release/inputs";
import type { RolloutSpec } from "../../components/release/compile/kubernetes-argo";
import { eventually } from "./harness";

const path = process.env["HEADGATE_TEST_KUBECONFIG"] ?? "/nowhere";
const given = JSON.parse(process.env["HEADGATE_TEST_CLUSTER"] ?? "{}") as {
  images: { argo: string; hello: string };
  customResources: { argo: string[] };
};
export const kubeconfig = readFileSync(path, "utf8");
const config = new KubeConfig();
config.loadFromString(kubeconfig);
const objects = KubernetesObjectApi.makeApiClient(config);
export const core = config.makeApiClient(CoreV1Api);

type Made = { apiVersion: string; kind: string; metadata: { name: string } & Record<string, unknown> };

export const apply = (object: Made & Record<string, unknown>): Promise<unknown> =>
  objects.patch(object, undefined, undefined, "release-lab", true, PatchStrategy.ServerSideApply);

/** What a version of the test's service is like. */
export interface Version {
  /** Anything that makes it another version. */
  name: string;
  image?: string;
  command?: string[];
  privileged?: boolean;
  /** ConfigMap that it reads. */
  config?: string;
}

/** Label by which a controller knows its own Rollouts: another controller of the cluster leaves these alone. */
const INSTANCE = "argo-rollouts.argoproj.io/controller-instance-id";

/** A namespace with a controller of its own, and a Prometheus that answers what the query asks for. */
export class ReleaseLab implements AsyncDisposable {
  private constructor(readonly namespace: string) {}

  static async create(): Promise<ReleaseLab> {
    await installCustomResources();
    const lab = new ReleaseLab(`rel-${randomBytes(3).toString("hex")}`);
    const labels = { "pod-security.kubernetes.io/enforce": "baseline" };
    await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: lab.namespace, labels } });
    await lab.startController();
    await lab.startNumbers();
    return lab;
  }

  inputs(service: string, edit: Partial<ReleaseInputs> = {}): ReleaseInputs {
    return {
      kubeconfig,
      context: "",
      namespace: this.namespace,
      name: service,
      component: "KubernetesService",
      image: given.images.hello,
      templateHashSource: "",
      retry: 0,
      waitSeconds: 120,
      retainConfigRevisions: 1,
      httpRoute: "",
      ...edit,
    };
  }

  turn(service: string, edit: Partial<TurnInputs> = {}): TurnInputs {
    return {
      ...this.inputs(service),
      strategy: "",
      onBusy: "stop",
      freeze: {},
      emergency: "",
      workload: { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout" },
      copies: 1,
      ...edit,
    };
  }

  /** Makes the Rollout say a version, as `pulumi up` would before it follows it. */
  async say(
    service: string,
    version: Version,
    strategy: RolloutSpec["strategy"],
    instance = this.namespace,
  ): Promise<void> {
    const { name, image = given.images.hello, command, privileged, config: configMap } = version;
    const labels = { "app.kubernetes.io/name": service };
    await apply({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      metadata: { name: service, namespace: this.namespace, labels: { [INSTANCE]: instance } },
      spec: {
        replicas: 2,
        revisionHistoryLimit: 1,
        progressDeadlineSeconds: 20,
        progressDeadlineAbort: true,
        selector: { matchLabels: labels },
        strategy,
        template: {
          metadata: { labels },
          spec: {
            terminationGracePeriodSeconds: 1,
            containers: [
              {
                name: service,
                image,
                imagePullPolicy: "IfNotPresent",
                ...(command !== undefined && { command }),
                ...(privileged === true && { securityContext: { privileged } }),
                ...(configMap !== undefined && { envFrom: [{ configMapRef: { name: configMap } }] }),
                env: [{ name: "VERSION", value: name }],
                readinessProbe: { httpGet: { path: "/ready", port: 8080 }, periodSeconds: 1 },
              },
            ],
          },
        },
      },
    });
  }

  /** Says a version and follows it; its lines, and its error. */
  async up(
    service: string,
    version: Version,
    strategy: RolloutSpec["strategy"],
    edit: Partial<ReleaseInputs> = {},
  ): Promise<{ lines: string[]; error?: string }> {
    await this.say(service, version, strategy);
    return this.follow(service, { ...(version.image !== undefined && { image: version.image }), ...edit });
  }

  async follow(
    service: string,
    edit: Partial<ReleaseInputs> = {},
    seen: (line: string) => void = () => {},
  ): Promise<{ lines: string[]; error?: string }> {
    const lines: string[] = [];
    const print = (line: string) => {
      lines.push(line);
      seen(line);
    };
    const error = await deploy(this.inputs(service, edit), print).then(
      () => undefined,
      (reason: Error) => reason.message,
    );
    return error === undefined ? { lines } : { lines, error };
  }

  /** Two templates of the judge whose numbers are good or bad, one beside the steps, one for a gate; `as` names them. */
  async judge(mood: "good" | "bad", as = mood): Promise<RolloutSpec["strategy"]> {
    const metric = (name: string, rest: object) => ({
      name,
      provider: { prometheus: { address: `http://numbers.${this.namespace}:9090`, query: `${name}/${mood}` } },
      ...rest,
    });
    const names = ["new-requests", "new-failed", "old-requests", "old-failed"];
    for (const [use, rest] of [
      ["release", { interval: "2s" }],
      ["gate", { count: 1 }],
    ] as const) {
      await apply({
        apiVersion: "argoproj.io/v1alpha1",
        kind: "AnalysisTemplate",
        metadata: { name: `${as}-${use}`, namespace: this.namespace, labels: { [INSTANCE]: this.namespace } },
        spec: {
          dryRun: names.map((name) => ({ metricName: `^${name}$` })),
          metrics: [
            metric("evidence", { ...rest, failureCondition: "result[0] >= 4.6", failureLimit: 0 }),
            ...names.map((name) => metric(name, rest)),
          ],
        },
      });
    }
    const templates = (use: string) => ({ templates: [{ templateName: `${as}-${use}` }] });
    return {
      canary: {
        maxSurge: 1,
        maxUnavailable: 0,
        analysis: { ...templates("release"), startingStep: 1 },
        steps: [{ setWeight: 50 }, { pause: { duration: "6s" } }, { analysis: templates("gate") }],
      },
    };
  }

  /** The command, on this cluster and namespace. */
  headgate(...args: string[]): Promise<{ code: number; output: string }> {
    const all = [join(__dirname, "..", "..", "cli", "main.ts"), "release", ...args];
    const where = ["--namespace", this.namespace, "--kubeconfig", path];
    return new Promise((resolve) => {
      execFile("tsx", [...all, ...where], (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr }),
      );
    });
  }

  /** A kubeconfig of an account without any rights. */
  async stranger(): Promise<string> {
    const { namespace } = this;
    await apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "stranger", namespace } });
    const request = { namespace, name: "stranger", body: { spec: { audiences: [], expirationSeconds: 600 } } };
    const { status } = await core.createNamespacedServiceAccountToken(request);
    return edited((read) => {
      for (const { user } of read.users) for (const key of Object.keys(user)) delete user[key];
      for (const { user } of read.users) user["token"] = status?.token ?? "";
    });
  }

  private async startController(): Promise<void> {
    const { namespace } = this;
    const labels = { app: "controller" };
    await apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "controller", namespace } });
    await apply({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "controller", namespace },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name: "controller", namespace }],
    });
    const args = ["--namespaced", "--namespace", namespace, "--instance-id", namespace, "--leader-elect=false"];
    const image = given.images.argo;
    const containers = [{ name: "controller", image, imagePullPolicy: "IfNotPresent", args }];
    await this.pod("controller", labels, { serviceAccountName: "controller", containers });
  }

  private async startNumbers(): Promise<void> {
    const { namespace } = this;
    const labels = { app: "numbers" };
    const command = ["node", "-e", `(${numbers.toString()})()`];
    const image = given.images.hello;
    const containers = [{ name: "numbers", image, imagePullPolicy: "IfNotPresent", command }];
    await this.pod("numbers", labels, { containers });
    const spec = { selector: labels, ports: [{ port: 9090 }] };
    await apply({ apiVersion: "v1", kind: "Service", metadata: { name: "numbers", namespace }, spec });
  }

  private async pod(name: string, labels: Record<string, string>, spec: object): Promise<void> {
    const { namespace } = this;
    await apply({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace, labels }, spec });
    await eventually(60, `${name} runs`, async () => {
      const { status } = await core.readNamespacedPod({ namespace, name });
      return status?.containerStatuses?.every(({ ready }) => ready) === true ? true : undefined;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await core.deleteNamespace({ name: this.namespace });
  }
}

/** Answers as Prometheus does, with numbers of a version that is good or bad, as the query says. */
function numbers(): void {
  const { createServer: serve } = require("node:http") as typeof import("node:http");
  const values: Record<string, [good: number, bad: number]> = {
    "new-requests": [940, 940],
    "new-failed": [1, 46],
    "old-requests": [8612, 8612],
    "old-failed": [9, 9],
    evidence: [-1.2, 8.2],
  };
  serve((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const query = new URLSearchParams(body || (request.url ?? "").split("?")[1]).get("query") ?? "";
      const [name = "", mood] = query.split("/");
      const value = values[name]?.[mood === "bad" ? 1 : 0] ?? 0;
      const result = [{ metric: {}, value: [Date.now() / 1000, String(value)] }];
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
    });
  }).listen(9090);
}

async function installCustomResources(): Promise<void> {
  for (const file of given.customResources.argo) {
    const definition = parse(readFileSync(file, "utf8")) as Made;
    const there = await objects.read(definition).catch(() => undefined);
    if (there === undefined) await apply(definition);
  }
}

interface Kubeconfig {
  clusters: { cluster: Record<string, unknown> }[];
  users: { user: Record<string, unknown> }[];
}

function edited(edit: (read: Kubeconfig) => void): string {
  const read = parse(kubeconfig) as Kubeconfig;
  edit(read);
  return stringify(read);
}

/** A way to the API server that can be closed and opened. */
export class Gate implements Disposable {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;
  private readonly to = new URL(config.getCurrentCluster()?.server ?? "");

  async open(): Promise<void> {
    this.server = createServer((from) => {
      const onward = new Socket().connect(Number(this.to.port || 443), this.to.hostname);
      for (const socket of [from, onward]) {
        this.sockets.add(socket);
        socket.on("error", () => socket.destroy());
        socket.on("close", () => this.sockets.delete(socket));
      }
      from.pipe(onward).pipe(from);
    });
    const { server } = this;
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    const address = server.address();
    if (typeof address === "object" && address !== null) this.port = address.port;
  }

  close(): void {
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
  }

  get kubeconfig(): string {
    return edited((read) => {
      for (const { cluster } of read.clusters) {
        cluster["server"] = `https://127.0.0.1:${this.port}`;
        cluster["tls-server-name"] = this.to.hostname;
      }
    });
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

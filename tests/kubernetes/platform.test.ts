import { readFileSync } from "node:fs";
import { get, type RequestOptions } from "node:https";
import { dirname, join } from "node:path";
import {
  ApiextensionsV1Api,
  AuthorizationV1Api,
  BatchV1Api,
  CoreV1Api,
  KubeConfig,
  RbacAuthorizationV1Api,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type KubernetesJobArgs, type KubernetesPlatformArgs, ServiceType } from "../../components/kubernetes";
import { Router } from "../../components/release/compile/target";
import { Engine, EngineError, freePorts } from "../../testkit";
import { ensureClusterImage } from "../../toolchain/kubernetes/build";
import { type Cluster, ensureCluster } from "../../toolchain/kubernetes/ensure";
import { cacheLayout, checkout } from "../../toolchain/paths";
import { eventually } from "./harness";

/** What the set-up has built. */
const HELLO = "headgate/hello:test";
const PASSWORD = "hunter2-of-the-job";
/** Small, so that everything fits onto two cores. */
const tiny = { cpu: "0.02", memory: "256MiB" };
/** Time for a test that runs several operations, on a machine that runs other tests too, in milliseconds. */
const SEVERAL = 900_000;
const NAMESPACES = ["headgate", "tools"];

/** A cluster of its own: what is installed here belongs to the whole of one. */
let cluster: Cluster;
const config = new KubeConfig();
/** The stack of the tests that come next; they make one after the other. */
let engine: Engine;
let api: { core: CoreV1Api; batch: BatchV1Api; crds: ApiextensionsV1Api; rbac: RbacAuthorizationV1Api };
let hello: string;
let platform: KubernetesPlatformArgs;

const job = (script: string, edit: Partial<KubernetesJobArgs> = {}) => ({
  image: hello,
  command: ["node", "-e", script],
  resources: { cpu: "0.02", memory: "128MiB" },
  timeout: "60s",
  ...edit,
});
const READS = 'if (require("fs").readFileSync("/run/secrets/PASSWORD", "utf8").length !== 18) process.exit(1)';

const say = (said: { platform?: KubernetesPlatformArgs; jobs?: Record<string, object> }) =>
  engine.setConfig("said", JSON.stringify(said));

async function nextStack(): Promise<void> {
  await engine?.[Symbol.asyncDispose]();
  engine = await Engine.create({
    workDir: join(__dirname, "platform-program"),
    plugins: [{ name: "kubernetes" }],
    secretConfig: { kubeconfig: readFileSync(cluster.kubeconfig, "utf8"), password: PASSWORD },
  });
}

/** What a failed operation said to its user. */
async function complaint(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`expected a failed operation (got ${String(error)})`);
  return `${error.diagnostics.join("\n")}\n${error.stdout}`;
}

/** A question to the platform's Prometheus, through the API server. */
async function ask<T>(path: string): Promise<T> {
  const url = `${config.getCurrentCluster()?.server}/api/v1/namespaces/headgate/services/prometheus:9090/proxy/api/v1/${path}`;
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const answer = await new Promise<string>((resolve, reject) => {
    get(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve(text)).on("error", reject);
    }).on("error", reject);
  });
  return (JSON.parse(answer) as { data: T }).data;
}

beforeAll(async () => {
  cluster = await ensureCluster({ mayUseUsers: false });
  const images = { argo: "", traefik: "", prometheus: "" };
  const crds = { argo: "", traefik: "", prometheus: "" };
  for (const name of ["argo", "traefik", "prometheus"] as const) {
    const image = await ensureClusterImage(checkout, cacheLayout(checkout), name, console.log);
    await cluster.loadArchive(image.archive);
    images[name] = image.reference;
    crds[name] = dirname(image.customResources[0] ?? "");
  }
  hello = await cluster.load(HELLO);
  platform = {
    argoRollouts: { image: images.argo, crds: crds.argo, keepCrds: false, resources: tiny },
    traefik: {
      image: images.traefik,
      crds: crds.traefik,
      keepCrds: false,
      serviceType: ServiceType.nodePort,
      webNodePort: 30080,
      resources: tiny,
    },
    prometheus: { image: images.prometheus, scrapeInterval: "1s", resources: tiny },
  };
  config.loadFromFile(cluster.kubeconfig);
  api = {
    core: config.makeApiClient(CoreV1Api),
    batch: config.makeApiClient(BatchV1Api),
    crds: config.makeApiClient(ApiextensionsV1Api),
    rbac: config.makeApiClient(RbacAuthorizationV1Api),
  };
  await nextStack();
});
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
  await cluster?.release();
});

test("A preview names what is missing when it is not to be installed", async () => {
  await say({ platform: { argoRollouts: { install: false }, traefik: { install: false } }, jobs: {} });
  const said = await complaint(engine.preview());
  for (const crd of ["rollouts.argoproj.io", "traefikservices.traefik.io"]) {
    expect(said).toContain(
      `KubernetesPlatform "platform": CustomResourceDefinition ${crd} is not in the cluster at https:`,
    );
  }
  expect(said).toContain("Install Argo Rollouts, or leave argoRollouts.install out.");
});

test("A preview names an API server that does not answer", async () => {
  const real = readFileSync(cluster.kubeconfig, "utf8");
  const [port = 0] = await freePorts(1);
  await engine.setConfig("kubeconfig", real.replace(/https:\/\/[^\s"]+/, `https://127.0.0.1:${port}`), true);
  const said = await complaint(engine.preview());
  await engine.setConfig("kubeconfig", real, true);
  expect(said).toMatch(
    /KubernetesCluster "cluster": kubeconfig names an API server that cannot be reached at https:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/,
  );
});

test("A platform is installed, every pod of it ready and admitted by the profile restricted", async () => {
  await say({ platform, jobs: { migrate: job(READS) } });
  const { outputs } = await engine.up();
  expect(outputs["version"]).toMatch(/^v1\.\d+/);
  expect(outputs["prometheus"]).toBe("http://prometheus.headgate.svc:9090");
  const { items } = await api.core.listNamespacedPod({ namespace: "headgate" });
  const ready = items.map(({ metadata, status }) => [
    metadata?.labels?.["app.kubernetes.io/name"],
    status?.conditions?.find(({ type }) => type === "Ready")?.status,
  ]);
  expect(ready.sort()).toEqual([
    ["argo-rollouts", "True"],
    ["argo-rollouts", "True"],
    ["prometheus", "True"],
    ["traefik", "True"],
    ["traefik", "True"],
  ]);
  const namespace = await api.core.readNamespace({ name: "headgate" });
  expect(namespace.metadata?.labels).toMatchObject({
    "pod-security.kubernetes.io/enforce": "restricted",
    "headgate.dev/platform": "true",
  });
  expect(await engine.stateText()).not.toContain(PASSWORD);
});

test("Prometheus reads the kubelet, the router, the controller and itself", async () => {
  type Targets = { activeTargets: { labels: { job: string }; health: string; lastError: string }[] };
  const jobs = await eventually(60, "every target is read", async () => {
    const { activeTargets } = await ask<Targets>("targets");
    const errors = activeTargets
      .filter(({ health }) => health !== "up")
      .map(({ labels, lastError }) => `${labels.job}: ${lastError}`);
    if (errors.length > 0) throw new Error(errors.join("\n"));
    return activeTargets.length >= 6 ? activeTargets.map(({ labels }) => labels.job).sort() : undefined;
  });
  expect(jobs).toEqual(["argo-rollouts", "argo-rollouts", "kubelet", "prometheus", "traefik", "traefik"]);
  type Series = { result: { metric: Record<string, string> }[] };
  const query = (text: string) => ask<Series>(`query?query=${encodeURIComponent(text)}`);
  // Which pods exist, by name: what the analysis goes by.
  const { result } = await query('container_start_time_seconds{namespace="headgate",container="traefik"}');
  expect(result.map(({ metric }) => metric["pod"])).toEqual([
    expect.stringMatching(/^traefik-/),
    expect.stringMatching(/^traefik-/),
  ]);
  for (const name of ["traefik_config_last_reload_success", "controller_clientset_k8s_request_total"]) {
    expect((await query(name)).result.length, name).toBeGreaterThan(0);
  }
});

test("The router answers on its port of the node", async () => {
  const answer = await fetch(`http://${cluster.nodeAddress}:30080/`);
  expect(answer.status).toBe(404);
});

test(
  "A second update changes nothing, and a job that ran is not run again",
  async () => {
    const before = await api.batch.listNamespacedJob({ namespace: "tools" });
    await engine.up({ expectNoChanges: true });
    await engine.refresh();
    await engine.up({ expectNoChanges: true });
    const after = await api.batch.listNamespacedJob({ namespace: "tools" });
    expect(after.items.map(({ metadata }) => metadata?.uid)).toEqual(before.items.map(({ metadata }) => metadata?.uid));
    expect(after.items[0]?.status?.succeeded).toBe(1);
  },
  SEVERAL,
);

test("A deployer's kubeconfig may deliver to its namespace, and do nothing else", async () => {
  const account = new KubeConfig();
  account.loadFromString(String((await engine.outputs())["kubeconfig"]));
  const authorization = account.makeApiClient(AuthorizationV1Api);
  const may = async (verb: string, group: string, resource: string, namespace: string) => {
    const resourceAttributes = { verb, group, resource, namespace };
    const { status } = await authorization.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
    return status?.allowed;
  };
  expect(await may("create", "argoproj.io", "rollouts", "tools")).toBe(true);
  expect(await may("patch", "", "services", "tools")).toBe(true);
  expect(await may("create", "argoproj.io", "rollouts", "headgate")).toBe(false);
  expect(await may("create", "rbac.authorization.k8s.io", "roles", "tools")).toBe(false);
  expect(await may("delete", "", "namespaces", "tools")).toBe(false);
});

test("Nothing is left when it is destroyed", async () => {
  await engine.destroy();
  const crds = await api.crds.listCustomResourceDefinition();
  expect(crds.items.map(({ metadata }) => metadata?.name)).toEqual([]);
  const roles = await api.rbac.listClusterRole();
  expect(roles.items.map(({ metadata }) => metadata?.name).filter((name) => name?.startsWith("headgate"))).toEqual([]);
  const { items } = await api.core.listNamespace();
  expect(items.map(({ metadata }) => metadata?.name).filter((name) => NAMESPACES.includes(name ?? ""))).toEqual([]);
});

test(
  "A job is run again when it changes, and one that fails is an error and is run again by the next update",
  async () => {
    await nextStack();
    await say({ jobs: { migrate: job(READS) } });
    await engine.up();
    await say({ jobs: { migrate: job(READS, { env: { SCHEMA: "2" } }) } });
    await engine.up();
    const { items } = await api.batch.listNamespacedJob({ namespace: "tools" });
    expect(items.map(({ status }) => status?.succeeded)).toEqual([1]);

    const failing = job('console.error("no such table"); process.exit(3)', { timeout: "30s" });
    await say({ jobs: { migrate: failing } });
    expect(await complaint(engine.up())).toMatch(/Job/);
    await say({ jobs: { migrate: job(READS, { env: { SCHEMA: "3" } }) } });
    await engine.up();
    await engine.up({ expectNoChanges: true });
  },
  SEVERAL,
);

test("A schedule is a CronJob that changes in place", async () => {
  const nightly = (cron: string) => ({
    migrate: job(READS, { env: { SCHEMA: "3" } }),
    report: job(READS, { schedule: { cron, timeZone: "Europe/Berlin" } }),
  });
  await say({ jobs: nightly("30 2 * * *") });
  await engine.up();
  await say({ jobs: nightly("0 3 * * *") });
  const { changes } = await engine.up();
  // The component's own arguments, and the object.
  expect(changes).toMatchObject({ update: 2 });
  expect(changes).not.toHaveProperty("replace");
  const { spec } = await api.batch.readNamespacedCronJob({ namespace: "tools", name: "report" });
  expect(spec).toMatchObject({ schedule: "0 3 * * *", timeZone: "Europe/Berlin", concurrencyPolicy: "Forbid" });
});

test(
  "CRDs that outlive a platform are taken by the next one, and stay the same when they are not kept any more",
  async () => {
    const uids = async () => {
      const { items } = await api.crds.listCustomResourceDefinition();
      return Object.fromEntries(items.map(({ metadata }) => [metadata?.name, metadata?.uid]));
    };
    await nextStack();
    const { keepCrds: _, ...kept } = { ...platform.argoRollouts, replicas: 1 };
    const other = { routers: [Router.nginx], prometheus: { address: "http://prometheus.monitoring.svc:9090" } };
    await say({ platform: { ...other, argoRollouts: { ...kept, keepCrds: false } } });
    await engine.up();
    const before = await uids();
    expect(Object.keys(before)).toContain("rollouts.argoproj.io");
    await say({ platform: { ...other, argoRollouts: kept } });
    await engine.up();
    expect(await uids()).toEqual(before);
    await engine.destroy();
    expect(await uids()).toEqual(before);
    await engine.up();
    await engine.up({ expectNoChanges: true });
    await say({ platform: { ...other, argoRollouts: { ...kept, keepCrds: false } } });
    await engine.up();
    expect(await uids()).toEqual(before);
    await engine.destroy();
    expect(await uids()).toEqual({});
  },
  SEVERAL,
);

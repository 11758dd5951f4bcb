import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, ensureCluster } from "../../toolchain/kubernetes/ensure";
import { livingClusters, sweepClusters } from "../../toolchain/kubernetes/registry";
import { cacheLayout, checkout } from "../../toolchain/paths";

const given = JSON.parse(process.env["HEADGATE_TEST_CLUSTER"] ?? "{}") as {
  nodeAddress: string;
  kubectl: string;
  /** The example service in the Docker Engine, and in the cluster of the tests. */
  built: string;
  images: Record<string, string>;
};
const cache = cacheLayout(checkout);
const NODE_PORT = 30_180;
const NAMESPACE = "cluster-test";
const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** kubectl with full rights on one cluster. */
class Kubectl {
  constructor(private readonly kubeconfig: string) {}

  async run(args: readonly string[], input?: unknown): Promise<string> {
    const running = promisify(execFile)(given.kubectl, ["--kubeconfig", this.kubeconfig, ...args]);
    running.child.stdin?.end(input === undefined ? "" : JSON.stringify(input));
    return (await running).stdout;
  }

  apply(...items: object[]): Promise<string> {
    return this.run(["apply", "--server-side", "-f", "-"], { apiVersion: "v1", kind: "List", items });
  }

  /** Runs a script in the pod of the service and gives what it prints. */
  node(script: string): Promise<string> {
    return this.run(["-n", NAMESPACE, "exec", "deployment/hello", "--", "node", "-e", script]);
  }
}

const hello = (version: string, image: string): object[] => {
  const metadata = { name: "hello", namespace: NAMESPACE };
  const labels = { app: "hello" };
  const container = {
    name: "hello",
    image,
    env: [{ name: "VERSION", value: version }],
    readinessProbe: { httpGet: { path: "/ready", port: 8080 }, periodSeconds: 1 },
    securityContext: restricted,
    volumeMounts: [{ name: "token", mountPath: "/token" }],
  };
  const token = { serviceAccountToken: { path: "token", audience: "vault" } };
  return [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: NAMESPACE, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    },
    { apiVersion: "v1", kind: "ResourceQuota", metadata, spec: { hard: { pods: "5" } } },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      spec: { podSelector: {}, ingress: [{ ports: [{ port: 8080 }] }] },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [container], volumes: [{ name: "token", projected: { sources: [token] } }] },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { type: "NodePort", selector: labels, ports: [{ port: 80, targetPort: 8080, nodePort: NODE_PORT }] },
    },
  ];
};

async function deploy(kubectl: Kubectl, version: string, image = given.images["hello"] ?? ""): Promise<void> {
  await kubectl.apply(...hello(version, image));
  await kubectl.run(["-n", NAMESPACE, "rollout", "status", "deployment/hello", "--timeout=120s"]);
}

/** What the service answers on the node; kube-proxy learns of a pod up to a second later than `rollout status`. */
async function answer(nodeAddress: string): Promise<unknown> {
  return await eventually(async () => {
    const response = await fetch(`http://${nodeAddress}:${NODE_PORT}/`);
    return ((await response.json()) as { version?: string }).version;
  });
}

async function eventually<T>(attempt: () => Promise<T> | T, seconds = 20): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; ; await new Promise((done) => setTimeout(done, 200))) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** All that is on this machine of one cluster. */
function traces(number: number, dir: string): string[] {
  const found: string[] = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      if (command.includes(`${dir}/`) || command.includes(`--node-ip=198.18.${number}.2`)) {
        found.push(`process ${command}`);
      }
    } catch {
      // It ended while this looked at it.
    }
  }
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  found.push(...mounts.filter((text) => text.includes(dir)).map((text) => `mount ${text}`));
  if (existsSync(`/sys/class/net/headgate${number}`)) found.push(`link headgate${number}`);
  const hierarchies = readdirSync("/sys/fs/cgroup").map((name) => join("/sys/fs/cgroup", name));
  for (const path of ["/sys/fs/cgroup", ...hierarchies].map((parent) => join(parent, "headgate", String(number)))) {
    if (existsSync(path)) found.push(`control group ${path}`);
  }
  if (existsSync(dir)) found.push(`folder ${dir}`);
  return found;
}

const numberOf = (nodeAddress: string): number => Number(nodeAddress.split(".")[2]);

const first = new Kubectl(process.env["HEADGATE_TEST_KUBECONFIG"] ?? "");

beforeAll(() => deploy(first, "first"));
afterAll(() => first.run(["delete", "namespace", NAMESPACE, "--ignore-not-found", "--wait=false"]));

test("a pod of the restricted standard runs and is reached by its service, from pods by name and from this machine", async () => {
  expect(await answer(given.nodeAddress)).toBe("first");
  const url = `http://hello.${NAMESPACE}.svc.cluster.local/`;
  const body = await first.node(`fetch("${url}").then((r) => r.text()).then((text) => console.log(text))`);
  expect(JSON.parse(body)).toMatchObject({ version: "first" });
  const missing = await first.node(`require("dns").lookup("nobody.${NAMESPACE}.svc", (e) => console.log(e.code))`);
  expect(missing.trim()).toBe("ENOTFOUND");
});

test("a pod has tokens for the audience it names, and is refused what the namespace does not allow", async () => {
  const token = await first.node(`console.log(require("fs").readFileSync("/token/token", "utf8"))`);
  expect(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())).toMatchObject({
    aud: ["vault"],
    iss: "https://kubernetes.default.svc.cluster.local",
  });
  const pod = (name: string, securityContext: object) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: NAMESPACE },
    spec: { containers: [{ name, image: given.images["hello"] ?? "", securityContext }] },
  });
  await expect(first.apply(pod("root", { ...restricted, runAsNonRoot: false }))).rejects.toThrow(
    /violates PodSecurity "restricted:latest"/,
  );
});

test("an evicted pod is replaced", async () => {
  const names = async () =>
    (await first.run(["-n", NAMESPACE, "get", "pods", "-l", "app=hello", "-o", "name"])).trim().split("\n");
  const [before = ""] = await names();
  const name = before.replace("pod/", "");
  await first.run(["create", "--raw", `/api/v1/namespaces/${NAMESPACE}/pods/${name}/eviction`, "-f", "-"], {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name, namespace: NAMESPACE },
  });
  await first.run(["-n", NAMESPACE, "wait", "--for=delete", before, "--timeout=60s"]);
  await first.run(["-n", NAMESPACE, "rollout", "status", "deployment/hello", "--timeout=60s"]);
  expect(await names()).not.toContain(before);
});

test("a second cluster runs beside the first and leaves nothing behind", async () => {
  const cluster: Cluster = await ensureCluster({ mayUseUsers: false, log: () => {} });
  const number = numberOf(cluster.nodeAddress);
  const dir = join(cache.root, "clusters", String(number));
  try {
    expect(traces(number, dir)).not.toEqual([]);
    const image = await cluster.load(given.built);
    await deploy(new Kubectl(cluster.kubeconfig), "second", image);
    // The same port, the same service address and the same pod addresses, each in a network of its own.
    expect(await answer(cluster.nodeAddress)).toBe("second");
    expect(await answer(given.nodeAddress)).toBe("first");
  } finally {
    await cluster.release();
  }
  expect(traces(number, dir)).toEqual([]);
  expect(existsSync(join(cache.logs, `cluster-${number}`))).toBe(false);
  expect(await answer(given.nodeAddress)).toBe("first");
});

test("a cluster ends with a process that is killed, and the next one removes what is left", async () => {
  const owner = startOwner();
  try {
    const { nodeAddress } = JSON.parse(await firstLine(owner)) as { nodeAddress: string };
    const number = numberOf(nodeAddress);
    const dir = join(cache.root, "clusters", String(number));
    owner.kill("SIGKILL");
    await eventually(() => {
      expect(traces(number, dir).filter((text) => !/^(control group|folder) /.test(text))).toEqual([]);
    });
    expect(await sweepClusters(cache)).toContain(number);
    expect(traces(number, dir)).toEqual([]);
    expect((await livingClusters(cache)).map(({ record }) => record.number)).not.toContain(number);
  } finally {
    owner.kill("SIGKILL");
  }
});

/** Another process that has a cluster. */
function startOwner(): ChildProcess {
  const ensure = join(checkout, "toolchain", "kubernetes", "ensure.ts");
  const program = `
    const { ensureCluster } = require(${JSON.stringify(ensure)});
    ensureCluster({ mayUseUsers: false, log: () => {} }).then((cluster) => {
      console.log(JSON.stringify(cluster));
      setInterval(() => {}, 1000);
    });`;
  return spawn(process.execPath, ["--import=tsx", "--eval", program], {
    cwd: checkout,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function firstLine(child: ChildProcess): Promise<string> {
  return await new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (text.includes("\n")) resolve(text);
    });
    child.once("close", (code) => reject(new Error(`the owner ended with code ${code}`)));
  });
}

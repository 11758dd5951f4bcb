import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "../policy/core/resource";
import { RULES } from "../policy/rules";
import { PackServer, resourceMessage, stackMessage } from "../policy/testing/pack-server";
import { checkout } from "../toolchain/paths";
import { policyPack } from "../toolchain/policy-pack";

const RESOURCES = 500;
const STACK = 5000;
const ROUNDS = 3;

/** A Deployment of ordinary size that meets every rule: what most resources are. */
function deployment(index: number): Resource {
  const whose = { owner: "shop", environment: "production", "cost-center": "4711" };
  const labels = { "app.kubernetes.io/name": `shop-${index}`, ...whose };
  const probe = { httpGet: { path: "/ready", port: 8080 }, periodSeconds: 5, failureThreshold: 3 };
  const container = (name: string) => ({
    name,
    image: `registry.example/${name}@sha256:${"a".repeat(64)}`,
    ports: [{ name: "http", containerPort: 8080 }],
    env: Array.from({ length: 10 }, (_, each) => ({ name: `SETTING_${each}`, value: `value ${each}` })),
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "128Mi" } },
    readinessProbe: probe,
    livenessProbe: { ...probe, failureThreshold: 12 },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  });
  const spec = {
    serviceAccountName: "shop",
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
    containers: [container("shop"), container("proxy")],
    volumes: [{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }],
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: labels },
      },
    ],
  };
  const name = `shop-${index}`;
  return {
    type: "kubernetes:apps/v1:Deployment",
    name,
    properties: {
      metadata: { name, namespace: "shop", labels },
      spec: { replicas: 3, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
  };
}

/** The same of a type that no rule looks at. */
const other = (index: number): Resource => ({ ...deployment(index), type: "aws:route53/record:Record" });
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
/** The most memory that a process has had, in MB. */
const peak = (pid: number) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]) / 1024;

/** Seconds of processor time a process has had: other work on the machine does not lengthen it. */
function processorSeconds(pid: number): number {
  const [, fields = ""] = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ");
  const [user = 0, system = 0] = fields.split(" ").slice(11, 13).map(Number);
  return (user + system) / 100;
}

/** Milliseconds of the pack's processor time for each resource. */
async function perResource(server: PackServer, messages: readonly Uint8Array[]): Promise<number> {
  const begin = processorSeconds(server.pid);
  for (const message of messages) {
    const answer = await server.ask("Analyze", message);
    if (answer.length > 0) throw new Error("a resource that meets the rules was flagged");
  }
  return (1000 * (processorSeconds(server.pid) - begin)) / messages.length;
}

async function main(): Promise<void> {
  mkdirSync(join(checkout, "test-results"), { recursive: true });
  const root = mkdtempSync(join(checkout, "test-results", "bench-policy-"));
  const entries = {
    empty: join(__dirname, "policy", "empty.ts"),
    headgate: join(checkout, "policy", "pack", "index.ts"),
  };
  // The SDK has to be the one that the engine's runner knows.
  const external: Record<string, string[]> = { empty: ["@pulumi/*"] };
  const deployments = Array.from({ length: RESOURCES }, (_, index) => resourceMessage(deployment(index)));
  const others = Array.from({ length: RESOURCES }, (_, index) => resourceMessage(other(index)));
  const stack = Array.from({ length: STACK }, (_, index) => deployment(index));
  const each = stack.map(resourceMessage);
  const whole = stackMessage(stack);
  console.log(
    `policies   ${RULES.length} rules, ${RESOURCES} resources of ${JSON.stringify(deployment(0).properties).length} bytes`,
  );
  try {
    const packs = await Promise.all(
      Object.entries(entries).map(
        async ([name, entry]) => [name, await policyPack(join(root, name), entry, external[name])] as const,
      ),
    );
    const figures: Record<string, { start: number[]; startUsed: number[]; workload: number[]; other: number[] }> = {};
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, folder] of packs) {
        using server = await PackServer.start(folder);
        figures[name] ??= { start: [], startUsed: [], workload: [], other: [] };
        const figure = figures[name];
        figure.startUsed.push(processorSeconds(server.pid));
        await perResource(server, deployments);
        figure.start.push(server.startMillis);
        figure.workload.push(await perResource(server, deployments));
        figure.other.push(await perResource(server, others));
      }
    }
    const base = figures["empty"];
    for (const [name, { start, startUsed, workload, other }] of Object.entries(figures)) {
      const more = median(workload) - median(base?.workload ?? []);
      console.log(
        `${name.padEnd(13)} start ${(median(start) / 1000).toFixed(2)} s (processor ${median(startUsed).toFixed(2)} s), workload ${median(workload).toFixed(2)} ms (${more.toFixed(2)} over empty), another type ${median(other).toFixed(2)} ms`,
      );
    }
    for (const [name, folder] of packs) {
      using server = await PackServer.start(folder);
      const [begin, used] = [performance.now(), processorSeconds(server.pid)];
      for (const message of each) await server.ask("Analyze", message);
      await server.ask("AnalyzeStack", whole);
      const seconds = (performance.now() - begin) / 1000;
      console.log(
        `${name.padEnd(13)} ${STACK} resources and the stack ${seconds.toFixed(1)} s, of the processor ${(processorSeconds(server.pid) - used).toFixed(1)} s, ${peak(server.pid).toFixed(0)} MB`,
      );
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

void main();

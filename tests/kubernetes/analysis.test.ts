import { randomBytes } from "node:crypto";
import { PatchStrategy, setHeaderOptions, type V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analysisTemplates } from "../../components/kubernetes/analysis/templates";
import { parseDuration } from "../../components/model/duration";
import type { Release } from "../../components/model/release";
import type { Service } from "../../components/model/service";
import { compileRelease } from "../../components/release/compile";
import { api, cluster, eventually, pause } from "./harness";

// Real Rollouts, AnalysisTemplates and pods, the real controller and a real Prometheus. Only the counters are made up:
// a pod tells them as the tests want them, for both versions.

const namespace = `analysis-${randomBytes(3).toString("hex")}`;
const GROUP = { group: "argoproj.io", version: "v1alpha1", namespace };
const SCRAPE_SECONDS = parseDuration(cluster.scrapeInterval);

/** Requests and failed ones per second; null: no counters at all. */
interface Traffic {
  requests: number;
  failed: number;
}

interface Case {
  release: Release;
  fresh: Traffic | null;
  prometheus?: string;
}

const old: Traffic = { requests: 50, failed: 0.1 };
const step = { weight: 50, hold: "10s" };
const usual: Release = {
  canary: { steps: [step] },
  analysis: { sequential: { minRequests: 50 } },
  bake: "0s",
  progressDeadline: "20s",
};
const good = { requests: 50, failed: 0.1 };
const bad = { requests: 50, failed: 25 };
const idle = { requests: 0, failed: 0 };
const NOWHERE = "http://127.0.0.1:9";
const { canary: _, ...others } = usual;
const blueGreen: Release = { ...others, blueGreen: {}, bake: "15s" };

const cases = {
  good: { release: usual, fresh: good },
  sure: {
    release: { ...usual, canary: { steps: [{ weight: 50, hold: "10m", gate: "verdict" }] } },
    fresh: { requests: 400, failed: 0 },
  },
  bad: { release: usual, fresh: bad },
  "bad-kept": { release: { ...usual, onFailure: "pause" }, fresh: bad },
  silent: { release: usual, fresh: null },
  "silent-asks": { release: { ...usual, analysis: { onNoData: "pause" } }, fresh: null },
  "silent-ends": { release: { ...usual, analysis: { onNoData: "rollback" } }, fresh: null },
  idle: { release: usual, fresh: idle },
  "idle-goes-on": { release: { ...usual, analysis: { onUndecided: "promote" } }, fresh: idle },
  "idle-asks": { release: { ...usual, analysis: { onUndecided: "pause" } }, fresh: idle },
  unreachable: { release: usual, fresh: good, prometheus: NOWHERE },
  "unreachable-asks": {
    release: { ...usual, analysis: { onNoData: "pause" } },
    fresh: good,
    prometheus: NOWHERE,
  },
  threshold: {
    release: { ...usual, analysis: { threshold: { window: "10s", consecutiveLooks: 2 } } },
    fresh: bad,
  },
  green: { release: blueGreen, fresh: good },
  "green-bad": { release: blueGreen, fresh: bad },
} satisfies Record<string, Case>;
type Name = keyof typeof cases;
const names = Object.keys(cases) as Name[];

interface Rollout {
  status?: {
    phase?: string;
    message?: string;
    currentPodHash?: string;
    stableRS?: string;
    currentStepIndex?: number;
    observedGeneration?: string;
  };
  metadata: { generation: number };
}

interface AnalysisRun {
  metadata: { name: string };
  status?: { metricResults?: { name: string; measurements?: { value?: string }[] }[] };
}

/** Tells counters that grow by themselves; a path /grow/SERVICE/HASH/GOOD/FAILED says how fast, in a second. */
const SCRIPT = `
const counters = new Map();
require("node:http").createServer(({ url }, response) => {
  response.setHeader("content-type", "text/plain");
  const now = Date.now() / 1000;
  const valueOf = ({ value, rate, at }) => value + rate * (now - at);
  const [, grow, service, hash, ...rates] = url.split("/");
  if (grow === "grow") {
    for (const [index, code] of [200, 503].entries()) {
      const series = JSON.stringify(hash) + ",service=" + JSON.stringify(service) + ",code=" + JSON.stringify(String(code));
      const before = counters.get(series);
      counters.set(series, { value: before === undefined ? 0 : valueOf(before), rate: Number(rates[index]), at: now });
    }
    response.end();
    return;
  }
  const lines = [...counters].map(([series, counter]) =>
    "scripted_requests_total{rollouts_pod_template_hash=" + series + "} " + Math.floor(valueOf(counter)) + "\\n");
  response.end(lines.join(""));
}).listen(8080);
`;

const labels = (name: string) => ({ "app.kubernetes.io/name": name });
const container = (name: string, program: string) => ({
  name,
  image: cluster.images["hello"] ?? "",
  imagePullPolicy: "IfNotPresent",
  command: ["node", "-e", program],
  resources: { requests: { cpu: "1m", memory: "16Mi" } },
});

const scriptPod: V1Pod = {
  metadata: {
    name: "script",
    labels: labels("script"),
    annotations: { "prometheus.io/scrape": "true", "prometheus.io/port": "8080", "prometheus.io/path": "/metrics" },
  },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ ...container("script", SCRIPT), ports: [{ containerPort: 8080 }] }],
  },
};

/** Says how fast the counters of a version grow. */
async function grow(name: string, hash: string, { requests, failed }: Traffic): Promise<void> {
  const path = `grow/${name}/${hash}/${requests - failed}/${failed}`;
  await api.core.connectGetNamespacedPodProxyWithPath({ name: "script:8080", namespace, path });
}

async function create(name: Name): Promise<void> {
  const { release, prometheus }: Case = cases[name];
  const service: Service = {
    image: { reference: "registry.example.com/shop:1" },
    port: 8080,
    replicas: { count: 2 },
    health: { readiness: { path: "/" } },
  };
  const { fields, requested, problems } = compileRelease(release, service, "kubernetes", { name, router: "none" });
  expect(problems).toEqual([]);
  const selector = `scripted_requests_total{service="${name}"`;
  const templates = analysisTemplates({
    release: fields,
    plan: requested,
    name,
    namespace,
    port: 80,
    router: "none",
    counters: { total: `${selector}}`, bad: `${selector},code=~"5.."}` },
    objectives: {},
    service,
    prometheus: prometheus ?? cluster.prometheus,
    scrapeSeconds: SCRAPE_SECONDS,
  });
  const make = (plural: string, kind: string, named: string, spec: object) =>
    api.custom.createNamespacedCustomObject(
      { ...GROUP, plural, body: { apiVersion: "argoproj.io/v1alpha1", kind, metadata: { name: named }, spec } },
      setHeaderOptions("Content-Type", "application/json"),
    );
  for (const template of templates) {
    await make("analysistemplates", "AnalysisTemplate", template.name, template.spec);
  }
  for (const one of [name, `${name}-preview`]) {
    const body = { metadata: { name: one }, spec: { selector: labels(name), ports: [{ port: 80 }] } };
    await api.core.createNamespacedService({ namespace, body });
  }
  await make("rollouts", "Rollout", name, {
    ...fields.rollout,
    selector: { matchLabels: labels(name) },
    template: {
      metadata: { labels: labels(name), annotations: { version: "1" } },
      spec: { terminationGracePeriodSeconds: 0, containers: [container(name, "setInterval(() => {}, 1e6)")] },
    },
  });
}

const rolloutOf = (name: string): Promise<Rollout> =>
  api.custom.getNamespacedCustomObject({ ...GROUP, plural: "rollouts", name });

/** Waits until a Rollout has one of those phases. */
const ended = (name: Name, phases: string[], seconds = 180) =>
  eventually(seconds, `${name} becomes ${phases.join(" or ")}`, async () => {
    const rollout = await rolloutOf(name);
    const current = rollout.status?.observedGeneration === String(rollout.metadata.generation);
    return current && phases.includes(rollout.status?.phase ?? "") ? rollout.status : undefined;
  });

async function release(name: Name): Promise<void> {
  const body = { spec: { template: { metadata: { annotations: { version: "2" } } } } };
  const before = (await rolloutOf(name)).status?.currentPodHash;
  await api.custom.patchNamespacedCustomObject(
    { ...GROUP, plural: "rollouts", name, body },
    setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
  );
  const hash = await eventually(60, `${name} has a new version`, async () => {
    const { status } = await rolloutOf(name);
    return status?.currentPodHash === before ? undefined : status?.currentPodHash;
  });
  const { fresh }: Case = cases[name];
  if (fresh !== null) await grow(name, hash, fresh);
}

beforeAll(async () => {
  await api.core.createNamespace({ body: { metadata: { name: namespace } } });
  await api.core.createNamespacedPod({ namespace, body: scriptPod });
  await eventually(60, "the script runs", async () => {
    const { status } = await api.core.readNamespacedPod({ name: "script", namespace });
    return status?.phase === "Running" ? true : undefined;
  });
  for (const name of names) await create(name);
  for (const name of names) {
    const { currentPodHash = "" } = await ended(name, ["Healthy"]);
    await grow(name, currentPodHash, old);
  }
  // The old version has a little history.
  await pause(20);
  await Promise.all(names.map(release));
}, 600_000);

afterAll(async () => {
  await api.core.deleteNamespace({ name: namespace });
});

/** What Argo says why a release was taken back: the metric of the template, and how it ended. */
const why = async (name: Name) => {
  const { message = "" } = (await ended(name, ["Degraded"])) ?? {};
  return /Metric "([\w-]+)" assessed (\w+)/.exec(message)?.slice(1).join(" ") ?? message;
};

describe("a canary", () => {
  test("that does as well as the old version takes over", async () => {
    await ended("good", ["Healthy"]);
  });

  test("that is surely well does not wait for the end of its hold", async () => {
    await ended("sure", ["Healthy"]);
  });

  test("that fails is taken back, with its numbers", async () => {
    expect(await why("bad")).toBe("evidence Failed");
    const numbers = await numbersOf("bad");
    expect(numbers["new-failed"]).toBeGreaterThan(10);
    expect((numbers["new-failed"] ?? 0) / (numbers["new-requests"] ?? 0)).toBeCloseTo(0.5, 1);
    expect(numbers["old-requests"]).toBeGreaterThan(10);
    expect((numbers["old-failed"] ?? 0) / (numbers["old-requests"] ?? 0)).toBeLessThan(0.05);
    expect(numbers["evidence"]).toBeGreaterThan(Math.log(125));
  });

  test("that fails and must not be taken back is stopped", async () => {
    const { message, stableRS, currentPodHash } = (await ended("bad-kept", ["Paused"])) ?? {};
    expect(message).toBe("InconclusiveAnalysisRun");
    expect(stableRS).not.toBe(currentPodHash);
  });

  test("goes by the threshold rule where it is asked for", async () => {
    expect(await why("threshold")).toBe("evidence Failed");
  });
});

describe("a version of which nothing is known", () => {
  test("is taken back after a while", async () => {
    expect(await why("silent")).toBe("wait Failed");
  });

  test("or stopped, or taken back at once", async () => {
    expect((await ended("silent-asks", ["Paused"]))?.message).toBe("InconclusiveAnalysisRun");
    expect(await why("silent-ends")).toBe("gate Failed");
  });

  test("because Prometheus does not answer, is taken back as without a decision, or stays where it is", async () => {
    expect(await why("unreachable")).toMatch(/^(gate|wait) Error$/);
    const { phase, currentStepIndex } = (await rolloutOf("unreachable-asks")).status ?? {};
    expect({ phase, currentStepIndex }).toEqual({ phase: "Progressing", currentStepIndex: 2 });
  });
});

describe("a version without requests", () => {
  test("is taken back after a while, goes on, or is stopped, as was asked", async () => {
    expect(await why("idle")).toBe("wait Failed");
    await ended("idle-goes-on", ["Healthy"]);
    expect((await ended("idle-asks", ["Paused"]))?.message).toBe("InconclusiveAnalysisRun");
  });
});

describe("a switch of all traffic", () => {
  const active = async (name: Name) => {
    const { spec } = await api.core.readNamespacedService({ name, namespace });
    return spec?.selector?.["rollouts-pod-template-hash"];
  };

  test("is kept when the new version does well in its bake", async () => {
    const { currentPodHash } = (await ended("green", ["Healthy"])) ?? {};
    expect(await active("green")).toBe(currentPodHash);
  });

  test("goes back when it does not", async () => {
    expect(await why("green-bad")).toBe("evidence Failed");
    const { stableRS } = (await rolloutOf("green-bad")).status ?? {};
    await eventually(30, "the old version has all traffic", async () =>
      (await active("green-bad")) === stableRS ? true : undefined,
    );
  });
});

/** The last numbers of a release's background analysis. */
async function numbersOf(name: Name): Promise<Record<string, number>> {
  const { items }: { items: AnalysisRun[] } = await api.custom.listNamespacedCustomObject({
    ...GROUP,
    plural: "analysisruns",
  });
  const hash = (await rolloutOf(name)).status?.currentPodHash ?? "?";
  const run = items.find((one) => one.metadata.name.startsWith(`${name}-${hash}`));
  const results = run?.status?.metricResults ?? [];
  return Object.fromEntries(
    results.map((metric) => [metric.name, Number(metric.measurements?.at(-1)?.value?.replaceAll(/[[\]]/g, ""))]),
  );
}

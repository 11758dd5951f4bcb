import { describe, expect, test } from "vitest";
import type { Release } from "../../model/release";
import type { Service } from "../../model/service";
import { compileRelease } from "../../release/compile";
import { Router } from "../../release/compile/target";
import type { AnalysisMetric } from "./argo-analysis";
import { type CountersArgs, countable, counterProblems, timeable } from "./counters";
import { judgedSeconds, lookSeconds } from "./look";
import { analysisTemplates, type TemplatesInput } from "./templates";
import { argoRun } from "./testing/argo-run";

const service: Service = {
  image: { reference: `registry.example.com/shop@sha256:${"a".repeat(64)}` },
  port: 8080,
  replicas: { count: 4 },
  health: { readiness: { path: "/ready" } },
};
const counters: CountersArgs = {
  total: 'http_requests_total{app="shop"}',
  bad: 'http_requests_total{app="shop",code=~"5.."}',
};
const objectives = { availability: 0.999, latency: { within: "500ms", ratio: 0.95 } };

function templates(release: Release, more: Partial<TemplatesInput> = {}) {
  const { router = Router.traefik, service: one = service } = more;
  const compiled = compileRelease(release, one, "kubernetes", { name: "shop", objectives, router });
  return analysisTemplates({
    release: compiled.fields,
    plan: compiled.requested,
    name: "shop",
    namespace: "store",
    port: 80,
    router,
    objectives,
    service: one,
    prometheus: "http://prometheus.headgate.svc:9090",
    scrapeSeconds: 15,
    ...more,
  });
}
const all: Release = { canary: { steps: [{ weight: 10 }, { weight: 50, gate: "verdict" }] } };
const template = (list: ReturnType<typeof templates>, use: string) => {
  const found = list.find(({ name }) => name === `shop-${use}`);
  if (found === undefined) throw new Error(`no template ${use}`);
  return found.spec;
};
const withoutQuery = ({ provider: { prometheus }, ...rest }: AnalysisMetric) => ({
  ...rest,
  provider: { prometheus: { ...prometheus, query: "…" } },
});
const NUMBERS = ["new-requests", "old-requests", "new-failed", "old-failed"];
const provider = { prometheus: { address: "http://prometheus.headgate.svc:9090", query: "…", timeout: 20 } };

test("the templates of a canary, but for their queries", () => {
  const list = templates(all);
  expect(list.map(({ name }) => name)).toEqual(["shop-release", "shop-gate", "shop-verdict"]);
  const shown = (use: string) => template(list, use).metrics.map(withoutQuery);
  const forever = { interval: "60s", consecutiveErrorLimit: 2_147_483_647 };
  const [failAt, passAt] = [Math.log(125), Math.log(0.05)];
  expect(shown("release")).toEqual([
    {
      name: "evidence",
      ...forever,
      successCondition: `result[0] <= ${passAt}`,
      failureCondition: `result[0] >= ${failAt}`,
      failureLimit: 0,
      inconclusiveLimit: 2_147_483_647,
      provider,
    },
    ...NUMBERS.map((name) => ({ name, ...forever, provider })),
  ]);
  const open = { count: 2_147_483_647, successCondition: "result[0] in [1, 2, 11]", consecutiveSuccessLimit: 1 };
  expect(shown("gate")).toEqual([
    {
      name: "gate",
      interval: "60s",
      consecutiveErrorLimit: 60,
      ...open,
      failureCondition: "result[0] in [4, 14, 24, 34]",
      failureLimit: 0,
      inconclusiveLimit: 2_147_483_647,
      provider,
    },
    {
      name: "wait",
      interval: "60s",
      consecutiveErrorLimit: 60,
      ...open,
      failureCondition: "result[0] in [0, 3, 4, 10, 12, 13, 14, 20, 21, 22, 23, 24, 30, 31, 32, 33, 34]",
      failureLimit: 10,
      inconclusiveLimit: 0,
      provider,
    },
    ...NUMBERS.map((name) => ({ name, count: 1, consecutiveErrorLimit: 60, provider })),
  ]);
  expect(shown("verdict")).toEqual([
    {
      name: "evidence",
      initialDelay: "{{args.interval}}",
      interval: "{{args.interval}}",
      count: "{{args.looks}}",
      successCondition: `result[0] <= ${passAt}`,
      consecutiveSuccessLimit: 1,
      failureLimit: -1,
      consecutiveErrorLimit: 30,
      provider,
    },
  ]);
  expect(template(list, "verdict").args).toEqual([
    { name: "canary-hash" },
    { name: "stable-hash" },
    { name: "looks", value: "5" },
    { name: "interval", value: "60s" },
  ]);
});

test("what decides nothing is said to", () => {
  const list = [...templates(all), ...templates({ blueGreen: {} }, { counters })];
  const deciding = Object.fromEntries(
    list.map(({ name, spec: { metrics, dryRun } }) => {
      const dry = (metric: string) => dryRun.some(({ metricName }) => new RegExp(metricName).test(metric));
      return [name, metrics.map((metric) => metric.name).filter((metric) => !dry(metric))];
    }),
  );
  expect(deciding).toEqual({
    "shop-release": ["evidence"],
    "shop-gate": ["gate", "wait"],
    "shop-verdict": [],
    "shop-bake": ["evidence", "gate", "wait"],
  });
});

describe("where requests are counted", () => {
  const queryOf = (release: Release, more: Partial<TemplatesInput>, metric = "evidence") =>
    template(templates(release, more), "release").metrics.find(({ name }) => name === metric)?.provider.prometheus
      .query ?? "";

  test.each<[Router, string, string]>([
    [
      "traefik",
      'traefik_service_requests_total{code=~"5..",service="store-shop-canary-80@kubernetescrd"}',
      'traefik_service_requests_total{service="store-shop-80@kubernetescrd"}',
    ],
    [
      "istio",
      'istio_requests_total{response_code=~"5..",reporter="source",destination_service_namespace="store",destination_service_name="shop-canary"}',
      'istio_requests_total{reporter="source",destination_service_namespace="store",destination_service_name="shop"}',
    ],
    [
      "nginx",
      'nginx_ingress_controller_requests{status=~"5..",namespace="store",ingress="shop",canary!=""}',
      'nginx_ingress_controller_requests{namespace="store",ingress="shop",canary=""}',
    ],
  ])("by %s, while the version's own pods are there", (router, bad, oldTotal) => {
    const query = queryOf({ canary: {} }, { router });
    const presence =
      '{__name__=~"container_start_time_seconds|kube_pod_info|up",namespace="store",pod=~"shop-{{args.canary-hash}}-.+"}';
    expect(query).toContain(`(sum(irate(${bad}[29999ms]))>=0 and on()${presence} or vector(0))`);
    expect(query).toContain(`(sum(irate(${oldTotal}[29999ms]))>=0 or vector(0))`);
  });

  test("by the service's own counters, whose label tells the version", () => {
    const query = queryOf({}, { counters: { ...counters, versionLabel: "hash" } });
    expect(query).toContain('http_requests_total{app="shop",hash="{{args.canary-hash}}"}');
    expect(query).toContain('http_requests_total{app="shop",code=~"5..",hash="{{args.stable-hash}}"}');
    expect(query).not.toContain(" and on()");
    const bare = queryOf({}, { counters: { total: "requests", bad: "errors{}" } });
    expect(bare).toContain('sum(irate(requests{rollouts_pod_template_hash="{{args.canary-hash}}"}[');
    expect(bare).toContain('sum(irate(errors{rollouts_pod_template_hash="{{args.canary-hash}}"}[');
  });

  test.each([
    ["500ms", 'le="0.5"'],
    ["2s", 'le=~"2(\\\\.0)?"'],
  ])("durations within %s by the service's own histogram", (within, bound) => {
    const timed = { ...service, metrics: {} };
    const latency = { ...objectives.latency, within };
    const query = queryOf({ canary: {} }, { service: timed, objectives: { ...objectives, latency } });
    const label = 'rollouts_pod_template_hash="{{args.canary-hash}}"';
    expect(query).toContain(`http_request_duration_seconds_bucket{namespace="store",${bound},${label}}`);
    expect(query).toContain(`http_request_duration_seconds_count{namespace="store",${label}}`);
    // There are no data of slow requests without the bucket.
    const gate = template(
      templates({ canary: {} }, { service: timed, objectives: { ...objectives, latency } }),
      "gate",
    );
    expect(gate.metrics[0]?.provider.prometheus.query).toContain(
      `count(count_over_time(http_request_duration_seconds_bucket{namespace="store",${bound},${label}}`,
    );
    const names = template(templates({ canary: {} }, { service: timed }), "release").metrics.map(({ name }) => name);
    expect(names).toEqual(["evidence", ...NUMBERS, "new-slow", "old-slow"]);
    // Two metrics share alpha.
    const [evidence] = template(templates({ canary: {} }, { service: timed }), "release").metrics;
    expect(evidence?.failureCondition).toBe(`result[0] >= ${Math.log(250)}`);
  });

  test("durations that nothing tells are not judged", () => {
    expect(queryOf({ canary: {} }, {})).not.toContain("duration");
    const slow = { total: "t_count", good: 't_bucket{le="0.5"}' };
    expect(queryOf({}, { counters: { ...counters, slow } })).toContain('t_bucket{le="0.5",rollouts');
  });

  test("is known before anything is made", () => {
    expect(countable("traefik", { canary: {} }, undefined)).toBe(true);
    expect(countable("gatewayApi", { canary: {} }, undefined)).toBe(false);
    expect(countable("alb", { canary: {} }, undefined)).toBe(false);
    expect(countable("none", { canary: {} }, undefined)).toBe(false);
    expect(countable("traefik", {}, undefined)).toBe(false);
    expect(countable("traefik", { blueGreen: {} }, undefined)).toBe(false);
    expect(countable("none", {}, counters)).toBe(true);
    expect([timeable(undefined, undefined), timeable({}, undefined), timeable(undefined, counters)]).toEqual([
      false,
      true,
      false,
    ]);
  });
});

test.each<[Partial<CountersArgs>, string[]]>([
  [{}, []],
  [{ total: "requests", bad: '{__name__="errors", code=~"5[0-9]{2}"}' }, []],
  [{ total: 'a:b{x="a,b{}\\"",}' }, []],
  [{ total: "sum(requests)" }, ["counters.total"]],
  [{ total: "requests[5m]", bad: "requests{code=500}" }, ["counters.total", "counters.bad"]],
  [{ total: "" }, ["counters.total"]],
  [{ bad: 'errors{rollouts_pod_template_hash="1"}' }, ["counters.bad"]],
  [{ bad: 'errors{text="rollouts_pod_template_hash=1"}' }, []],
  [{ versionLabel: "a-b" }, ["counters.versionLabel"]],
  [{ slow: { total: "count", good: "bucket{le=0.5}" } }, ["counters.slow.good"]],
])("counters that are no selectors are refused: %j", (change, paths) => {
  expect(counterProblems("shop", "none", {}, { ...counters, ...change }).map(({ path }) => path)).toEqual(paths);
});

test("a name so long that it hides the version in those of the pods is refused where that matters", () => {
  const long = "s".repeat(47);
  expect(counterProblems(long, "traefik", { canary: {} }, undefined).map(({ path }) => path)).toEqual(["name"]);
  expect(counterProblems(long.slice(1), "traefik", { canary: {} }, undefined)).toEqual([]);
  expect(counterProblems(long, "traefik", { canary: {} }, counters)).toEqual([]);
  expect(counterProblems(long, "traefik", {}, undefined)).toEqual([]);
});

describe("times", () => {
  const planOf = (release: Release) => compileRelease(release, service, "kubernetes").requested;

  test.each<[Release, number, number]>([
    [{ canary: {} }, 15, 60],
    [{ canary: { steps: [{ weight: 10, hold: "60s" }] } }, 5, 12],
    [{ canary: { steps: [{ weight: 10, hold: "60s" }] } }, 15, 15],
    [{ canary: {}, bake: "20s" }, 1, 4],
    [{ canary: { steps: [{ weight: 10, hold: "2s" }] }, bake: "0s" }, 0.5, 1],
    [{}, 1, 2],
    [{}, 30, 30],
    [{ immediate: {}, bake: "0s" }, 15, 60],
  ])("%j with scrapes every %s s: a look every %s s", (release, scrapeSeconds, look) => {
    expect(lookSeconds(planOf(release), scrapeSeconds)).toBe(look);
  });

  test("a release of days is not judged all at once, the less the more often metrics come", () => {
    const release: Release = { canary: { steps: [{ weight: 10, hold: "48h" }] } };
    expect([60, 15, 2].map((scrape) => judgedSeconds(planOf(release), scrape))).toEqual([21_660, 21_615, 10_002]);
  });

  test.each<[Release, number]>([
    [{ canary: {} }, 4 * 300 + 300 + 600 + 15],
    [{ canary: { steps: [{ weight: 10, hold: "1m", gate: "manual" }] } }, 60 + 300 + 600 + 3600 + 15],
    [{}, 3 * 10 + 300 + 600 + 15],
  ])("%j is judged over %s s", (release, seconds) => {
    expect(judgedSeconds(planOf(release), 15)).toBe(seconds);
  });
});

describe("a run of a template in Argo", () => {
  const args = { "canary-hash": "a", "stable-hash": "b", looks: "5", interval: "60s" };
  const run = (use: string, answers: Parameters<typeof argoRun>[2], until = 5000, release: Release = all) =>
    argoRun(template(templates(release, release === all ? {} : { counters }), use), args, answers, until);
  const standing =
    (code: number, evidence = 0) =>
    (name: string) =>
      name === "gate" || name === "wait" ? [code] : name === "evidence" ? [evidence] : [100];

  test("a verdict ends when the judge is sure, or after its looks, and always well", () => {
    const sureAt = (at: number) => run("verdict", (_, now) => [now >= at ? -5 : 3]);
    expect(sureAt(0)).toMatchObject({ phase: "Successful", at: 60 });
    expect(sureAt(150)).toMatchObject({ phase: "Successful", at: 180 });
    expect(sureAt(9999)).toMatchObject({ phase: "Successful", at: 300 });
    expect(run("verdict", () => [5])).toMatchObject({ phase: "Successful", at: 300 });
  });

  test("a verdict without Prometheus takes as long as its hold at least, and leaves it to the gate", () => {
    const { phase, at } = run("verdict", () => undefined);
    expect(phase).toBe("Successful");
    expect(at).toBeGreaterThanOrEqual(300);
  });

  test("a gate reads its numbers once, and opens at once", () => {
    const { phase, at, measured } = run("gate", standing(2));
    expect({ phase, at }).toEqual({ phase: "Successful", at: 0 });
    expect(Object.values(measured).map((all) => all.length)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test("the release has numbers as long as it lasts, and no end of its own", () => {
    const { phase, measured } = run("release", standing(0, -9), 1199);
    expect(phase).toBe("Running");
    expect(measured["new-requests"]).toHaveLength(20);
    expect(run("release", (name, at) => (name === "evidence" ? [at < 300 ? 1 : 5] : [7]))).toMatchObject({
      phase: "Failed",
      at: 300,
    });
  });

  test("a bake lasts its time, whatever is known before, and then asks like a gate", () => {
    const blueGreen: Release = { blueGreen: {} };
    expect(run("bake", standing(1, -9), 5000, blueGreen)).toMatchObject({ phase: "Successful", at: 300 });
    expect(run("bake", standing(12), 5000, blueGreen)).toMatchObject({ phase: "Successful", at: 300 });
    expect(run("bake", standing(20), 5000, blueGreen)).toMatchObject({ phase: "Failed", at: 900 });
    expect(run("bake", standing(4, 6), 5000, blueGreen)).toMatchObject({ phase: "Failed", at: 60 });
    const bad = (name: string, at: number) => standing(at < 420 ? 12 : 4)(name);
    const waits: Release = { blueGreen: {}, analysis: { onUndecided: "wait" } };
    expect(run("bake", bad, 5000, waits)).toMatchObject({ phase: "Failed", at: 420 });
    expect(run("bake", standing(4, 6), 5000, { ...blueGreen, onFailure: "pause" })).toMatchObject({
      phase: "Inconclusive",
      at: 60,
    });
  });
});

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { type Standing, standingOf } from "../../components/kubernetes/analysis/decision";
import { analysisTemplates, type TemplatesInput } from "../../components/kubernetes/analysis/templates";
import type { Release } from "../../components/model/release";
import type { Service } from "../../components/model/service";
import { compileRelease } from "../../components/release/compile";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "headgate-analysis-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SCRAPE = 15;
const service: Service = {
  image: { reference: `registry.example.com/shop@sha256:${"a".repeat(64)}` },
  port: 8080,
  metrics: {},
  health: { readiness: { path: "/ready" } },
};
const latency = { within: "500ms", ratio: 0.95 };
const canary: Release = { canary: { steps: [{ weight: 10 }, { weight: 50, gate: "verdict" }] } };
const counters = { total: "requests_total", bad: 'requests_total{code=~"5.."}' };

/** Queries by template and metric, with the hashes that Argo would write into them. */
function queries(release: Release, more: Partial<TemplatesInput> = {}): Map<string, string> {
  const { router = "traefik", objectives = { availability: 0.999 } } = more;
  const compiled = compileRelease(release, service, "kubernetes", { name: "shop", objectives, router });
  const templates = analysisTemplates({
    release: compiled.fields,
    plan: compiled.requested,
    name: "shop",
    namespace: "store",
    port: 80,
    router,
    objectives,
    service,
    prometheus: "http://prometheus:9090",
    scrapeSeconds: SCRAPE,
    ...more,
  });
  return new Map(
    templates.flatMap(({ name, spec }) =>
      spec.metrics.map((metric) => {
        const { query } = metric.provider.prometheus;
        const written = query.replaceAll("{{args.canary-hash}}", "bbb").replaceAll("{{args.stable-hash}}", "aaa");
        return [`${name}/${metric.name}`, written];
      }),
    ),
  );
}

/** Scrapes of a counter: nothing, then so many more at each scrape, then nothing again. */
interface Counter {
  series: string;
  /** Scrapes before it is there. */
  from?: number;
  /** Growth at each scrape: one number, or one after another. */
  step: number | ((scrape: number) => number);
  /** Scrape from which on it is gone. */
  until?: number;
}

const SCRAPES = 360;
/** The new version comes after an hour and a quarter of the old one. */
const BORN = 300;

function written({ from = 0, step, until = SCRAPES + 1 }: Omit<Counter, "series">): string {
  let total = 0;
  return Array.from({ length: SCRAPES + 1 }, (_, scrape) => {
    if (scrape < from || scrape >= until) return scrape === until ? "stale" : "_";
    if (scrape > from) total += typeof step === "number" ? step : step(scrape);
    return String(total);
  }).join(" ");
}

/** One error every so many scrapes. */
const every =
  (scrapes: number, size = 1) =>
  (scrape: number) =>
    scrape % scrapes === 0 ? size : 0;

/** What the queries give after the last scrape, by promtool, whose tests say what they got when it is something else. */
async function values(expressions: readonly string[], series: readonly Counter[]): Promise<number[]> {
  const file = join(folder, "values.yml");
  const tests = [
    {
      interval: `${SCRAPE}s`,
      input_series: series.map(({ series, ...counter }) => ({ series, values: written(counter) })),
      promql_expr_test: expressions.map((expr) => ({ expr, eval_time: `${SCRAPES * SCRAPE}s`, exp_samples: [] })),
    },
  ];
  writeFileSync(file, JSON.stringify({ rule_files: [], evaluation_interval: `${SCRAPE}s`, tests }));
  const { stdout, stderr } = await run("promtool", ["test", "rules", file], { maxBuffer: 1e8 }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  const found = [...`${stdout}${stderr}`.matchAll(/got:\s*(?:\{\} (\S+)|nil)/g)].map(([, value]) => Number(value));
  if (found.length !== expressions.length) throw new Error(`${stdout}${stderr}`.slice(0, 4000));
  return found;
}

const ofVersion = (hash: string, step: Counter["step"], failed: Counter["step"], from = 0): Counter[] => [
  { series: `requests_total{code="200",pod="shop-${hash}-x",rollouts_pod_template_hash="${hash}"}`, step, from },
  {
    series: `requests_total{code="503",pod="shop-${hash}-x",rollouts_pod_template_hash="${hash}"}`,
    step: failed,
    from,
  },
];
/** 100 requests at each scrape, one of 1,000 fails. */
const old = ofVersion("aaa", 100, every(10));

describe("where a release stands, by the service's own counters", () => {
  test.each<[what: string, standing: Standing, fresh: Counter[], release?: Release]>([
    ["nothing of the new version", "noData", []],
    ["a new version without requests", "undecided", ofVersion("bbb", 0, 0, BORN)],
    ["one that has answered 20", "undecided", ofVersion("bbb", every(3), 0, BORN)],
    ["one that does as well as the old", "clear", ofVersion("bbb", 10, every(45), BORN)],
    ["one with all requests and no error", "sure", ofVersion("bbb", 100, 0, BORN)],
    ["one that fails too often", "suspect", ofVersion("bbb", 10, every(11), BORN)],
    ["one that fails all the time", "bad", ofVersion("bbb", 10, 2, BORN)],
    [
      "one that failed all the time, and says nothing any more",
      "bad",
      ofVersion("bbb", 10, 2, BORN).map((counter) => ({ ...counter, until: 345 })),
    ],
    [
      "one that did well, and says nothing any more",
      "noData",
      ofVersion("bbb", 10, 0, BORN).map((counter) => ({ ...counter, until: 345 })),
    ],
  ])("%s: %s", async (_, standing, fresh) => {
    const query = queries(canary, { counters }).get("shop-gate/gate") ?? "";
    const [code = Number.NaN] = await values([query], [...old, ...fresh]);
    expect({ code, standing: standingOf(code) }).toEqual({ code, standing });
  });

  const threshold: Release = { ...canary, analysis: { threshold: {} } };
  test.each<[what: string, standing: Standing, fresh: Counter[]]>([
    ["nothing of the new version", "noData", []],
    ["a new version without requests", "undecided", ofVersion("bbb", 0, 0, BORN)],
    ["one that has answered 20", "undecided", ofVersion("bbb", every(3), 0, BORN)],
    ["one without an error", "clear", ofVersion("bbb", 20, 0, BORN)],
    // 0.9 % is no more than 1 %.
    ["one below the limit", "clear", ofVersion("bbb", 110, 1, BORN)],
    ["one above it all the time", "bad", ofVersion("bbb", 20, 1, BORN)],
    // The last two looks of three, a minute apart.
    ["one above it for two looks", "suspect", ofVersion("bbb", 20, (scrape) => Number(scrape > 352), BORN)],
    ["one above it until lately", "clear", ofVersion("bbb", 20, (scrape) => Number(scrape <= 355), BORN)],
    ["one with few requests, over all of them", "bad", ofVersion("bbb", 1, every(4), BORN)],
  ])("by the threshold rule, %s: %s", async (_, standing, fresh) => {
    const query = queries(threshold, { counters }).get("shop-gate/gate") ?? "";
    const [code = Number.NaN] = await values([query], [...old, ...fresh]);
    expect({ code, standing: standingOf(code) }).toEqual({ code, standing });
  });

  test("by the threshold rule, one that is no worse than twice the old version is not bad", async () => {
    const query = queries(threshold, { counters }).get("shop-gate/gate") ?? "";
    const worse = (old: number, fresh: number) =>
      values([query], [...ofVersion("aaa", 100, old), ...ofVersion("bbb", 20, fresh, BORN)]);
    expect((await worse(10, 4)).map(standingOf)).toEqual(["clear"]);
    expect((await worse(9, 4)).map(standingOf)).toEqual(["bad"]);
  });
});

describe("where a release stands, by the router's counters", () => {
  const ofService = (which: string, step: Counter["step"], failed: Counter["step"], from = 0): Counter[] =>
    [200, 502].map((code) => ({
      series: `traefik_service_requests_total{code="${code}",method="GET",protocol="http",service="store-${which}-80@kubernetescrd"}`,
      step: code === 200 ? step : failed,
      from,
    }));
  const pods = (hash: string, from: number, until = SCRAPES + 1): Counter => ({
    series: `container_start_time_seconds{container="shop",namespace="store",pod="shop-${hash}-abcde"}`,
    step: 0,
    from,
    until,
  });
  const stable = ofService("shop", 100, every(10));
  const query = queries(canary).get("shop-gate/gate") ?? "";

  test.each<[what: string, standing: Standing, series: Counter[]]>([
    ["no request to either version, no series", "noData", [pods("bbb", BORN)]],
    ["no request to the new version yet", "undecided", [...stable, pods("bbb", BORN)]],
    ["nobody tells of its pods", "noData", [...stable, ...ofService("shop-canary", 10, 0, BORN)]],
    ["a good one", "clear", [...stable, ...ofService("shop-canary", 10, every(50), BORN), pods("bbb", BORN)]],
    ["a bad one", "bad", [...stable, ...ofService("shop-canary", 10, 2, BORN), pods("bbb", BORN)]],
    [
      "a good one after a bad one",
      "clear",
      [
        ...stable,
        ...ofService("shop-canary", 10, (scrape) => (scrape < BORN ? 4 : scrape % 50 === 0 ? 1 : 0), BORN - 40),
        pods("ccc", BORN - 40, BORN - 1),
        pods("bbb", BORN),
      ],
    ],
    [
      "a bad one after a good one",
      "bad",
      [
        ...stable,
        ...ofService("shop-canary", 10, (scrape) => (scrape < BORN ? 0 : 2), BORN - 40),
        pods("ccc", BORN - 40, BORN - 1),
        pods("bbb", BORN),
      ],
    ],
    [
      "one without requests after a bad one",
      "undecided",
      [
        ...stable,
        ...ofService(
          "shop-canary",
          (scrape) => (scrape < BORN ? 10 : 0),
          (scrape) => (scrape < BORN ? 4 : 0),
          BORN - 40,
        ),
        pods("ccc", BORN - 40, BORN - 1),
        pods("bbb", BORN),
      ],
    ],
  ])("%s: %s", async (_, standing, series) => {
    const [code = Number.NaN] = await values([query], series);
    expect({ code, standing: standingOf(code) }).toEqual({ code, standing });
  });

  test("numbers are those since the new version's first request, of itself alone", async () => {
    const all = queries(canary);
    const names = ["new-requests", "new-failed", "old-requests", "old-failed"];
    const expressions = names.map((name) => all.get(`shop-release/${name}`) ?? "");
    const series = [
      ...stable,
      ...ofService("shop-canary", (scrape) => (scrape < BORN || scrape > BORN + 10 ? 10 : 0), 1, BORN - 40),
      pods("bbb", BORN),
    ];
    const slots = SCRAPES - BORN + 1;
    expect(await values(expressions, series)).toEqual([(slots - 11) * 10 + slots, slots, slots * 100 + 7, 7]);
  });
});

/** A Prometheus with these series in its past. */
async function prometheus(
  series: readonly Counter[],
): Promise<{ url: string; stop: () => Promise<void>; now: number }> {
  const data = join(folder, "data");
  mkdirSync(data, { recursive: true });
  const now = Math.floor(Date.now() / 1000 / SCRAPE) * SCRAPE;
  const lines = series.flatMap(({ series, ...counter }) =>
    written(counter)
      .split(" ")
      .flatMap((value, scrape) =>
        Number.isNaN(Number(value)) ? [] : [`${series} ${value} ${now - (SCRAPES - scrape) * SCRAPE}`],
      ),
  );
  writeFileSync(join(folder, "past.txt"), `${lines.join("\n")}\n# EOF\n`);
  await run("promtool", ["tsdb", "create-blocks-from", "openmetrics", join(folder, "past.txt"), data]);
  writeFileSync(join(folder, "prometheus.yml"), "{}");
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  server.close();
  await once(server, "close");
  const child = spawn(
    "prometheus",
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
  const ended = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    if (
      await fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    if (attempt > 300) throw new Error("Prometheus does not start");
    await pause(100);
  }
  return {
    url,
    now,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

test("a real Prometheus takes every query of every template, quickly, and gives one number", async () => {
  const inputs: [Release, Partial<TemplatesInput>][] = [
    ...(["traefik", "istio", "nginx"] as const).map((router): [Release, Partial<TemplatesInput>] => [
      canary,
      { router, objectives: { availability: 0.999, latency } },
    ]),
    [{ ...canary, analysis: { sequential: { warmUp: "60s", tolerate: 1.2 } } }, { objectives: { latency } }],
    [{ ...canary, analysis: { threshold: {} } }, { objectives: { latency } }],
    [{ blueGreen: {} }, { counters, objectives: { latency } }],
    [{ blueGreen: {}, analysis: { threshold: {} } }, { counters }],
    [{}, { counters }],
  ];
  // 20 copies, each with counters of five codes.
  const series = ["aaa", "bbb"].flatMap((hash) =>
    Array.from({ length: 20 }, (_, pod) =>
      [200, 201, 404, 500, 503].map(
        (code): Counter => ({
          series: `requests_total{code="${code}",pod="${pod}",rollouts_pod_template_hash="${hash}"}`,
          step: code < 500 ? 50 : every(20),
          from: hash === "aaa" ? 0 : BORN,
        }),
      ),
    ).flat(),
  );
  const server = await prometheus(series);
  try {
    const seen: number[] = [];
    let slowest = { milliseconds: 0, name: "" };
    for (const [release, more] of inputs) {
      for (const [name, query] of queries(release, more)) {
        const body = new URLSearchParams({ query, time: String(server.now) });
        const started = Date.now();
        const answer = await fetch(`${server.url}/api/v1/query`, { method: "POST", body });
        const milliseconds = Date.now() - started;
        if (milliseconds > slowest.milliseconds) slowest = { milliseconds, name };
        const { status, error, data } = (await answer.json()) as {
          status: string;
          error?: string;
          data?: { resultType: string; result: { metric: object; value: [number, string] }[] };
        };
        expect({ name, status, error }).toEqual({ name, status: "success", error: undefined });
        expect([name, data?.resultType, data?.result.length, data?.result[0]?.metric]).toEqual([name, "vector", 1, {}]);
        const value = Number(data?.result[0]?.value[1]);
        expect([name, Number.isFinite(value)]).toEqual([name, true]);
        seen.push(value);
      }
    }
    // Something was counted.
    expect(Math.max(...seen)).toBeGreaterThan(1000);
    console.log(`${seen.length} queries; the slowest, ${slowest.name}, took ${slowest.milliseconds} ms`);
    expect(slowest.milliseconds).toBeLessThan(10_000);
  } finally {
    await server.stop();
  }
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Copy, SLOW_MILLISECONDS } from "./copy";
import { Load } from "./load";
import { Rig } from "./rig";
import { until } from "./wait";

let rig: Rig;
let load: Load | undefined;
let good: Copy;
beforeAll(async () => {
  rig = await (await Rig.create()).start();
  await rig.register("shop");
  good = await rig.copy("good");
  await rig.ended("shop", await rig.launch("shop", "good", [good]));
});
afterEach(async () => {
  await load?.stop();
  load = undefined;
});
afterAll(() => rig?.close());

const slowSteps = { steps: [{ weight: 50, holdSeconds: 20, gate: "auto" as const }], bakeSeconds: 1 };

test("a version that fails is taken back, told with numbers, refused, and can be tried again on purpose", async () => {
  load = new Load(rig.url, 80);
  const bad = await rig.copy("bad", { failing: 0.4 });
  const revision = await rig.launch("shop", "bad", [bad], slowSteps);
  const ended = await rig.ended("shop", revision);
  expect(ended).toMatchObject({ outcome: "rolledBack", cause: "analysis", weight: 0 });
  expect(ended.reason).toMatch(
    /^at 50 % after \d+ s: [34]\d(\.\d)? % of its \d+ requests failed, 0 % of the old version's/,
  );
  expect(ended.totals.old.bad).toBe(0);
  // Every failure is counted once, though only until the last scrape before the verdict.
  expect(ended.totals.new.bad / ended.totals.new.total).toBeCloseTo(0.4, 1);
  expect(await rig.shares(20)).toEqual({ good: 20 });
  expect(await rig.world("shop")).toEqual(["r1-1"]);
  expect(await rig.begin("shop", "bad")).toMatchObject({ outcome: "refused", release: { cause: "analysis" } });
  expect(await rig.begin("shop", "good")).toEqual({ outcome: "current", revision: 1 });
  const again = await rig.begin("shop", "bad", {}, { retry: 2 });
  expect(again).toEqual({ outcome: "begun", revision: revision + 1 });
  await rig.say("shop", revision + 1, "abort", "alice");
  expect(await rig.metrics()).toContain(
    'headgate_releases_total{service="shop",outcome="rolledBack",cause="analysis"} 1',
  );
});

test("a version whose copies die gives its traffic back, and clients notice nothing", async () => {
  load = new Load(rig.url, 80);
  const mortal = await rig.copy("mortal");
  const revision = await rig.launch("shop", "mortal", [mortal], slowSteps);
  await rig.reached("shop", revision, () => mortal.served > 5, "traffic of the new version");
  await mortal.stop();
  const ended = await rig.ended("shop", revision);
  expect(ended).toMatchObject({ outcome: "rolledBack", cause: "unhealthy" });
  expect(ended.reason).toContain("no copy of it answers GET /ready any more");
  await load.stop();
  // A request that was being answered when its copy died cannot be saved; those that came after it are.
  expect(load.failures.length).toBeLessThanOrEqual(1);
});

test("requests without an answer count against the version that left them so, and only against it", async () => {
  load = new Load(rig.url, 80, "POST");
  const revision = await rig.launch("shop", "torn", [await rig.copy("torn", { tearing: true })], slowSteps);
  const ended = await rig.ended("shop", revision);
  expect(ended).toMatchObject({ outcome: "rolledBack", cause: "analysis", totals: { old: { bad: 0 } } });
  expect(ended.totals.new.bad).toBeGreaterThan(0);
});

test("a version that never gets ready has no request, and the reason names what it answered", async () => {
  const sick = await rig.copy("sick", { ready: 503 });
  const revision = await rig.launch("shop", "sick", [await rig.copy("well"), sick], { startTimeoutSeconds: 2 });
  const ended = await rig.ended("shop", revision);
  expect(ended).toMatchObject({ outcome: "rolledBack", cause: "unhealthy" });
  expect(ended.reason).toMatch(/r\d+-2 answered 503 to GET \/ready \((\d+) of \1 probes failed\)/);
  expect(ended.reason).not.toMatch(/r\d+-1 /);
  expect(sick.served).toBe(0);
});

test("without requests onUndecided decides: promote accepts a healthy version", async () => {
  const revision = await rig.launch("shop", "idle", [await rig.copy("idle")], {
    steps: [{ weight: 50, holdSeconds: 1, gate: "auto" }],
    progressDeadlineSeconds: 2,
  });
  expect(await rig.ended("shop", revision)).toMatchObject({ outcome: "rolledBack", cause: "undecided" });
  const second = await rig.launch("shop", "idle", [await rig.copy("idle")], {
    steps: [{ weight: 50, holdSeconds: 1, gate: "auto" }],
    onUndecided: "promote",
  });
  expect(await rig.ended("shop", second)).toMatchObject({ outcome: "promoted" });
});

test("a slow version is taken back by the service's own durations", async () => {
  const name = "http_request_duration_seconds";
  const quick = await rig.copy("quick", {}, "127.0.0.2");
  await rig.register("timed", {
    hosts: ["timed.example"],
    metrics: { path: "/metrics", port: quick.port, durationHistogram: name },
    objectives: { latency: { withinSeconds: SLOW_MILLISECONDS / 1000, ratio: 0.9 } },
  });
  await rig.ended("timed", await rig.launch("timed", "quick", [quick]));
  const targets = () => JSON.parse(readFileSync(join(rig.settings.targetFolder, "services.json"), "utf8"));
  await until(() => targets().length === 1, "the scrape target");
  expect(targets()[0]).toMatchObject({
    targets: [`127.0.0.2:${quick.port}`],
    labels: { service: "timed", revision: "1", __metrics_path__: "/metrics" },
  });
  load = new Load(rig.url, 60, "GET", "timed.example");
  const slow = await rig.copy("slow", { delayMilliseconds: SLOW_MILLISECONDS + 30 }, "127.0.0.3", quick.port);
  const rule = {
    maxErrorRatio: 0.05,
    maxTimesOld: 2,
    minRequests: 20,
    // The first scrape of the old copies says only where to count from: they need some to be compared with.
    consecutiveLooks: 5,
    windowSeconds: 10,
    maxSlowRatio: 0.1,
  };
  const revision = await rig.launch("timed", "slow", [slow], { ...slowSteps, rule });
  const ended = await rig.ended("timed", revision, 40);
  expect(ended).toMatchObject({ outcome: "rolledBack", cause: "analysis" });
  expect(ended.reason).toMatch(/100 % of its \d+ requests were too slow, 0 % of the old version's/);
});

test("without Prometheus nothing is promoted or blamed; when it is back the release goes on", async () => {
  load = new Load(rig.url, 60);
  await rig.kill("prometheus");
  const steps = [{ weight: 50, holdSeconds: 1, gate: "auto" as const }];
  const first = await rig.launch("shop", "blind", [await rig.copy("blind")], { steps, progressDeadlineSeconds: 6 });
  const ended = await rig.ended("shop", first);
  expect(ended).toMatchObject({ outcome: "rolledBack", cause: "noData" });
  expect(ended.reason).toMatch(/Prometheus cannot be asked.*nothing is known against the new version/);
  expect(await rig.metrics()).toMatch(/^headgate_guard_prometheus_up 0/m);
  const second = await rig.launch("shop", "blind", [await rig.copy("blind")], { steps, onNoData: "pause" });
  await rig.reached("shop", second, ({ paused }) => paused?.reason === "noData", "the pause");
  rig.startPrometheus();
  expect(await rig.ended("shop", second)).toMatchObject({ outcome: "promoted" });
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { type Load, startLoad } from "../../demo/load";
import { docker, eventually, QUICK_CANARY, TestStack, versionsSeen } from "./harness";

let stack: TestStack;
let handle: Awaited<ReturnType<TestStack["handle"]>>;
let load: Load;

beforeAll(async () => {
  stack = await TestStack.create();
  await stack.engine.up();
  handle = await stack.handle();
  load = startLoad({ url: stack.url, ratePerSecond: 60, connections: 10 });
});
afterAll(async () => {
  await load?.stop();
  await stack?.[Symbol.asyncDispose]();
});

const prometheus = () => docker.getContainer(`${handle.prefix}-prometheus`);
const weight = async () => (await stack.service(handle.guard)).release?.weight;

async function releaseWithoutPrometheus(
  version: string,
  analysis: object,
): Promise<ReturnType<typeof stack.engine.start>> {
  await stack.set("release", { ...QUICK_CANARY, analysis: { ...QUICK_CANARY.analysis, ...analysis } });
  await stack.version(version);
  const run = stack.engine.start("up");
  await run.waitFor(/10 % {2}for/, 120_000);
  await prometheus().stop({ t: 2 });
  return run;
}

test("Prometheus scrapes the gateway, the guard and every copy", async () => {
  const wanted = ["alertmanager up", "gateway up", "guard up", "prometheus up", "services up", "services up"];
  await eventually(20, `the targets are ${wanted.join(", ")}`, async () => {
    const answer = await fetch(`http://127.0.0.1:${stack.ports.prometheus}/api/v1/targets?state=active`);
    const { data } = (await answer.json()) as {
      data: { activeTargets: { labels: { job: string }; health: string }[] };
    };
    const health = data.activeTargets.map(({ labels, health: is }) => `${labels.job} ${is}`).sort();
    return health.join() === wanted.join() ? health : undefined;
  });
});

test("Alerts are loaded and Prometheus knows its Alertmanager", async () => {
  const base = `http://127.0.0.1:${stack.ports.prometheus}/api/v1`;
  const rules = (await (await fetch(`${base}/rules`)).json()) as {
    data: { groups: { rules: { name: string; health: string }[] }[] };
  };
  const all = rules.data.groups.flatMap((group) => group.rules);
  expect(all.map(({ name }) => name)).toContain("ErrorBudgetBurnsFast");
  expect(all.filter(({ health }) => health === "err")).toEqual([]);
  const { data } = (await (await fetch(`${base}/alertmanagers`)).json()) as { data: { activeAlertmanagers: object[] } };
  expect(data.activeAlertmanagers).toHaveLength(1);
});

test("Without metrics nothing is promoted: after the hold the release is taken back, and the error says why", async () => {
  const run = await releaseWithoutPrometheus("1.1.0", { onNoData: "rollback" });
  const { exitCode, stdout, stderr } = await run.done;
  await prometheus().start();
  expect(exitCode).not.toBe(0);
  expect(stdout + stderr).toMatch(/taken back after \d+ s: .*(no metrics|no data|Prometheus)/i);
  expect(stdout + stderr).not.toContain("promoted");
  expect((await stack.ended(handle.guard, 30)).cause).toBe("noData");
  expect(await versionsSeen(stack.url, 20)).toEqual({ "1.0.0": 20 });
});

test('With onNoData "wait" the hold stays until metrics are back, and then the release goes on', async () => {
  const run = await releaseWithoutPrometheus("1.2.0", { onNoData: "wait" });
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  expect(await weight()).toBe(10);
  await prometheus().start();
  const { exitCode, stdout, stderr } = await run.done;
  expect(exitCode, stdout + stderr).toBe(0);
  expect(await versionsSeen(stack.url, 20)).toEqual({ "1.2.0": 20 });
});

test('With onNoData "pause" up ends and says so; the next up follows the release to its end', async () => {
  const run = await releaseWithoutPrometheus("1.3.0", { onNoData: "pause" });
  const { exitCode, stdout, stderr } = await run.done;
  expect(exitCode).not.toBe(0);
  expect(stdout + stderr).toMatch(/is paused at 10 %.*run `pulumi up` again/s);
  expect(await weight()).toBe(10);
  const next = stack.engine.start("up");
  await next.waitFor(/10 % {2}paused: .*waiting up to 60 s for metrics to come back/, 60_000);
  await prometheus().start();
  const ended = await next.done;
  expect(ended.exitCode, ended.stdout + ended.stderr).toBe(0);
  expect(await versionsSeen(stack.url, 20)).toEqual({ "1.3.0": 20 });
});

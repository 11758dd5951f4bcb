import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { judge } from "../../cli/commands/judge";
import { normaliseRelease } from "../../components/release/normalise-release";
import { sequentialPromql } from "../../components/release/sequential/promql";
import type { SequentialRule } from "../../components/release/sequential/rule";
import { type Load, startLoad } from "../../demo/load";
import { QUICK_CANARY, TestStack } from "./harness";

let stack: TestStack;
let load: Load;
let prometheus: string;

beforeAll(async () => {
  // Next to nothing at first, until Prometheus has seen the new copies: what comes before that is lost to its rates.
  const steps = [{ weight: 1, hold: "6s" }, ...(QUICK_CANARY.canary?.steps ?? [])];
  stack = await TestStack.create({ release: { ...QUICK_CANARY, canary: { steps } } });
  await stack.engine.up();
  prometheus = `http://127.0.0.1:${stack.ports.prometheus}`;
  load = startLoad({ url: stack.url, ratePerSecond: 100, connections: 10 });
  // The old version's history.
  await new Promise((resolve) => setTimeout(resolve, 15_000));
});
afterAll(async () => {
  await load?.stop();
  await stack?.[Symbol.asyncDispose]();
});

/** What `headgate judge` says of the newest release. */
async function judged(...args: string[]): Promise<Record<string, unknown>> {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    const code = await judge.run(["--prometheus", prometheus, "--from", "-5m", "--json", ...args]);
    return { code, ...(JSON.parse(String(log.mock.calls[0]?.[0])) as Record<string, unknown>) };
  } finally {
    log.mockRestore();
  }
}

/** The metrics that the example service counts itself. */
const selectors = (revision: number) => {
  const version = `service="hello",revision="${revision}",route="/"`;
  return { total: `http_requests_total{${version}}`, bad: `http_requests_total{code="500",${version}}` };
};
const ownMetrics = (candidate: number) => [
  ...["--total", 'http_requests_total{service="hello",route="/"}'],
  ...["--bad", 'http_requests_total{service="hello",route="/",code="500"}'],
  ...["--canary", `revision="${candidate}"`, "--stable", 'revision="1"'],
];

/** The value of the generated expression on the server, at a time. */
async function expression(candidate: number, at: number): Promise<{ value: number; failAt: number }> {
  const service = { image: { build: { context: "." } }, port: 1, health: { readiness: { path: "/" } } };
  const rule = normaliseRelease({ release: {}, service }).rule as SequentialRule;
  const { query, failAt } = sequentialPromql({
    rule,
    limits: rule.errors,
    canary: selectors(candidate),
    stable: selectors(1),
    scrapeSeconds: 1,
    rolloutSeconds: 60,
  });
  const body = new URLSearchParams({ query, time: String(at) });
  const answer = await fetch(`${prometheus}/api/v1/query`, { method: "POST", body });
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return { value: Number(data.result[0]?.value[1]), failAt };
}

test("Prometheus, headgate judge and the guard say the same of a bad version", async () => {
  await stack.version("1.1.0", 0.2);
  await expect(stack.engine.up()).rejects.toThrow(/requests failed, .* fewer than 1 of/);
  const told = await judged("--service", "hello");
  expect(told).toMatchObject({ code: 1, verdict: "fail", canaryBad: expect.any(Number) });
  const own = await judged(...ownMetrics(2));
  expect(own).toMatchObject({ code: 1, verdict: "fail" });
  // It does not see what came before the first scrape of the new copies, and so is some scrapes behind.
  const { value, failAt } = await expression(2, Number(own["at"]) + 4);
  expect(value).toBeGreaterThanOrEqual(failAt);
  expect(own["failAt"]).toBe(failAt);
});

test("and of a good one", async () => {
  await stack.version("1.2.0");
  await stack.engine.up();
  const now = Date.now() / 1000;
  expect((await judged("--service", "hello"))["verdict"]).not.toBe("fail");
  const own = await judged(...ownMetrics(3));
  expect(own["verdict"]).not.toBe("fail");
  const { value } = await expression(3, now);
  expect(value).toBeLessThanOrEqual(0);
  expect(Number(own["logLikelihoodRatio"])).toBeLessThanOrEqual(0);
});

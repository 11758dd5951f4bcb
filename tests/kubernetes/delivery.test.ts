import { afterAll, beforeAll, expect, test } from "vitest";
import type { LoadReport } from "../../demo/load";
import { EngineError } from "../../testkit";
import { api, Delivery, hello, PROMISES, pause, QUICK_CANARY, shareOf } from "./harness";

let delivery: Delivery;
const files = (motto: string) => ({ files: { "/etc/hello/motto": motto } });

beforeAll(async () => {
  delivery = await Delivery.create((namespace) => ({
    hello: {
      service: hello("1.0.0", {}, files("first")),
      release: QUICK_CANARY,
      objectives: PROMISES,
      hosts: [`hello.${namespace}`],
    },
  }));
  await delivery.engine.up();
});
afterAll(async () => {
  await delivery?.[Symbol.asyncDispose]();
});

/** Runs work under load, and a little beyond its end. */
async function underLoad(work: () => Promise<void>): Promise<LoadReport> {
  const load = delivery.load("hello");
  try {
    await pause(5);
    await work();
    await pause(3);
  } finally {
    await load.stop();
  }
  return load.stop();
}

test("The first release takes all traffic", async () => {
  expect(await delivery.versionsSeen("hello", 20)).toEqual({ "1.0.0": 20 });
});

test("A second up has nothing to do", async () => {
  await delivery.engine.up({ expectNoChanges: true });
  await delivery.engine.preview({ expectNoChanges: true });
});

test("A good canary loses no request, and gets the shares that were asked for", async () => {
  await delivery.say({ hello: { service: hello("1.1.0", {}, files("second")) } });
  const steps = new Map<string, number>();
  const report = await underLoad(async () => {
    const { stdout } = await delivery.engine.up({
      onOutput: (text) => {
        for (const [, weight = ""] of text.matchAll(/(\d+) % {2}for/g)) {
          if (!steps.has(weight)) steps.set(weight, Date.now() / 1000);
        }
      },
    });
    expect(stdout).toContain("promoted");
  });
  expect(report).toMatchObject({ failed: 0, errors: 0, errorCodes: {} });
  for (const weight of [10, 50]) {
    const from = Math.ceil(steps.get(String(weight)) ?? Number.NaN) + 2;
    expect(Math.abs(shareOf(report, "1.1.0", from, from + 15) - weight)).toBeLessThanOrEqual(3);
  }
  expect(await delivery.versionsSeen("hello", 20)).toEqual({ "1.1.0": 20 });
});

test("A bad canary is taken back with its numbers, and its configuration does not touch the old version's", async () => {
  await delivery.say({ hello: { service: hello("1.2.0", { ERROR_RATE: "0.05" }, files("third")) } });
  let failure: unknown;
  const report = await underLoad(async () => {
    failure = await delivery.engine.up().catch((error: unknown) => error);
  });
  expect(failure).toBeInstanceOf(EngineError);
  const { message } = failure as EngineError;
  expect(message).toMatch(/KubernetesService "hello": release sha256:[0-9a-f]{12}… was taken back .*at (10|50) %/);
  expect(message).toMatch(/[\d.]+ % of its [\d,]+ requests failed/);
  expect(report).toMatchObject({ errors: 0, errorCodes: {} });
  expect(report.byVersion["1.2.0"]?.failed).toBeGreaterThan(0);
  expect(report.failed).toBe(report.byVersion["1.2.0"]?.failed);
  expect(await delivery.versionsSeen("hello", 50)).toEqual({ "1.1.0": 50 });

  // A pod of the old version that starts now still finds what it mounts.
  const { items } = await api.core.listNamespacedPod({ namespace: delivery.namespace });
  const [pod] = items;
  await api.core.deleteNamespacedPod({ namespace: delivery.namespace, name: pod?.metadata?.name ?? "" });
  await delivery.ready("hello", 2);
  expect(await delivery.versionsSeen("hello", 20)).toEqual({ "1.1.0": 20 });
});

test("The same version is refused until retry changes", async () => {
  await expect(delivery.engine.up()).rejects.toThrow(/was taken back.*retry/s);
  await delivery.say({ hello: { service: hello("1.1.0", {}, files("second")) } });
  await delivery.engine.up();
  await delivery.engine.preview({ expectNoChanges: true });
});

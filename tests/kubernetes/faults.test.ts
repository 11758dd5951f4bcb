import { afterAll, beforeAll, expect, test } from "vitest";
import { api, Delivery, eventually, hello, PROMISES, pause, QUICK_CANARY } from "./harness";

let delivery: Delivery;

beforeAll(async () => {
  delivery = await Delivery.create((namespace) => ({
    hello: {
      service: hello("1.0.0"),
      release: { ...QUICK_CANARY, progressDeadline: "20s" },
      objectives: PROMISES,
      hosts: [`hello.${namespace}`],
    },
  }));
  await delivery.engine.up();
});
afterAll(async () => {
  await delivery?.[Symbol.asyncDispose]();
});

const BROKEN = [
  ["crashes", hello("2.0.0", {}, { command: ["node", "-e", "process.exit(3)"] }), /exited with code 3/],
  [
    "never becomes ready",
    hello("2.1.0", {}, { health: { readiness: { path: "/nothing" }, startTimeout: "15s" } }),
    /not ready|readiness/i,
  ],
  [
    "has no image",
    hello("2.2.0", {}, { image: { reference: `registry.invalid/hello@sha256:${"0".repeat(64)}` } }),
    /image/i,
  ],
] as const;

test.each(BROKEN)("A version that %s is taken back, and the old one loses nothing", async (_what, service, why) => {
  await delivery.say({ hello: { service } });
  const load = delivery.load("hello", 50);
  const failure = await delivery.engine.up().catch((error: unknown) => error);
  expect(String(failure)).toMatch(/KubernetesService "hello": release .* was taken back/s);
  expect(String(failure)).toMatch(why);
  expect(await load.stop()).toMatchObject({ failed: 0, errors: 0, errorCodes: {} });
  expect(await delivery.versionsSeen("hello", 20)).toEqual({ "1.0.0": 20 });
});

test("kill -9 of up: the controller ends the release, and the next up sees no surprise", async () => {
  await delivery.say({ hello: { service: hello("3.0.0") } });
  const load = delivery.load("hello", 50);
  const run = delivery.engine.start("up");
  await run.waitFor(/10 %/, 120_000);
  await run.kill("SIGKILL");
  await delivery.engine.cancel();
  await eventually(150, "the controller promotes", async () => {
    const { status } = await delivery.rollout("hello");
    return status?.phase === "Healthy" && status.stableRS === status.currentPodHash ? true : undefined;
  });
  expect(await delivery.versionsSeen("hello", 20)).toEqual({ "3.0.0": 20 });
  await delivery.engine.up();
  await delivery.engine.preview({ expectNoChanges: true });
  expect(await load.stop()).toMatchObject({ failed: 0, errors: 0, errorCodes: {} });
});

test("A pod that is evicted on the way costs nothing, and no more go than the budget allows", async () => {
  await delivery.say({ hello: { service: hello("4.0.0") } });
  const load = delivery.load("hello", 50);
  const run = delivery.engine.start("up");
  await run.waitFor(/10 %/, 120_000);
  const labelSelector = "headgate.dev/serves=true";
  const { items } = await api.core.listNamespacedPod({ namespace: delivery.namespace, labelSelector });
  expect(items).toHaveLength(2);
  const outcomes = await Promise.all(
    items.map(async ({ metadata }) => {
      const name = metadata?.name ?? "";
      const body = { metadata: { name, namespace: delivery.namespace } };
      return api.core.createNamespacedPodEviction({ name, namespace: delivery.namespace, body }).then(
        () => "evicted",
        (error: { code?: number }) => (error.code === 429 ? "refused" : String(error)),
      );
    }),
  );
  expect(outcomes.sort()).toEqual(["evicted", "refused"]);
  expect((await run.done).exitCode).toBe(0);
  await pause(1);
  expect(await load.stop()).toMatchObject({ failed: 0, errors: 0, errorCodes: {} });
  expect(await delivery.versionsSeen("hello", 20)).toEqual({ "4.0.0": 20 });
});

import { afterAll, beforeAll, expect, test } from "vitest";
import type { Release } from "../../components/model/release";
import { Delivery, eventually, hello, POD_COUNTERS, PROMISES, pause } from "./harness";

const COMMON: Release = {
  analysis: { sequential: { minRequests: 50 }, onUndecided: "wait", onNoData: "rollback" },
  bake: "20s",
  progressDeadline: "90s",
};

/** A good and a bad release by a strategy, under load. A file for each, so that they run side by side. */
export function testStrategy(service: string, strategy: Release): void {
  const release = { ...COMMON, ...strategy };
  let delivery: Delivery;
  const say = (version: string, env: Record<string, string> = {}) =>
    delivery.say({ [service]: { service: hello(version, env) } });

  beforeAll(async () => {
    delivery = await Delivery.create((namespace) => ({
      [service]: {
        service: hello("1.0.0"),
        release,
        objectives: PROMISES,
        hosts: [`${service}.${namespace}`],
        // With these strategies no router tells the versions apart.
        counters: POD_COUNTERS,
      },
    }));
    await delivery.engine.up();
  });
  afterAll(async () => {
    await delivery?.[Symbol.asyncDispose]();
  });

  test("a good version takes all traffic and loses no request", async () => {
    await say("1.1.0");
    const load = delivery.load(service);
    await pause(5);
    await delivery.engine.up().finally(() => load.stop());
    expect(await load.stop()).toMatchObject({ failed: 0, errors: 0, errorCodes: {} });
    expect(await delivery.versionsSeen(service, 20)).toEqual({ "1.1.0": 20 });
  });

  test("a bad version is taken back", async () => {
    await say("1.2.0", { ERROR_RATE: "0.3" });
    const load = delivery.load(service);
    await pause(5);
    const failure = await delivery.engine.up().catch((error: unknown) => error);
    const report = await load.stop();
    expect(String(failure)).toMatch(/was taken back .*requests failed/s);
    expect(report).toMatchObject({ errors: 0, errorCodes: {} });
    // Pods that end still answer until the router knows.
    await eventually(20, "the old version has all traffic", async () =>
      (await delivery.versionsSeen(service, 20))["1.1.0"] === 20 ? true : undefined,
    );
  });
}

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Release } from "../../components/model/release";
import { Delivery, hello, PROMISES, pause } from "./harness";

/** Requests are counted by the pods themselves: with these strategies no router tells the versions apart. */
const COUNTERS = { total: "http_requests_total", bad: 'http_requests_total{code=~"5.."}' };
const common: Release = {
  analysis: { sequential: { minRequests: 50 }, onUndecided: "wait", onNoData: "rollback" },
  bake: "30s",
  progressDeadline: "90s",
};

const STRATEGIES: [name: string, release: Release][] = [
  ["blue-green", { ...common, blueGreen: { promoteAfter: "2s" } }],
  ["rolling", { ...common, rolling: { minReady: "5s" } }],
  ["immediate", { ...common, immediate: {} }],
];

describe.each(STRATEGIES)("%s", (name, release) => {
  const service = name.replace("-", "");
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
        counters: COUNTERS,
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
    expect(await delivery.versionsSeen(service, 20)).toEqual({ "1.1.0": 20 });
  });
});

describe("blue-green by hand", () => {
  let delivery: Delivery;
  beforeAll(async () => {
    delivery = await Delivery.create((namespace) => ({
      shop: {
        service: hello("1.0.0"),
        release: { blueGreen: { manual: true }, bake: "0s", progressDeadline: "90s" },
        hosts: [`shop.${namespace}`],
      },
    }));
    await delivery.engine.up();
  });
  afterAll(async () => {
    await delivery?.[Symbol.asyncDispose]();
  });

  test("the new version can be tried beside the old one, and takes the traffic when somebody says so", async () => {
    await delivery.say({ shop: { service: hello("2.0.0") } });
    const run = delivery.engine.start("up");
    await run.waitFor(/headgate release promote shop/, 90_000);
    expect(await delivery.versionsSeen("shop", 20)).toEqual({ "1.0.0": 20 });
    expect(await delivery.askInside("shop-preview")).toBe("2.0.0");
    expect(await delivery.headgate("release", "promote", "shop")).toMatchObject({ code: 0 });
    expect((await run.done).exitCode).toBe(0);
    expect(await delivery.versionsSeen("shop", 20)).toEqual({ "2.0.0": 20 });
  });
});

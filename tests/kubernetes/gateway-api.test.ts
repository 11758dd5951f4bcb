import { afterAll, beforeAll, expect, test } from "vitest";
import type { Release } from "../../components/model/release";
import type { LoadReport } from "../../demo/load";
import { EngineError } from "../../testkit";
import { TestGateway } from "./gateway";
import { Delivery, hello, POD_COUNTERS, PROMISES, pause, shareOf } from "./harness";

const HOLD_SECONDS = 10;
const RELEASE: Release = {
  canary: {
    steps: [
      { weight: 20, hold: `${HOLD_SECONDS}s` },
      { weight: 50, hold: "6s", gate: "manual" },
    ],
  },
  analysis: { sequential: { minRequests: 50 }, onNoData: "rollback" },
  bake: "4s",
  progressDeadline: "60s",
};

let gateway: TestGateway;
let delivery: Delivery;

beforeAll(async () => {
  gateway = await TestGateway.create();
  delivery = await behindGateway("web");
  await delivery.engine.up();
});
afterAll(async () => {
  await delivery?.[Symbol.asyncDispose]();
  await gateway?.[Symbol.asyncDispose]();
});

/** A service that a listener of the gateway is asked to take. */
async function behindGateway(listener: string): Promise<Delivery> {
  const made = await Delivery.create((namespace) => ({
    hello: {
      service: hello("1.0.0"),
      release: RELEASE,
      objectives: PROMISES,
      // What a gateway counts has no name that all of them share.
      counters: POD_COUNTERS,
      router: "gatewayApi",
      gateway: { name: "public", namespace: gateway.namespace, listener },
      hosts: [`hello.${namespace}`],
    },
  }));
  made.url = gateway.url;
  return made;
}

const weights = () => gateway.weights("hello", delivery.namespace);

/** Every change of the route's weights while work is done, and when it was seen, in seconds since 1970. */
async function changesOfWeights(work: () => Promise<void>) {
  const seen: { weights: string; at: number }[] = [];
  let working = true;
  const watched = (async () => {
    while (working) {
      const now = (await weights()).join(":");
      if (seen.at(-1)?.weights !== now) seen.push({ weights: now, at: Date.now() / 1000 });
      await pause(0.2);
    }
  })();
  await Promise.all([
    watched,
    work().finally(() => {
      working = false;
    }),
  ]);
  return seen;
}

/** Runs work under load, and a little beyond its end. */
async function underLoad(work: () => Promise<void>): Promise<LoadReport> {
  const load = delivery.load("hello");
  try {
    await pause(2);
    await work();
    await pause(2);
  } finally {
    await load.stop();
  }
  return load.stop();
}

test("The gateway takes the route, and the first version has all traffic", async () => {
  const { status } = await gateway.read("httproutes", "hello", delivery.namespace);
  expect(status?.parents).toHaveLength(1);
  for (const type of ["Accepted", "ResolvedRefs"]) {
    expect(status?.parents?.[0]?.conditions).toContainEqual(expect.objectContaining({ type, status: "True" }));
  }
  expect(await weights()).toEqual([100, 0]);
  expect(await delivery.versionsSeen("hello", 20)).toEqual({ "1.0.0": 20 });
});

test("A canary gets its exact shares and loses no request, whatever up does to the route on the way", async () => {
  const hosts = [`hello.${delivery.namespace}`, `www.${delivery.namespace}`];
  await delivery.say({ hello: { service: hello("1.1.0") } });
  let changes: Awaited<ReturnType<typeof changesOfWeights>> = [];
  let halfSince = Number.NaN;
  const report = await underLoad(async () => {
    changes = await changesOfWeights(async () => {
      const killed = delivery.engine.start("up");
      await killed.waitFor(/50 % {2}for/, 120_000);
      await killed.kill("SIGKILL");
      await delivery.engine.cancel();
      await delivery.say({ hello: { hosts } });
      const run = delivery.engine.start("up");
      await run.waitFor(/50 % {2}waits for a person/, 120_000);
      halfSince = Date.now() / 1000;
      await pause(5);
      const { spec } = await gateway.read("httproutes", "hello", delivery.namespace);
      expect(spec.hostnames).toEqual(hosts);
      expect(await delivery.headgate("release", "promote", "hello")).toMatchObject({ code: 0 });
      expect(await run.done).toMatchObject({ exitCode: 0 });
    });
  });
  expect(report).toMatchObject({ failed: 0, errors: 0, errorCodes: {} });
  // Just before the end all of it goes to the new version, which then becomes the stable one.
  const pairs = changes.map(({ weights }) => weights).filter((each) => each !== "0:100");
  expect(pairs).toEqual(["100:0", "80:20", "50:50", "100:0"]);
  const fifthSince = changes.find(({ weights }) => weights === "80:20")?.at ?? Number.NaN;
  for (const [weight, since, seconds] of [
    [20, fifthSince + 3, HOLD_SECONDS - 5],
    [50, halfSince, 4],
  ] as const) {
    const from = Math.ceil(since);
    const share = shareOf(report, "1.1.0", from, from + seconds);
    console.log(`gateway-api: ${weight} % were ${share.toFixed(2)} % of the requests in ${seconds} s`);
    expect(Math.abs(share - weight)).toBeLessThanOrEqual(3);
  }
  expect(await delivery.versionsSeen("hello", 20)).toEqual({ "1.1.0": 20 });
  await delivery.engine.up({ expectNoChanges: true });
});

test("A bad canary is taken back with its numbers, and the old version has all traffic again", async () => {
  await delivery.say({ hello: { service: hello("1.2.0", { ERROR_RATE: "0.3" }) } });
  let failure: unknown;
  const report = await underLoad(async () => {
    failure = await delivery.engine.up().catch((error: unknown) => error);
  });
  expect(failure).toBeInstanceOf(EngineError);
  const { message } = failure as EngineError;
  console.log(`gateway-api: ${message}`);
  expect(message).toMatch(/KubernetesService "hello": release sha256:[0-9a-f]{12}… was taken back .*at (20|50) %/);
  expect(message).toMatch(/[\d.]+ % of its [\d,]+ requests failed/);
  expect(report).toMatchObject({ errors: 0, errorCodes: {} });
  expect(report.byVersion["1.2.0"]?.failed).toBeGreaterThan(0);
  expect(report.failed).toBe(report.byVersion["1.2.0"]?.failed);
  expect(await weights()).toEqual([100, 0]);
  expect(await delivery.versionsSeen("hello", 50)).toEqual({ "1.1.0": 50 });
});

test("A route that the gateway refuses fails up in the gateway's words, and a corrected one needs no release", async () => {
  await using refused = await behindGateway("unknown");
  const failure = await refused.engine.up().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(EngineError);
  expect((failure as EngineError).message).toMatch(
    new RegExp(
      'KubernetesService "hello": release sha256:[0-9a-f]{12}… has taken the old version\'s place, but no request ' +
        `comes to it: the Gateway ${gateway.namespace}/public refuses its HTTPRoute \\(\\w+.*\\). Correct`,
    ),
  );
  await refused.say({ hello: { gateway: { name: "public", namespace: gateway.namespace, listener: "web" } } });
  await refused.engine.up();
  expect(await refused.versionsSeen("hello", 20)).toEqual({ "1.0.0": 20 });
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { Load } from "./load";
import { Rig } from "./rig";
import { sleep, until } from "./wait";

let rig: Rig;
beforeAll(async () => {
  rig = await (await Rig.create()).start();
  await rig.register("shop");
  await rig.ended("shop", await rig.launch("shop", "one", [await rig.copy("one")]));
});
afterAll(() => rig?.close());

async function crash(): Promise<void> {
  await rig.kill("guard", "SIGKILL");
  rig.startGuard();
  await until(async () => (await rig.api("GET", "/v1/services")).status === 200, "the guard");
}

test("a guard that is killed again and again ends the release all the same, and no request is lost", async () => {
  const load = new Load(rig.url, 60);
  const answer = await rig.begin("shop", "two", {
    steps: [{ weight: 20, holdSeconds: 3, gate: "auto" }],
    bakeSeconds: 2,
  });
  await crash();
  const copies = [await rig.copy("two"), await rig.copy("two")];
  expect(answer).toEqual({ outcome: "begun", revision: 2 });
  await rig.servers("shop", 2, copies);
  // At any moment, and at those that matter most: just after each change of phase.
  let phase = "warming";
  let crashes = 0;
  for (let state = await rig.release("shop", 2); state.phase !== "ended" && crashes < 30; crashes++) {
    await crash();
    state = await rig
      .reached("shop", 2, (now) => now.phase !== phase || now.phase === "ended", "the next phase", 1)
      .catch(() => rig.release("shop", 2));
    phase = state.phase;
  }
  const ended = await rig.ended("shop", 2);
  expect(crashes).toBeGreaterThan(3);
  expect(ended).toMatchObject({ outcome: "promoted", weight: 100 });
  expect(ended.steps.map(({ weight }) => weight)).toEqual([20, 100]);
  await load.stop();
  expect(load.failures).toEqual([]);
  expect(await rig.shares(20)).toEqual({ two: 20 });
  expect(await rig.world("shop")).toEqual(["r2-1", "r2-2"]);
});

test("the client may die: a bad version is taken back without anybody asking", async () => {
  const load = new Load(rig.url, 60);
  const revision = await rig.launch("shop", "bad", [await rig.copy("bad", { failing: 0.5 })], {
    steps: [{ weight: 50, holdSeconds: 20, gate: "auto" }],
  });
  await until(async () => (await rig.world("shop")).includes(`r${revision}-1`), "the new version");
  await until(async () => !(await rig.world("shop")).includes(`r${revision}-1`), "its end", 30);
  await load.stop();
  expect(await rig.shares(10)).toEqual({ two: 10 });
  expect(await rig.ended("shop", revision)).toMatchObject({ outcome: "rolledBack", cause: "analysis" });
});

test("a gateway that is killed comes back with its servers and weights, even while the guard is away", async () => {
  const revision = await rig.launch("shop", "three", [await rig.copy("three"), await rig.copy("three")], {
    steps: [{ weight: 10, holdSeconds: 1, gate: "manual" }],
    bakeSeconds: 1,
  });
  await rig.reached("shop", revision, ({ paused }) => paused !== undefined, "the gate");
  await until(async () => (await rig.world("shop")).length === 4, "all servers");
  await rig.kill("guard");
  await rig.kill("gateway");
  rig.startGateway();
  await until(async () => (await rig.ask()).status === 200, "the gateway");
  await sleep(500);
  expect(await rig.shares(100)).toEqual({ two: 90, three: 10 });
  rig.startGuard();
  await until(async () => /^headgate_guard_gateway_up 1/m.test(await rig.metrics()), "the guard");
  expect(await rig.shares(100)).toEqual({ two: 90, three: 10 });
  await rig.say("shop", revision, "abort", "alice");
  expect(await rig.ended("shop", revision)).toMatchObject({ outcome: "rolledBack", cause: "aborted" });
  expect(await rig.shares(20)).toEqual({ two: 20 });
});

test("what was decided while the gateway was away is in the gateway when it comes back", async () => {
  await rig.kill("gateway");
  const revision = await rig.launch("shop", "four", [await rig.copy("four")], {
    steps: [],
    bakeSeconds: 0,
    drainSeconds: 1,
  });
  await rig.reached("shop", revision, ({ phase }) => phase === "draining", "the decision");
  expect(await rig.metrics()).toMatch(/^headgate_guard_gateway_up 0/m);
  rig.startGateway();
  expect(await rig.ended("shop", revision)).toMatchObject({ outcome: "promoted" });
  expect(await rig.shares(20)).toEqual({ four: 20 });
});

test("servers that somebody changed by hand are put right", async () => {
  const weights = () => rig.shares(20);
  const [server = ""] = await rig.world("shop");
  await rig.runtime(`set server shop/${server} state maint`);
  await rig.runtime("add server shop/stranger 127.0.0.1:9 weight 1");
  await until(async () => (await weights())["four"] === 20, "all requests answered");
  await until(async () => (await rig.world("shop")).join() === server, "the stranger gone");
});

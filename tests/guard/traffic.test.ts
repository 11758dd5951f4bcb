import { afterAll, beforeAll, expect, test } from "vitest";
import type { Copy } from "./copy";
import { Load } from "./load";
import { Rig } from "./rig";
import { sleep, until } from "./wait";

let rig: Rig;
beforeAll(async () => {
  rig = await (await Rig.create()).start();
});
afterAll(() => rig?.close());

test("a canary gets exactly its shares, and no request is lost from the first server to the last removal", async () => {
  await rig.register("shop");
  const old = [await rig.copy("old"), await rig.copy("old")];
  const first = await rig.launch("shop", "one", old);
  await rig.ended("shop", first);
  const loads = [new Load(rig.url, 60), new Load(rig.url, 20, "POST")];
  const finished: Load[] = [];
  const fresh = [await rig.copy("new"), await rig.copy("new")];
  const revision = await rig.launch("shop", "two", fresh, {
    steps: [
      { weight: 10, holdSeconds: 2, gate: "manual" },
      { weight: 50, holdSeconds: 2, gate: "manual" },
    ],
    bakeSeconds: 2,
  });
  const servedBy = (copies: Copy[]) => copies.reduce((sum, { served }) => sum + served, 0);
  for (const weight of [10, 50]) {
    await rig.reached("shop", revision, (state) => state.weight === weight && state.paused !== undefined, "the gate");
    if (weight === 10) expect(servedBy(fresh) / (servedBy(fresh) + servedBy(old))).toBeLessThanOrEqual(0.1);
    const paused = loads.splice(0);
    for (const load of paused) await load.stop();
    finished.push(...paused);
    expect(await rig.shares(200)).toEqual({ old: 200 - 2 * weight, new: 2 * weight });
    loads.push(new Load(rig.url, 60), new Load(rig.url, 20, "POST"));
    await rig.say("shop", revision, "promote", "alice");
  }
  const ended = await rig.ended("shop", revision);
  await sleep(500);
  for (const load of loads) await load.stop();
  expect(ended).toMatchObject({ outcome: "promoted", weight: 100 });
  expect([...finished, ...loads].flatMap(({ failures }) => failures)).toEqual([]);
  expect([...finished, ...loads].every(({ ok }) => ok > 0)).toBe(true);
  expect(await rig.shares(10)).toEqual({ new: 10 });
  expect(await rig.world("shop")).toEqual(["r2-1", "r2-2"]);
  // What was counted is what was served: probes and retries are not in it.
  expect(ended.totals.new.bad + ended.totals.old.bad).toBe(0);
  expect(ended.totals.new.total).toBeGreaterThan(100);
  expect(ended.totals.new.total).toBeLessThanOrEqual(servedBy(fresh));
});

test("a second service comes, works by its own hosts and goes while the first one loses nothing", async () => {
  const load = new Load(rig.url, 80);
  await rig.register("api", { hosts: ["api.example", "api.internal"] });
  const api = await rig.copy("api");
  const revision = await rig.launch("api", "one", [api]);
  await rig.ended("api", revision);
  await until(async () => (await rig.ask("api.example")).from === "api", "the second service");
  expect(await rig.shares(5, "API.internal:8080")).toEqual({ api: 5 });
  expect(await rig.shares(5, "other.example")).toEqual({ new: 5 });
  const shop = await rig.service("shop");
  await rig.launch("api", "two", [await rig.copy("api two")], { bakeSeconds: 1, steps: [] });
  expect((await rig.service("shop")).stable).toEqual(shop.stable);
  await rig.remove("api");
  await until(async () => (await rig.ask("api.example")).from === "new", "the default service for that host again");
  await load.stop();
  expect(load.failures).toEqual([]);
  expect(await rig.world("api")).toEqual([]);
});

test("an unknown host gets a 404 when no service takes every host", async () => {
  await rig.register("shop", { hosts: ["shop.example"] });
  await until(async () => (await rig.ask("other.example")).status === 404, "the page for unknown hosts");
  expect((await rig.ask("shop.example")).status).toBe(200);
  await rig.register("shop");
  await until(async () => (await rig.ask("other.example")).status === 200, "the default service");
});

test("what a client says about itself is not passed on", async () => {
  const seen: unknown[] = [];
  const copy = await rig.copy("headers");
  copy.onRequest = (headers) => seen.push([headers["x-forwarded-for"], headers["x-forwarded-proto"]]);
  await rig.register("headers", { hosts: ["headers.example"] });
  await rig.ended("headers", await rig.launch("headers", "one", [copy]));
  await until(async () => (await rig.ask("headers.example")).from === "headers", "the service");
  seen.splice(0);
  await rig.ask("headers.example", "", { "x-forwarded-for": "1.2.3.4", "x-forwarded-proto": "https" });
  expect(seen).toEqual([["127.0.0.1", "http"]]);
});

test("a client stays on its copy through a release, and moves without an error when the copy is gone", async () => {
  await rig.register("sticky", { hosts: ["sticky.example"], stickyCookie: "COPY" });
  const copies = [await rig.copy("a"), await rig.copy("b")];
  await rig.ended("sticky", await rig.launch("sticky", "one", copies));
  await until(async () => (await rig.ask("sticky.example")).status === 200, "the service");
  const first = await rig.ask("sticky.example");
  const cookie = (first.headers["set-cookie"]?.[0] ?? "").split(";")[0] ?? "";
  expect(cookie).toMatch(/^COPY=.+/);
  const stays = async () => {
    for (let index = 0; index < 6; index++) expect((await rig.ask("sticky.example", cookie)).from).toBe(first.from);
  };
  await stays();
  // A reload gives servers of run time the same cookie that they had.
  await rig.register("other", { hosts: ["else.example"] });
  await until(() => rig.gatewayFile().includes("backend other"), "the gateway's new file");
  await sleep(700);
  await stays();
  const revision = await rig.launch("sticky", "two", [await rig.copy("c")], {
    steps: [{ weight: 50, holdSeconds: 1, gate: "manual" }],
  });
  await rig.reached("sticky", revision, ({ weight }) => weight === 50, "the step");
  await sleep(300);
  await stays();
  await rig.say("sticky", revision, "promote", "alice");
  const statuses = new Set<number>();
  const ended = rig.ended("sticky", revision).then(() => true);
  while (!(await Promise.race([ended, sleep(20).then(() => false)]))) {
    statuses.add((await rig.ask("sticky.example", cookie)).status);
  }
  expect([...statuses]).toEqual([200]);
  expect((await rig.ask("sticky.example", cookie)).from).toBe("c");
});

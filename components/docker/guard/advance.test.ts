import { describe, expect, test } from "vitest";
import { NotNow } from "./machine";
import { candidateShare, Play, plan, type Second } from "./play.testkit";
import { desiredTraffic } from "./traffic";

const outcome = (play: Play) => {
  const { phase, outcome, cause } = play.state;
  return { phase, outcome, cause };
};

describe("a release that goes well", () => {
  test("the first version takes all traffic as soon as it is healthy, without metrics", () => {
    const play = new Play();
    expect(play.begin("one")).toEqual({ outcome: "begun", revision: 1 });
    play.servers(2);
    play.pass({ data: false }, 2);
    expect(play.state.phase).toBe("draining");
    play.pass({ data: false, gateway: false }, 2);
    expect(play.state.phase).toBe("draining");
    play.pass({ data: false });
    expect(outcome(play)).toEqual({ phase: "ended", outcome: "promoted", cause: "promoted" });
    expect(desiredTraffic(play.record).servers.map(({ name, weight }) => [name, weight])).toEqual([
      ["r1-1", 1],
      ["r1-2", 1],
    ]);
  });

  test("goes through every step, the bake and the leaving of the old version", () => {
    const play = Play.serving();
    play.begin("two");
    play.servers();
    const weights = new Set<number>();
    const phases = new Set<string>();
    for (let second = 0; second < 60 && play.state.phase !== "ended"; second++) {
      const state = play.pass();
      weights.add(state.weight);
      phases.add(state.phase);
    }
    expect([...weights]).toEqual([0, 10, 50, 100]);
    expect([...phases]).toEqual(["warming", "stepping", "baking", "draining", "ended"]);
    expect(outcome(play)).toEqual({ phase: "ended", outcome: "promoted", cause: "promoted" });
    expect(play.record.stable?.key).toBe("two");
    expect(play.state.steps.map(({ weight, verdict }) => [weight, verdict])).toEqual([
      [10, "pass"],
      [50, "pass"],
      [100, "pass"],
    ]);
    expect(play.state.events.map(({ message }) => message).join("\n")).toContain("10 %    10 s");
    expect(play.state.events.map(({ sequence }) => sequence)).toEqual(play.state.events.map((_, index) => index + 1));
  });

  test("the old version keeps its weight 0 while it still has requests, then is closed, then is gone", () => {
    const play = Play.serving();
    play.begin("two", { steps: [], bakeSeconds: 0, drainSeconds: 4 });
    play.servers();
    play.until("draining");
    const old = () => desiredTraffic(play.record).servers.find(({ name }) => name === "r1-1");
    play.pass({ sessions: 1 }, 3);
    expect(old()).toMatchObject({ weight: 0, closed: false });
    play.pass({ sessions: 1 });
    expect(old()).toMatchObject({ weight: 0, closed: true });
    play.pass({ sessions: 1 }, 5);
    expect(old()).toBeUndefined();
    expect(play.state.phase).toBe("draining");
    play.pass();
    expect(play.state.phase).toBe("ended");
  });
});

test("the old version stays until no process of the gateway from before a reload can send it a request", () => {
  const play = Play.serving();
  play.begin("two", { steps: [], bakeSeconds: 0 });
  play.servers();
  play.until("draining");
  play.pass({ leftovers: true }, 15);
  expect(play.state.phase).toBe("draining");
  play.pass();
  expect(play.state.phase).toBe("ended");
});

describe("a version that never gets ready", () => {
  test.each([
    ["answers 503", (): Partial<Second> => ({ probes: "bad" })],
    ["flaps", (second: number): Partial<Second> => ({ probes: second % 2 === 0 ? "good" : "bad" })],
  ])("that %s is taken back and refused until retry changes", (_, second) => {
    const play = Play.serving();
    play.begin("two");
    play.servers();
    for (let index = 0; index <= 21; index++) play.pass(second(index));
    expect(outcome(play)).toEqual({ phase: "ended", outcome: "rolledBack", cause: "unhealthy" });
    expect(play.state.reason).toMatch(/r2-1 answered 503 to GET \/ready \(\d+ of 21 probes failed\)/);
    expect(play.state.steps).toEqual([]);
    expect(play.begin("two").outcome).toBe("refused");
    expect(play.begin("one").outcome).toBe("current");
    expect(play.begin("two", {}, 2)).toEqual({ outcome: "begun", revision: 3 });
  });

  test("that started while the guard was away is not blamed for it", () => {
    const play = Play.serving();
    play.begin("two");
    play.servers();
    play.pass({ probes: "bad" }, 3);
    play.now += 500;
    play.pass({ probes: "none" });
    expect(play.state.phase).toBe("warming");
    expect(play.pass({}, 2).phase).toBe("stepping");
  });

  test("a client that never tells its servers leaves an abandoned release that is not refused", () => {
    const play = Play.serving();
    play.begin("two");
    play.pass({}, 31);
    expect(outcome(play)).toEqual({ phase: "ended", outcome: "rolledBack", cause: "abandoned" });
    expect(play.begin("two").outcome).toBe("begun");
  });
});

describe("a bad version", () => {
  test("is taken back at the step where it shows, with the numbers", () => {
    const play = Play.serving();
    play.begin("two");
    play.servers();
    play.until("stepping");
    play.pass({ newBad: 5 }, 6);
    expect(play.state).toMatchObject({ outcome: "rolledBack", cause: "analysis", weight: 0 });
    expect(play.state.reason).toMatch(/^at 10 % after \d s: [\d.]+ % of its \d+ requests failed/);
    expect(candidateShare(play.record)).toBe(0);
    play.until("ended");
    expect(desiredTraffic(play.record).servers.map(({ name, weight }) => [name, weight])).toEqual([["r1-1", 1]]);
    expect(play.begin("two").outcome).toBe("refused");
  });

  test("is taken back in the bake too", () => {
    const play = Play.serving();
    play.begin("two");
    play.servers();
    play.until("baking");
    play.until("draining", { newBad: 9 });
    expect(play.state).toMatchObject({ outcome: "rolledBack", cause: "analysis" });
    expect(desiredTraffic(play.record).servers).toMatchObject([
      { name: "r1-1", weight: 1 },
      { name: "r2-1", closed: true },
    ]);
  });

  test("whose copies are all down is taken back, unless the old one's are down too", () => {
    const play = Play.serving();
    play.begin("two");
    play.servers();
    play.until("stepping");
    play.pass({ newUp: false, oldUp: false, data: false }, 5);
    expect(play.state.outcome).toBeUndefined();
    play.pass({ newUp: false }, 2);
    expect(play.state).toMatchObject({ outcome: "rolledBack", cause: "unhealthy" });
    expect(play.state.reason).toContain("no copy of it answers GET /ready any more");
  });

  test("that is no worse than the old one goes on", () => {
    const play = Play.serving();
    play.begin("two");
    play.servers();
    expect(play.until("ended", { newBad: 1, oldBad: 1 })).toMatchObject({ outcome: "promoted" });
  });
});

describe("without metrics", () => {
  test("it waits until the deadline, then takes back and blames nobody", () => {
    const play = Play.serving();
    play.begin("two");
    play.servers();
    play.until("stepping");
    play.pass({ data: false }, 69);
    expect(play.state).toMatchObject({ phase: "stepping", weight: 10 });
    play.pass({ data: false }, 2);
    expect(play.state).toMatchObject({ outcome: "rolledBack", cause: "noData" });
    expect(play.state.reason).toContain("Prometheus cannot be asked");
    expect(play.state.reason).toContain("nothing is known against the new version");
    play.until("ended");
    expect(play.begin("two").outcome).toBe("begun");
  });

  test("it goes on when they are back", () => {
    const play = Play.serving();
    play.begin("two");
    play.servers();
    play.until("stepping");
    play.pass({ data: false }, 40);
    expect(play.until("ended")).toMatchObject({ outcome: "promoted" });
  });

  test("a pause ends by itself when they are back", () => {
    const play = Play.serving();
    play.begin("two", { onNoData: "pause" });
    play.servers();
    play.until("stepping");
    play.pass({ data: false }, 300);
    expect(play.state).toMatchObject({ phase: "stepping", weight: 10, paused: { reason: "noData" } });
    play.pass();
    expect(play.state.paused).toBeUndefined();
    expect(play.until("ended")).toMatchObject({ outcome: "promoted" });
  });

  test("rollback does not wait", () => {
    const play = Play.serving();
    play.begin("two", { onNoData: "rollback" });
    play.servers();
    play.until("stepping");
    play.pass({ data: false }, 11);
    expect(play.state).toMatchObject({ outcome: "rolledBack", cause: "noData" });
  });

  test("a step is not opened by what was seen in the step before it", () => {
    const play = Play.serving();
    const short = { weight: 50, holdSeconds: 0, gate: "auto" as const };
    play.begin("two", { steps: [{ weight: 10, holdSeconds: 10, gate: "auto" }, short] });
    play.servers();
    play.until("stepping");
    for (let second = 0; second < 30 && play.state.weight === 10; second++) play.pass();
    play.pass({ data: false }, 2);
    expect(play.state).toMatchObject({ phase: "stepping", weight: 50 });
    play.pass({}, 2);
    expect(play.state.phase).toBe("baking");
  });

  test("onUndecided promote needs metrics all the same", () => {
    const play = Play.serving();
    play.begin("two", { onUndecided: "promote" });
    play.servers();
    play.until("stepping");
    play.pass({ data: false }, 40);
    expect(play.state).toMatchObject({ phase: "stepping", weight: 10 });
  });
});

describe("with too few requests", () => {
  const idle = { requests: 0 };
  test.each([
    ["wait", "rolledBack", "undecided"],
    ["rollback", "rolledBack", "undecided"],
    ["promote", "promoted", "promoted"],
  ] as const)("%s ends %s", (onUndecided, wanted, cause) => {
    const play = Play.serving();
    play.begin("two", { onUndecided });
    play.servers();
    expect(play.until("ended", idle)).toMatchObject({ outcome: wanted, cause });
  });

  test("bad looks that are not enough to fail yet are no lack of requests: no policy waves them through", () => {
    const play = Play.serving();
    play.begin("two", { onUndecided: "promote", rule: { ...plan.rule, consecutiveLooks: 1000 } });
    play.servers();
    play.until("stepping");
    play.pass({ newBad: 5 }, 40);
    expect(play.state).toMatchObject({ phase: "stepping", weight: 10 });
  });

  test("pause waits for a person, who decides", () => {
    const play = Play.serving();
    play.begin("two", { onUndecided: "pause", bakeSeconds: 0 });
    play.servers();
    play.until("stepping");
    play.pass(idle, 500);
    expect(play.state).toMatchObject({ weight: 10, paused: { reason: "undecided" } });
    play.promote();
    expect(play.state).toMatchObject({ weight: 50 });
    play.pass(idle, 20);
    play.abort();
    expect(play.until("ended")).toMatchObject({ outcome: "rolledBack", cause: "aborted", reason: "aborted by alice" });
  });
});

describe("people", () => {
  test("a manual blue-green waits at weight 0 until promoted, without metrics", () => {
    const play = Play.serving();
    play.begin("two", { steps: [{ weight: 0, holdSeconds: 0, gate: "manual" }], bakeSeconds: 0 });
    play.servers();
    play.pass({ data: false }, 200);
    expect(play.state).toMatchObject({ weight: 0, paused: { reason: "manual" } });
    play.promote();
    expect(play.until("ended")).toMatchObject({ outcome: "promoted" });
  });

  test("a paused version is still judged", () => {
    const play = Play.serving();
    play.begin("two", { steps: [{ weight: 10, holdSeconds: 1, gate: "manual" }] });
    play.servers();
    play.until("stepping");
    play.pass({}, 5);
    expect(play.state.paused?.reason).toBe("manual");
    play.pass({ newBad: 9 }, 10);
    expect(play.state).toMatchObject({ outcome: "rolledBack", cause: "analysis" });
  });

  test("a release that somebody pauses stands still, and goes on with what was left of its hold", () => {
    const play = Play.serving();
    play.begin("two");
    play.servers();
    play.until("stepping");
    play.pass({}, 4);
    play.pause();
    expect(() => play.pause()).toThrow("paused already");
    play.pass({}, 500);
    expect(play.state).toMatchObject({ phase: "stepping", weight: 10, paused: { reason: "paused" } });
    play.promote();
    expect(play.state).toMatchObject({ weight: 10 });
    expect(play.state.paused).toBeUndefined();
    expect(play.pass({}, 5).weight).toBe(10);
    expect(play.pass({}, 2).weight).toBe(50);
    expect(play.until("ended")).toMatchObject({ outcome: "promoted" });
  });

  test("nothing is paused that has no traffic yet, or has ended", () => {
    const play = Play.serving();
    expect(() => play.pause()).toThrow("has ended");
    play.begin("two");
    expect(() => play.pause()).toThrow("cannot be paused while it is starting");
  });

  test("the same version joins, another one is told who is busy", () => {
    const play = Play.serving();
    play.begin("two");
    expect(play.begin("two")).toEqual({ outcome: "joined", revision: 2 });
    expect(play.begin("three")).toMatchObject({ outcome: "busy", release: { candidate: { key: "two" } } });
  });

  test("cannot promote what does not run, nor decide twice", () => {
    const play = Play.serving();
    play.begin("two");
    expect(() => play.promote()).toThrow(NotNow);
    play.abort();
    expect(() => play.abort()).toThrow(NotNow);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReleasePlan } from "../../release/plan";
import { shareOf } from "../../release/weights";
import { advance } from "./advance";
import { abort, begin, NotNow, promote, takeServers } from "./machine";
import type { BeginRelease } from "./protocol";
import { newRecord, type Observation, type ServiceRecord } from "./record";
import { desiredTraffic } from "./traffic";

const rhythm = { scrapeIntervalSeconds: 1, tickSeconds: 1, stopSeconds: 20 };
const registration = {
  hosts: [],
  readinessPath: "/ready",
  probeIntervalSeconds: 1,
  probeTimeoutSeconds: 1,
  healthyAfter: 2,
  unhealthyAfter: 3,
  objectives: {},
};
const plan: ReleasePlan = {
  strategy: "canary",
  steps: [
    { weight: 10, holdSeconds: 10, gate: "auto" },
    { weight: 50, holdSeconds: 10, gate: "auto" },
  ],
  bakeSeconds: 10,
  progressDeadlineSeconds: 60,
  startTimeoutSeconds: 20,
  drainSeconds: 5,
  rule: { maxErrorRatio: 0.05, maxTimesOld: 2, minRequests: 20, consecutiveLooks: 2, windowSeconds: 10 },
  onUndecided: "wait",
  onNoData: "wait",
};

/** What one second looks like; everything well and 10 requests per second and version by default. */
interface Second {
  probes: "good" | "bad" | "none";
  newUp: boolean;
  oldUp: boolean;
  gateway: boolean;
  data: boolean;
  /** Requests of each version, and how many of the new one's fail. */
  requests: number;
  newBad: number;
  oldBad: number;
  sessions: number;
  leftovers: boolean;
}
const fine: Second = {
  probes: "good",
  newUp: true,
  oldUp: true,
  gateway: true,
  data: true,
  requests: 10,
  newBad: 0,
  oldBad: 0,
  sessions: 0,
  leftovers: false,
};

/** A service with its guard, a clock and a Prometheus, without any of them. */
class Play {
  now = 1000;
  private scraped: { at: number; new: number[]; old: number[] }[] = [];
  private readonly totals = { new: { ok: 0, bad: 0 }, old: { ok: 0, bad: 0 } };

  constructor(
    public record: ServiceRecord = newRecord("shop", registration),
    private readonly restarts = false,
  ) {}

  get state() {
    const state = this.record.release?.state;
    if (state === undefined) throw new Error("nothing was released");
    return state;
  }

  begin(key: string, overrides: Partial<ReleasePlan> = {}, retry = 1) {
    const request: BeginRelease = { key, digest: "sha256:0", plan: { ...plan, ...overrides }, retry, client: "test" };
    const { record, answer } = begin(this.record, request, this.now);
    this.keep(record);
    return answer;
  }

  servers(count = 1) {
    const { revision } = this.state.candidate;
    const servers = Array.from({ length: count }, (_, index) => ({
      name: `r${revision}-${index + 1}`,
      host: `shop-r${revision}-${index + 1}`,
      port: 80,
    }));
    this.keep(takeServers(this.record, revision, servers, this.now));
  }

  promote() {
    this.keep(promote(this.record, this.state.candidate.revision, "alice", this.now));
  }

  abort() {
    this.keep(abort(this.record, this.state.candidate.revision, "alice", "aborted", this.now));
  }

  pass(second: Partial<Second> = {}, seconds = 1) {
    for (let index = 0; index < seconds; index++) {
      this.now += 1;
      this.keep(advance(this.record, this.observe({ ...fine, ...second }), this.now, rhythm));
    }
    return this.state;
  }

  /** Goes on until the release is in a phase. */
  until(phase: string, second: Partial<Second> = {}, seconds = 300) {
    for (let index = 0; index < seconds && this.state.phase !== phase; index++) this.pass(second);
    expect(this.state.phase).toBe(phase);
    return this.state;
  }

  /** A first version with all traffic. */
  static serving(restarts = false): Play {
    const play = new Play(undefined, restarts);
    play.begin("one");
    play.servers();
    play.until("ended");
    return play;
  }

  private keep(record: ServiceRecord) {
    this.record = this.restarts ? (JSON.parse(JSON.stringify(record)) as ServiceRecord) : record;
  }

  private observe(second: Second): Observation {
    const { candidate, previous, weight } = this.state;
    const wanted = new Map(desiredTraffic(this.record).servers.map((server) => [server.name, server]));
    const gateway: NonNullable<Observation["gateway"]> = {};
    for (const { name, candidate: isNew } of wanted.values()) {
      gateway[name] = { up: isNew ? second.newUp : second.oldUp, sessions: second.sessions };
    }
    const count = (version: "new" | "old", bad: number) => {
      this.totals[version].ok += second.requests - bad;
      this.totals[version].bad += bad;
    };
    if (weight > 0) count("new", Math.min(second.newBad, second.requests));
    if (weight < 100 && previous !== undefined) count("old", Math.min(second.oldBad, second.requests));
    const { new: fresh, old } = this.totals;
    const scrape = { at: this.now - 0.5, new: [fresh.ok, fresh.bad], old: [old.ok, old.bad] };
    this.scraped = [...this.scraped, scrape].slice(-7);
    const series = (["new", "old"] as const).flatMap((version) =>
      ([["total"], ["total", "bad"]] as const).map((counts, index) => ({
        key: `${version} ${counts.at(-1)} ${candidate.revision}`,
        version,
        counts,
        samples: this.scraped.map((one) => ({ at: one.at, value: one[version][index] ?? 0 })),
      })),
    );
    return {
      ...(second.gateway ? { gateway } : {}),
      leftovers: second.leftovers,
      probes:
        second.probes === "none"
          ? []
          : candidate.servers.map(({ name }) =>
              second.probes === "good" ? { server: name } : { server: name, failure: "answered 503 to GET /ready" },
            ),
      samples: second.data
        ? { series, sampledAt: this.now - 0.5 }
        : { series: [], problem: "Prometheus cannot be asked: refused" },
    };
  }
}

/** Percent of the traffic that the journal gives to the candidate. */
function candidateShare(record: ServiceRecord): number {
  const { servers } = desiredTraffic(record);
  const open = servers.filter(({ closed }) => !closed);
  const fresh = open.filter(({ candidate }) => candidate);
  const old = open.filter(({ candidate }) => !candidate);
  return shareOf(fresh.length, old.length, { new: fresh[0]?.weight ?? 0, old: old[0]?.weight ?? 0 });
}

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

const seconds: fc.Arbitrary<Partial<Second>> = fc.record(
  {
    probes: fc.constantFrom("good", "good", "good", "bad", "none"),
    newUp: fc.boolean(),
    oldUp: fc.boolean(),
    gateway: fc.boolean(),
    data: fc.boolean(),
    requests: fc.constantFrom(0, 1, 10, 100),
    newBad: fc.constantFrom(0, 0, 0, 1, 10),
    oldBad: fc.constantFrom(0, 0, 1),
    sessions: fc.constantFrom(0, 0, 1),
    leftovers: fc.boolean(),
  },
  { requiredKeys: [] },
);
const moves = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ second: seconds, times: fc.integer({ min: 1, max: 15 }) }) },
    { weight: 1, arbitrary: fc.constantFrom("promote" as const, "abort" as const, "begin" as const) },
  ),
  { maxLength: 25 },
);
const plans: fc.Arbitrary<Partial<ReleasePlan>> = fc.record({
  steps: fc
    .array(
      fc.record({
        weight: fc.integer({ min: 0, max: 99 }),
        holdSeconds: fc.integer({ min: 0, max: 10 }),
        gate: fc.constantFrom("auto" as const, "auto" as const, "manual" as const),
      }),
      { maxLength: 4 },
    )
    .map((steps) => steps.sort((a, b) => a.weight - b.weight)),
  bakeSeconds: fc.constantFrom(0, 5),
  onUndecided: fc.constantFrom("wait" as const, "pause" as const, "promote" as const, "rollback" as const),
  onNoData: fc.constantFrom("wait" as const, "pause" as const, "rollback" as const),
});

/** Plays a story on a service that has a version; calls back after every move. */
function story(
  {
    overrides,
    list,
    restarts = false,
  }: { overrides: Partial<ReleasePlan>; list: readonly unknown[]; restarts?: boolean },
  after: (play: Play) => void = () => {},
): { play: Play; promotedByPerson: boolean } {
  const play = Play.serving(restarts);
  play.begin("two", overrides);
  play.servers(2);
  let promotedByPerson = false;
  for (const move of list as (("promote" | "abort" | "begin") | { second: Partial<Second>; times: number })[]) {
    if (typeof move === "object") {
      for (let index = 0; index < move.times; index++) {
        play.pass(move.second);
        after(play);
      }
    } else {
      try {
        if (move === "begin") play.begin("three", overrides);
        else play[move]();
        promotedByPerson ||= move === "promote";
      } catch (error) {
        if (!(error instanceof NotNow)) throw error;
      }
      after(play);
    }
    if (play.state.candidate.key !== "two") break;
  }
  return { play, promotedByPerson };
}

describe("whatever happens", () => {
  test("the weight is never above the plan's, and traffic never above the weight", () => {
    fc.assert(
      fc.property(plans, moves, (overrides, list) => {
        story({ overrides, list }, ({ state, record }) => {
          if (state.candidate.key !== "two") return;
          const allowed = state.outcome === "rolledBack" ? 0 : (state.plan.steps[state.stepIndex]?.weight ?? 100);
          expect(state.weight).toBeLessThanOrEqual(allowed);
          if (state.phase === "ended" || state.phase === "draining") return;
          expect(candidateShare(record)).toBeLessThanOrEqual(state.weight + 1e-9);
        });
      }),
      { numRuns: 100 },
    );
  });

  test("without metrics nothing is promoted, unless a person says so or the plan has no traffic to judge", () => {
    fc.assert(
      fc.property(plans, moves, (overrides, list) => {
        const blind = list.map((move) =>
          typeof move === "object" ? { ...move, second: { ...move.second, data: false } } : move,
        );
        const { play, promotedByPerson } = story({ overrides, list: blind });
        const judged = overrides.steps?.some(({ weight }) => weight > 0) || (overrides.bakeSeconds ?? 0) > 0;
        for (let index = 0; index < 200; index++) play.pass({ data: false });
        const two = [...play.record.history, play.state].find(({ candidate }) => candidate.key === "two");
        if (judged && !promotedByPerson) expect(two?.outcome).not.toBe("promoted");
      }),
      { numRuns: 100 },
    );
  });

  test("it ends, or waits for a person", () => {
    fc.assert(
      fc.property(plans, moves, fc.boolean(), (overrides, list, data) => {
        const { play } = story({ overrides, list });
        for (let index = 0; index < 400 && play.state.phase !== "ended"; index++) play.pass({ data });
        if (play.state.phase !== "ended") expect(play.state.paused).toBeDefined();
      }),
      { numRuns: 100 },
    );
  });

  test("after it is taken back the old version has everything", () => {
    fc.assert(
      fc.property(plans, moves, (overrides, list) => {
        story({ overrides, list }, ({ state, record }) => {
          if (state.outcome !== "rolledBack") return;
          const { servers } = desiredTraffic(record);
          expect(record.stable?.key).toBe("one");
          expect(servers.filter(({ weight }) => weight > 0).map(({ name }) => name)).toEqual(["r1-1"]);
          expect(servers.filter(({ name }) => name !== "r1-1").every(({ closed }) => closed)).toBe(true);
        });
      }),
      { numRuns: 100 },
    );
  });

  test("a guard that restarts from its journal at every moment comes to the same end", () => {
    fc.assert(
      fc.property(plans, moves, (overrides, list) => {
        const steady = story({ overrides, list }).play.record;
        const shaken = story({ overrides, list, restarts: true }).play.record;
        expect(shaken).toEqual(steady);
      }),
      { numRuns: 60 },
    );
  });
});

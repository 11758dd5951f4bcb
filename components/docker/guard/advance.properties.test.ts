import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReleasePlan } from "../../release/plan";
import { NotNow } from "./machine";
import { candidateShare, Play, type Second } from "./play.testkit";
import { desiredTraffic } from "./traffic";

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
    { weight: 1, arbitrary: fc.constantFrom("promote" as const, "pause" as const, "abort" as const, "begin" as const) },
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
  for (const move of list as (
    | ("promote" | "pause" | "abort" | "begin")
    | { second: Partial<Second>; times: number }
  )[]) {
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

import { describe, expect, test } from "vitest";
import type { ReleasePlan } from "../../release/plan";
import { usualRule } from "../../release/testing/sequential-rule";
import { Play } from "./play.testkit";

const rule = { ...usualRule, minRequests: 20, errors: { ignoreBelow: 0.001, sloMax: 0.1 } };

describe.each([
  ["straight", false],
  ["with a guard that restarts at every turn", true],
])("the sequential test, %s", (_, restarts) => {
  test("a good version goes through every step", () => {
    const play = Play.serving(restarts);
    play.begin("two", { rule });
    play.servers();
    expect(play.until("ended")).toMatchObject({ outcome: "promoted", cause: "promoted" });
    expect(play.state.steps.map(({ weight }) => weight)).toEqual([10, 50, 100]);
  });

  test("a bad version is taken back in its first step, with the odds, and is refused afterwards", () => {
    const play = Play.serving(restarts);
    play.begin("two", { rule });
    play.servers();
    play.until("draining", { newBad: 3 });
    expect(play.state).toMatchObject({ outcome: "rolledBack", cause: "analysis", weight: 0 });
    expect(play.state.steps).toHaveLength(1);
    expect(play.state.reason).toMatch(
      /^at 10 % after \d+ s: \d+\.?\d* % of its \d+ requests failed, .*fewer than 1 of [\d,]+ releases$/,
    );
    play.until("ended");
    expect(play.begin("two", { rule }).outcome).toBe("refused");
  });

  test("an incident of both versions takes nobody back", () => {
    const play = Play.serving(restarts);
    play.begin("two", { rule });
    play.servers();
    expect(play.until("ended", { newBad: 4, oldBad: 4 })).toMatchObject({ outcome: "promoted" });
  });

  test("errors that begin when the old version has no traffic any more are seen in the bake", () => {
    const play = Play.serving(restarts);
    play.begin("two", { rule, bakeSeconds: 60 });
    play.servers();
    play.until("baking");
    play.until("draining", { newBad: 4 });
    expect(play.state).toMatchObject({ outcome: "rolledBack", cause: "analysis" });
    expect(play.state.steps.at(-1)).toMatchObject({ weight: 100, verdict: "fail" });
  });
});

test("a gate that waits for a verdict opens before the hold is over, once the test is sure", () => {
  const step = { weight: 50, holdSeconds: 300, gate: "verdict" as const };
  const lengthOf = (asked: ReleasePlan["rule"]) => {
    const play = Play.serving();
    play.begin("two", { rule: asked, steps: [step] });
    play.servers();
    play.until("baking", {}, 400);
    const [only] = play.state.steps;
    return (only?.endedAt ?? 0) - (only?.startedAt ?? 0);
  };
  // 10 requests each second: ln 20 + ln 2 of evidence at 0.094 for each one without an error, of which caution takes none.
  expect(lengthOf(rule)).toBeGreaterThan(3);
  expect(lengthOf(rule)).toBeLessThan(15);
  // The threshold rule has no objection, which is not to be sure.
  const threshold = { maxErrorRatio: 0.05, maxTimesOld: 2, minRequests: 20, consecutiveLooks: 2, windowSeconds: 10 };
  expect(lengthOf(threshold)).toBeGreaterThanOrEqual(300);
});

test("the old version's past shows how its errors come, and counts for nothing else", () => {
  const past = (burst: number) => {
    const play = Play.serving();
    play.begin("two", { rule });
    play.servers();
    play.until("stepping");
    const at = play.now;
    play.history = Array.from({ length: 600 }, (_, index) => ({
      at: at - 600 + index,
      total: 10 * (index + 1),
      bad: burst * Math.floor((index + 1) / (10 * burst)),
    }));
    play.pass({ newBad: 1 }, 6);
    return play;
  };
  // One error in a hundred requests, evenly or six at a time: the same new version is bad, or may be.
  const [even, bursts] = [past(1), past(6)];
  expect(even.state.totals.old.total).toBeLessThan(100);
  expect(bursts.state.totals).toEqual(even.state.totals);
  const evidence = ({ record }: Play) => JSON.stringify(record.release?.judge);
  expect(evidence(even)).not.toBe(evidence(bursts));
  const reasonOf = ({ record }: Play) => record.release?.verdict?.reason ?? "";
  const against = (play: Play) => Number(/evidence against it is ([\d.]+)/.exec(reasonOf(play))?.[1] ?? Number.NaN);
  expect(against(even)).toBeGreaterThan(against(bursts));
});

describe("a gate that asks for no verdict", () => {
  // 330 requests without an error are needed to be sure of 1 %; a step here has a hundred.
  const unsure = { ...rule, errors: { ignoreBelow: 0.001, sloMax: 0.01 } };

  test("opens with requests enough and nothing against the new version", () => {
    const play = Play.serving();
    play.begin("two", { rule: unsure, steps: [{ weight: 50, holdSeconds: 10, gate: "auto" }] });
    play.servers();
    play.until("baking");
    expect(play.state.steps[0]?.verdict).toBe("undecided");
    expect((play.state.steps[0]?.endedAt ?? 0) - (play.state.steps[0]?.startedAt ?? 0)).toBeLessThan(13);
  });

  test("waits with too few, and what onUndecided says follows", () => {
    const play = Play.serving();
    play.begin("two", { rule: { ...unsure, minRequests: 2000 }, onUndecided: "rollback" });
    play.servers();
    expect(play.until("draining")).toMatchObject({ outcome: "rolledBack", cause: "undecided" });
  });
});

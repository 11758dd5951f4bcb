import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Slot } from "../../components/release/judge";
import { sequentialJudge } from "../../components/release/sequential/judge";
import type { SequentialRule } from "../../components/release/sequential/rule";
import { standingOf } from "../../components/release/sequential/standing";
import { type Judgement, judgeRecording, type Look } from "./judgement";
import { parseRecording } from "./recording";
import { PLAIN, ruleOf } from "./rule";
import { scenarios, simulate } from "./testing/recordings";
import { judgementText } from "./text";

const rule = ruleOf(PLAIN, {});
const judged = (csv: string, by: SequentialRule = rule) => judgeRecording(by, parseRecording("run.csv", csv));
const scenarioOf = (name: keyof typeof scenarios) => scenarios[name] as (typeof scenarios)[string];

const tally = fc
  .tuple(fc.nat(300), fc.constantFrom(0, 0, 0.01, 0.05, 0.5))
  .map(([total, share]) => ({ total, bad: Math.round(total * share) }));
const slots = fc
  .tuple(fc.array(tally, { maxLength: 30 }), fc.array(fc.tuple(tally, tally), { minLength: 1, maxLength: 40 }))
  .map(([history, release]): Slot[] => [
    ...history.map((old, index) => ({ at: 15 * (index + 1), new: { total: 0, bad: 0 }, old })),
    ...release.map(([fresh, old], index) => ({ at: 15 * (history.length + index + 1), new: fresh, old })),
  ]);

test("judging a recording is feeding its slots to the judge", () => {
  fc.assert(
    fc.property(slots, (given) => {
      const judge = sequentialJudge(rule, 15);
      let state = judge.initial();
      const decisions: [at: number, decision: string][] = [];
      for (const slot of given) {
        const looked = judge.look(state, slot);
        state = looked.state;
        decisions.push([slot.at, looked.verdict.decision]);
        if (looked.verdict.decision === "fail") break;
      }
      const judgement = judgeRecording(rule, { slots: given, slotSeconds: 15 });
      const last = decisions.at(-1)?.[1];
      const lastOther = decisions.findLastIndex(([, decision]) => decision !== last);
      expect(judgement.verdict).toBe(last);
      expect(judgement.at).toBe(last === "undecided" ? null : decisions[lastOther + 1]?.[0]);
      expect(judgement.logLikelihoodRatio).toBeCloseTo(standingOf(rule, state).logLikelihoodRatio, 9);
      expect(judgement.slots).toBe(decisions.length);
      expect([judgement.canaryRequests, judgement.canaryBad]).toEqual([state.seen.new.total, state.seen.new.bad]);
      expect([judgement.stableRequests, judgement.stableBad]).toEqual([state.seen.old.total, state.seen.old.bad]);
    }),
    { numRuns: 500 },
  );
});

test("slower time is the same release later", () => {
  fc.assert(
    fc.property(slots, fc.constantFrom(0.25, 0.5, 2, 8), fc.integer({ min: 0, max: 60 }), (given, times, warmUp) => {
      const by = { ...rule, warmUpSeconds: warmUp };
      const slow = { ...by, warmUpSeconds: warmUp * times, historySeconds: by.historySeconds * times };
      const later = given.map((slot) => ({ ...slot, at: slot.at * times }));
      const { at, secondsToVerdict, ...one } = judgeRecording(by, { slots: given, slotSeconds: 15 });
      const two = judgeRecording(slow, { slots: later, slotSeconds: 15 * times });
      expect(two.at).toBe(at === null ? null : at * times);
      expect(two.secondsToVerdict).toBe(secondsToVerdict === null ? null : secondsToVerdict * times);
      const same = ({ verdict, logLikelihoodRatio, canaryRequests, slots: looked, inflation }: Partial<Judgement>) => [
        verdict,
        logLikelihoodRatio,
        canaryRequests,
        looked,
        inflation,
      ];
      expect(same(two)).toEqual(same(one));
    }),
  );
});

test("a failed release is not looked at any further", () => {
  const csv = simulate(scenarioOf("bad-broken"), 1);
  const looks: Look[] = [];
  const judgement = judgeRecording(rule, parseRecording("run.csv", csv), (look) => looks.push(look));
  expect(judgement.verdict).toBe("fail");
  expect(looks.filter(({ decision }) => decision === "fail")).toHaveLength(1);
  expect(looks.at(-1)).toMatchObject({ decision: "fail", slot: { at: judgement.at } });
  expect(looks.at(-1)?.logLikelihoodRatio).toBe(judgement.logLikelihoodRatio);
  const cut = csv.split("\n").slice(0, 2 + judgement.slots);
  expect(judged(cut.join("\n"))).toEqual(judgement);
});

test("a pass dates from the look since which it holds until the end", () => {
  // One that passed before and could not hold it: any other proves nothing.
  const runs = Array.from({ length: 50 }, (_, seed) => {
    const looks: Look[] = [];
    const recording = parseRecording("run.csv", simulate(scenarioOf("good-usual"), seed));
    return { looks, ...judgeRecording(rule, recording, (look) => looks.push(look)) };
  });
  const wavering = runs.filter(({ verdict, at, looks }) =>
    looks.some(({ slot, decision }) => verdict === "pass" && decision === "pass" && slot.at < (at ?? 0)),
  );
  expect(wavering.length).toBeGreaterThan(0);
  for (const { at, looks } of wavering) {
    const since = looks.findIndex(({ slot }) => slot.at === at);
    expect(looks[since - 1]?.decision).toBe("undecided");
    expect(looks.slice(since).every(({ decision }) => decision === "pass")).toBe(true);
  }
});

test("a broken version fails in its first slot, a far better one passes, a quiet one stays undecided", () => {
  expect(judged(simulate(scenarioOf("bad-broken"), 1))).toMatchObject({ verdict: "fail", secondsToVerdict: 30 });
  expect(judged(simulate({ ...scenarioOf("good-usual"), ratio: () => 0 }, 1)).verdict).toBe("pass");
  const quiet = judged(simulate({ ...scenarioOf("good-quiet"), requestsPerSecond: 0.02 }, 1));
  expect(quiet).toMatchObject({ verdict: "undecided", at: null, secondsToVerdict: null });
});

describe("history", () => {
  const csv = simulate(scenarioOf("good-bursts"), 3);
  test("before the canary's first request is counted, and only as much as the rule asks for", () => {
    expect(judged(csv)).toMatchObject({ slots: 100, historySlots: 60, beganAt: 1800 });
    const short = judged(csv, { ...rule, historySeconds: 300 });
    expect(short).toMatchObject({ slots: 50, historySlots: 10 });
    expect(short.inflation).not.toEqual(judged(csv).inflation);
  });

  test("is everything when the canary never had a request", () => {
    const idle = csv.replace(/^(\d+),\d+,\d+/gm, "$1,0,0");
    expect(judged(idle)).toMatchObject({
      verdict: "undecided",
      reason: "it has answered no request yet",
      beganAt: null,
      historySlots: 100,
      canaryRate: null,
    });
  });
});

test("nothing recorded is undecided, in numbers that JSON has", () => {
  const judgement = judgeRecording(rule, { slots: [], slotSeconds: 0 });
  expect(judgement).toMatchObject({ verdict: "undecided", reason: "there are no counts of either version", slots: 0 });
  expect(JSON.parse(JSON.stringify(judgement))).toEqual(judgement);
});

test("slots whose counts cannot be are counted and left out", () => {
  const good: Slot = { at: 15, new: { total: 9, bad: 0 }, old: { total: 90, bad: 0 } };
  const odd: Slot = { at: 30, new: { total: 1, bad: 2 }, old: { total: 90, bad: 0 } };
  expect(judgeRecording(rule, { slots: [good, odd], slotSeconds: 15 })).toMatchObject({
    leftOutSlots: 1,
    canaryRequests: 9,
  });
});

test("a slot after many missing scrapes is counted and not judged, but for the history", () => {
  const slot = (at: number, fresh: number): Slot => ({ at, new: { total: fresh, bad: 0 }, old: { total: 90, bad: 0 } });
  const slots = [slot(15, 0), slot(90, 0), slot(105, 9), slot(165, 9), slot(240, 9), slot(255, 9)];
  const judgement = judgeRecording(rule, { slots, slotSeconds: 15 });
  expect(judgement).toMatchObject({ slots: 6, gapSlots: 1, leftOutSlots: 0, canaryRequests: 27 });
  expect(judgementText({ judgement, remarks: [] })).toContain(
    "\n  gaps         1 slot after more than 3 missing scrapes, not judged",
  );
});

test("slow requests are judged with a latency objective", () => {
  const head = "t,canary_total,canary_bad,stable_total,stable_bad,canary_timed,canary_slow,stable_timed,stable_slow";
  const csv = [head, "0,0,0,0,0,0,0,0,0", "15,0,0,900,0,0,0,900,9", "30,100,0,1800,0,100,60,1800,18"].join("\n");
  expect(judged(csv).slow).toBeUndefined();
  const late = judged(csv, ruleOf(PLAIN, { "latency-ratio": "0.99" }));
  expect(late.verdict).toBe("fail");
  expect(late.slow).toMatchObject({
    canaryTimed: 100,
    canarySlow: 60,
    canaryRate: 0.6,
    stableSlow: 9,
    stableRate: 0.01,
  });
});

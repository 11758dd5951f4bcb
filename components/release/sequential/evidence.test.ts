import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { usualRule } from "../testing/sequential-rule";
import { noDispersion } from "./dispersion";
import {
  type Evidence,
  fewer,
  gather,
  meanOfPowers,
  noEvidence,
  perBad,
  poissonGain,
  type Tally,
  weigh,
} from "./evidence";
import { EFFECTS, type SequentialRule } from "./rule";

const rule: SequentialRule = { ...usualRule, errors: { ignoreBelow: 0, sloMax: 0.01 } };

const powersOf = ({ requests, slots }: Evidence) => [...requests, ...slots].map(Math.exp);
const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
const binomial = (n: number, k: number, p: number) => choose(n, k) * p ** k * (1 - p) ** (n - k);

/** Expected e^Λ over all ways in which the bad requests of some slots may fall, each with its chance. */
function expected(
  slots: { fresh: number; old: number; outcomes: { chance: number; fresh: number; old: number }[] }[],
  tolerate = 1,
): number[] {
  const walk = (evidence: Evidence, index: number): number[] => {
    const slot = slots[index];
    if (slot === undefined) return powersOf(evidence);
    return slot.outcomes.reduce<number[]>(
      (sums, { chance, fresh, old }) => {
        const next = gather(
          evidence,
          { bad: fresh, total: slot.fresh },
          { bad: old, total: slot.old },
          { ...rule, tolerate },
        );
        return walk(next, index + 1).map((value, effect) => (sums[effect] ?? 0) + chance * value);
      },
      powersOf(noEvidence).map(() => 0),
    );
  };
  return walk(noEvidence, 0);
}

describe("the evidence is a test martingale: e to its power is 1 in the mean when both versions are equal", () => {
  test.each([
    [0.1, 1],
    [0.5, 1],
    [0.9, 1],
    [0.25, 1.25],
    [0.6, 3],
  ])(
    "exactly, for bad requests that fall to the new version with its share of %d, tolerating %d times",
    (share, tolerate) => {
      const part = (share * tolerate) / (1 - share + share * tolerate);
      const slot = (bad: number) => ({
        fresh: 1000 * share,
        old: 1000 * (1 - share),
        outcomes: Array.from({ length: bad + 1 }, (_, fresh) => ({
          chance: binomial(bad, fresh, part),
          fresh,
          old: bad - fresh,
        })),
      });
      const means = expected([slot(3), slot(1), slot(4)], tolerate);
      for (const mean of means.slice(0, EFFECTS.length)) expect(mean).toBeCloseTo(1, 12);
      // Single requests share a slot: less evidence, never more.
      for (const mean of means.slice(EFFECTS.length)) expect(mean).toBeLessThanOrEqual(1 + 1e-12);
    },
  );

  test("exactly, when all bad requests of a slot fall to one version: as one trial", () => {
    const slot = (bad: number, share: number) => ({
      fresh: 500 * share,
      old: 500 * (1 - share),
      outcomes: [
        { chance: share, fresh: bad, old: 0 },
        { chance: 1 - share, fresh: 0, old: bad },
      ],
    });
    const means = expected([slot(5, 0.1), slot(40, 0.25), slot(1, 0.5), slot(7, 0.75)]);
    for (const mean of means.slice(EFFECTS.length)) expect(mean).toBeCloseTo(1, 12);
    // As single requests the same would be taken for much more than it is.
    expect(Math.min(...means.slice(0, EFFECTS.length))).toBeGreaterThan(10);
  });

  test.each([
    [3, 5, 0.02],
    [4, 4, 0.3],
    [2, 9, 0.7],
    [6, 2, 0.95],
  ])("at most, for %i and %i requests that fail by themselves with a chance of %d", (fresh, old, ratio) => {
    const outcomes = Array.from({ length: fresh + 1 }, (_, x) =>
      Array.from({ length: old + 1 }, (_, y) => ({
        chance: binomial(fresh, x, ratio) * binomial(old, y, ratio),
        fresh: x,
        old: y,
      })),
    ).flat();
    for (const mean of expected([
      { fresh, old, outcomes },
      { fresh, old, outcomes },
    ])) {
      expect(mean).toBeLessThanOrEqual(1 + 1e-12);
    }
  });

  test("less, when the new version fails less often", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (share, effect) => {
          const part = (share * effect) / (1 - share + share * effect);
          const outcomes = [0, 1, 2].map((fresh) => ({ chance: binomial(2, fresh, part), fresh, old: 2 - fresh }));
          const means = expected([{ fresh: 1000 * share, old: 1000 * (1 - share), outcomes }]);
          expect(Math.max(...means)).toBeLessThanOrEqual(1 + 1e-12);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

/**
 * Chance that a Poisson process of rate 1 makes the maximised log-likelihood ratio reach a value by some time: for each
 * count there is a last moment at which it does, and the count must stay below it there.
 */
function chanceToReach(value: number, until: number): number {
  const ratio = (count: number, at: number) => poissonGain(Math.max(1, count / at), count, at);
  const last = (count: number) => {
    let [low, high] = [0, count];
    for (let round = 0; round < 200; round++) {
      const middle = (low + high) / 2;
      if (ratio(count, middle) >= value) low = middle;
      else high = middle;
    }
    return Math.min(low, until);
  };
  let below = [1];
  let at = 0;
  for (let count = 1; at < until; count++) {
    const next = last(count);
    const spread = Array.from({ length: count }, (_, more) =>
      Array.from({ length: more + 1 }, (_, before) => {
        const events = more - before;
        let chance = (below[before] ?? 0) * Math.exp(at - next);
        for (let event = 1; event <= events; event++) chance *= (next - at) / event;
        return chance;
      }).reduce((sum, chance) => sum + chance, 0),
    );
    below = spread;
    at = next;
  }
  return 1 - below.reduce((sum, chance) => sum + chance, 0);
}

test.each([
  // Kulldorff et al. 2011, "A maximized sequential probability ratio test for drug and vaccine safety surveillance",
  // table 1: critical values for α = 0.05 and an upper limit of expected events.
  [1, 2.853937],
  [2, 3.046977],
  [5, 3.297183],
  [10, 3.467952],
  [20, 3.628123],
  [50, 3.819903],
])(
  "the likelihood ratio of Poisson means reaches the published critical value by %i events with a chance of 5 percent",
  (until, value) => {
    expect(chanceToReach(value, until)).toBeCloseTo(0.05, 6);
    expect(chanceToReach(value * 1.01, until)).toBeLessThan(0.0496);
  },
);

test("the likelihood ratio of two shares is Wald's", () => {
  const [bad, total, most] = [3, 400, 0.02];
  const ratio = total * fewer(most) - bad * perBad(most);
  const chance = (share: number) => bad * Math.log(share) + (total - bad) * Math.log(1 - share);
  expect(ratio).toBeCloseTo(chance(most / 10) - chance(most), 12);
});

describe("weighing", () => {
  const none = { bad: 0, total: 0 };
  const seen = { bad: 0, total: 9_000 };
  const weighed = (evidence: Evidence, old: Tally, limits = rule.errors) =>
    weigh({ evidence, old, dispersion: { ...noDispersion, ...old } }, rule, limits).logLikelihoodRatio;
  const seenAfter = (bad: number, total: number, old = { bad: 0, total: 9_000 }) =>
    gather(noEvidence, { bad, total }, old, rule);

  test("zero errors pass after the requests that Wald's test asks for", () => {
    // ln 20 over the 0.00904 that each request without an error gives, for 1 % against 0.1 %, both halves of the mean.
    const needed = (Math.log(20) + Math.log(2)) / fewer(0.01);
    const at = (requests: number) => weighed(seenAfter(0, requests), seen);
    expect(at(Math.ceil(needed * 1.02))).toBeLessThan(-Math.log(20));
    expect(at(Math.floor(needed * 0.9))).toBeGreaterThan(-Math.log(20));
  });

  test("a version that stays below what is ignored never fails, however much worse it is", () => {
    const evidence = seenAfter(8, 10_000, { bad: 0, total: 90_000 });
    const history = { ...seen, total: 1e6 };
    expect(weighed(evidence, history, { ignoreBelow: 0, sloMax: 0.01 })).toBeGreaterThan(0);
    expect(weighed(evidence, history, { ignoreBelow: 0.001, sloMax: 0.01 })).toBeLessThan(0);
  });

  test("without any request of the old version nothing is known", () => {
    for (const bad of [0, 500, 1000]) {
      const evidence = gather(noEvidence, { bad, total: 1000 }, { bad: 0, total: 0 }, rule);
      expect(weighed(evidence, none)).toBe(0);
    }
  });

  test("beside no old version its earlier share is the measure", () => {
    const past = { ...seen, bad: 9, total: 9_000 };
    const at = (bad: number) => weighed(gather(noEvidence, { bad, total: 3000 }, { bad: 0, total: 0 }, rule), past);
    expect(at(6)).toBeLessThanOrEqual(0);
    expect(at(60)).toBeGreaterThan(-Math.log(0.01));
    // 13 of 9,000 requests are the most it may have been: too few requests of the past say nothing.
    const few = { ...past, total: 49 };
    const evidence = gather(noEvidence, { bad: 60, total: 3000 }, { bad: 0, total: 0 }, rule);
    expect(weighed(evidence, few)).toBe(0);
  });

  test("no evidence is too large for a number", () => {
    const evidence = gather(noEvidence, { bad: 1e9, total: 1e9 }, { bad: 0, total: 1e9 }, rule);
    const logLikelihoodRatio = weighed(evidence, seen);
    expect(logLikelihoodRatio).toBeGreaterThan(600);
    expect(Number.isFinite(logLikelihoodRatio)).toBe(true);
    expect(
      meanOfPowers([
        [1 / 2, Number.NEGATIVE_INFINITY],
        [1 / 2, 0],
      ]),
    ).toBeCloseTo(-Math.log(2), 12);
  });
});

import { describe, expect, test } from "vitest";
import { exposureAt, exposureError, largestRise, meanDifference, reachedAt, secondsToAll } from "./exposure";
import { describeLadder, fitLadder, isExact } from "./ladder";

const LIMITS = { smallestLinear: 3, smallestCanary: 0.1, grain: 0.1, mostMinutes: 1440 };
const stages = (...pairs: [number, number][]) => pairs.map(([weight, holdSeconds]) => ({ weight, holdSeconds }));
const usual = stages([10, 300], [25, 300], [50, 300], [75, 300]);

describe("exposure", () => {
  test("is a staircase that ends at 100 %", () => {
    expect([0, 299.9, 300, 1199, 1200].map((at) => exposureAt(usual, at))).toEqual([10, 10, 25, 75, 100]);
    expect(exposureAt([], 0)).toBe(100);
    expect([1, 10, 11, 75, 76, 100].map((percent) => reachedAt(usual, percent))).toEqual([0, 0, 300, 900, 1200, 1200]);
    expect(secondsToAll(usual)).toBe(1200);
    expect(largestRise(usual)).toBe(25);
    expect(largestRise(stages([5, 1]))).toBe(95);
  });

  test("the error is what is above the request at any time, not below", () => {
    expect(exposureError(usual, usual)).toBe(0);
    expect(exposureError(usual, stages([10, 600]))).toBe(0.5);
    expect(exposureError(usual, stages([5, 9000]))).toBe(0);
    expect(exposureError(usual, [])).toBe(0.9);
  });

  test("the mean difference is weighed by time", () => {
    expect(meanDifference(stages([10, 100]), stages([10, 50]))).toBe(45);
    expect(meanDifference([], [])).toBe(0);
  });
});

describe("fitLadder", () => {
  test.each([
    ["equal steps below the usual ones", usual, "never-exceed", { shape: "linear", percent: 10, minutes: 5 }],
    ["a single step", stages([33.3, 60]), "exact", { shape: "canary", percent: 33.3, minutes: 1 }],
    ["equal steps", stages([20, 60], [40, 60], [60, 60], [80, 60]), "exact", { shape: "linear", percent: 20 }],
    // A quick rise at the end must not make every step as long as the first hold.
    ["a long first step", stages([50, 3600], [75, 60]), "never-exceed", { shape: "linear", percent: 50, minutes: 61 }],
    [
      "too small for equal steps",
      stages([1, 60], [50, 60]),
      "never-exceed",
      { shape: "canary", percent: 1, minutes: 2 },
    ],
  ] as const)("%s", (_, requested, fit, expected) => {
    expect(fitLadder(requested, LIMITS, fit)).toMatchObject(expected);
  });

  test("nothing stays below a share that is too small, or a time that is too long", () => {
    expect(fitLadder(stages([0.05, 60], [50, 60]), LIMITS, "never-exceed")).toBeUndefined();
    expect(fitLadder(stages([1, 86_400], [2, 86_400]), LIMITS, "never-exceed")).toBeUndefined();
  });

  test("as near as possible differs less than what must stay below", () => {
    const below = fitLadder(usual, LIMITS, "never-exceed");
    const near = fitLadder(usual, LIMITS, "nearest");
    expect(meanDifference(usual, near?.steps ?? [])).toBeLessThan(meanDifference(usual, below?.steps ?? []) / 2);
  });

  test("is told in words", () => {
    const near = { shape: "linear", percent: 25, minutes: 5, steps: stages([25, 300], [50, 300], [75, 300]) } as const;
    expect(describeLadder(usual, near)).toBe(
      "25 % every 5 min, 15 min to 100 %, up to 25 % of the traffic more than asked",
    );
    expect(isExact(usual, { steps: usual })).toBe(true);
    expect(isExact(usual, near)).toBe(false);
  });
});

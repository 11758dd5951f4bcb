import fc from "fast-check";
import { expect, test } from "vitest";
import { defaults } from "../model/defaults";
import { parseDuration } from "../model/duration";
import { chanceAbove, FOUND, smallestVisibleRatio } from "./visible";

const { window, ...threshold } = defaults.threshold;
const rule = { ...threshold, windowSeconds: parseDuration(window) };
const traffic = { requestsPerSecond: 100, oldErrorRatio: 0.001 };

test.each([
  // The sum of the binomial distribution, in rational arithmetic.
  [0, 10, 0.1, 0.6513215599],
  [2, 100, 0.05, 0.8817370189],
  [6, 600, 0.02, 0.9557047546],
  [60, 6000, 0.01, 0.465737095],
])("more than %i of %i failures at %d: %d", (allowed, requests, ratio, chance) => {
  expect(chanceAbove(allowed, requests, ratio)).toBeCloseTo(chance, 6);
});

test("many failures are counted as a normal number of them, hardly less exactly", () => {
  // The mean is 20,000 and the deviation 134.16: half a deviation, and one, to both sides.
  expect(chanceAbove(20_000, 200_000, 0.1)).toBeCloseTo(0.4985, 3);
  expect(chanceAbove(20_134, 200_000, 0.1)).toBeCloseTo(0.1581, 3);
  expect(chanceAbove(19_865, 200_000, 0.1)).toBeCloseTo(0.8419, 3);
  // The sum goes over into it without a step.
  const [sum, normal] = [chanceAbove(10_100, 1e6, 0.00999), chanceAbove(10_100, 1e6, 0.01011)];
  expect(sum).toBeCloseTo(0.134, 2);
  expect(normal).toBeCloseTo(0.538, 2);
});

test("the limits of a chance", () => {
  expect(chanceAbove(5, 10, 0)).toBe(0);
  expect(chanceAbove(5, 10, 1)).toBe(1);
  expect(chanceAbove(10, 1e6, 0.5)).toBe(1);
  expect(chanceAbove(9e5, 1e6, 0.5)).toBe(0);
});

test("more traffic in a step makes smaller regressions visible", () => {
  const at = (weight: number) => smallestVisibleRatio(rule, traffic, { weight, holdSeconds: 300 }) ?? Number.NaN;
  // 600 requests in the window, 6 of which may fail: 1.97 % are found with a chance of 95 %.
  expect(at(10)).toBeCloseTo(0.0197, 3);
  expect(at(50)).toBeLessThan(at(10));
  expect(at(50)).toBeGreaterThan(0.01);
});

test("with a worse old version only more than twice its errors are a regression", () => {
  const bad = { ...traffic, oldErrorRatio: 0.05 };
  expect(smallestVisibleRatio(rule, bad, { weight: 50, holdSeconds: 300 })).toBeGreaterThan(0.1);
});

test("too few requests show nothing", () => {
  expect(smallestVisibleRatio(rule, { ...traffic, requestsPerSecond: 1 }, { weight: 10, holdSeconds: 300 })).toBe(
    undefined,
  );
  expect(smallestVisibleRatio(rule, traffic, { weight: 0, holdSeconds: 300 })).toBe(undefined);
  // A step longer than the window counts whole when the window has too few.
  expect(
    smallestVisibleRatio(rule, { ...traffic, requestsPerSecond: 2 }, { weight: 10, holdSeconds: 300 }),
  ).toBeDefined();
});

test("what it names is found, and hardly less is not", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 10, max: 900 }),
      fc.double({ min: 1, max: 1000, noNaN: true }),
      (weight, holdSeconds, requestsPerSecond) => {
        const ratio = smallestVisibleRatio(rule, { requestsPerSecond, oldErrorRatio: 0.001 }, { weight, holdSeconds });
        if (ratio === undefined) return;
        const perSecond = (requestsPerSecond * weight) / 100;
        const inWindow = perSecond * Math.min(60, holdSeconds);
        const requests = Math.floor(inWindow >= rule.minRequests ? inWindow : perSecond * holdSeconds);
        const allowed = Math.floor(0.01 * requests);
        expect(chanceAbove(allowed, requests, ratio)).toBeGreaterThanOrEqual(FOUND);
        expect(chanceAbove(allowed, requests, ratio * 0.999)).toBeLessThan(FOUND);
      },
    ),
    { numRuns: 2_000 },
  );
});

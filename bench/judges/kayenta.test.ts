import { expect, test } from "vitest";
import { brentRoot } from "./brent";
import { classify, KAYENTA, kayenta } from "./kayenta";
import { deviate, mannWhitney, TiedError } from "./mann-whitney";
import { Random } from "./random";
import { totalsOf } from "./testing/totals";

const NORMAL_95 = 1.959963984540054;
const NORMAL_98 = KAYENTA.quantile;
/** As Kayenta's tests of its classifier set it. */
const TESTED = { tolerance: 0.1, quantile: NORMAL_95, allowedIncrease: 1 };

/** Values with how often each stands in the sample. */
const times = (counts: Record<string, number>) =>
  Object.entries(counts).flatMap(([value, count]) => Array<number>(count).fill(Number(value)));
const label = (canary: number[], baseline: number[], classifier = TESTED) =>
  classify(canary, baseline, classifier, new Random("noise"));

test("Two samples that do not overlap: the ends are their extreme differences", () => {
  // The figures of Kayenta's MannWhitneySuite.
  const shift = mannWhitney([10, 20, 30, 40], [1, 2, 3, 4], NORMAL_95);
  expect(shift.low).toBeCloseTo(6, 6);
  expect(shift.high).toBeCloseTo(39, 6);
  expect(shift.estimate).toBeCloseTo(22.5, 6);
});

test("The deviate of two small samples is the one computed by hand", () => {
  // Ranks of x: 2, 4, 5 → 11 − 6 − 4.5 = 0.5, less 0.5 for continuity.
  expect(deviate(Float64Array.of(2, 4, 5), Float64Array.of(1, 3, 6), 0)).toBe(0);
  // x = 2, 3, 3 against 1, 1, 3 → ranks 3 and twice 5: 13 − 6 − 4.5 = 2.5, less 0.5.
  // Ties: two of 1 and three of 3 → 6 + 24 = 30; variance = 9/12 · (7 − 30/30) = 4.5.
  expect(deviate(Float64Array.of(2, 3, 3), Float64Array.of(1, 1, 3), 0)).toBeCloseTo(2 / Math.sqrt(4.5), 12);
  expect(() => deviate(Float64Array.of(1, 1), Float64Array.of(1), 0)).toThrow(TiedError);
});

test("Ninety half seconds on each side agree with R, to where its root finder stops", () => {
  const baseline = times({
    ...{ 1.5: 2, "2": 16, 2.5: 18, "3": 16, 3.5: 10, "4": 8, 4.5: 4 },
    ...{ "5": 6, 5.5: 2, "6": 5, "8": 1, 15.5: 1, 54.5: 1 },
  });
  const canary = times({
    ...{ 1.5: 9, "2": 16, 2.5: 22, "3": 17, 3.5: 9, "4": 5, 4.5: 1 },
    ...{ "5": 3, 5.5: 1, "6": 2, 6.5: 2, "7": 1, 7.5: 1, 16.5: 1 },
  });
  const shift = mannWhitney(canary, baseline, NORMAL_95);
  expect(shift.low).toBeCloseTo(-0.500002521696696, 6);
  expect(shift.high).toBeCloseTo(-3.486287505871302e-5, 6);
  expect(Math.abs(shift.estimate - -0.4999393907180323)).toBeLessThan(1e-4);
});

test("A hundred and eighty on each side at 98 % agree with R", () => {
  const canary = times({
    ...{ 0.5: 20, "1": 41, 1.5: 67, "2": 37, 2.5: 3, "3": 2 },
    ...{ 3.5: 3, "4": 1, "5": 1, 5.5: 3, 8.5: 1, "19": 1 },
  });
  const baseline = times({
    ...{ "0": 1, 0.5: 7, "1": 32, 1.5: 70, "2": 33, 2.5: 22, "3": 6 },
    ...{ 3.5: 2, "4": 3, 4.5: 1, 5.5: 1, "7": 1, 7.5: 1 },
  });
  const shift = mannWhitney(canary, baseline, NORMAL_98);
  expect(shift.low).toBeCloseTo(-0.4999173250549087, 6);
  expect(shift.high).toBeCloseTo(-6.912685789769486e-6, 6);
  expect(Math.abs(shift.estimate - -3.45044082729315e-5)).toBeLessThan(1e-4);
});

test("Classes of the small cases in Kayenta's ClassifierSuite", () => {
  expect(label([1, 1, 1], [1, 1])).toBe("pass");
  expect(label([1, 2, 3], [3, 2, 1])).toBe("pass");
  expect(label([1, 1, 1, 1, 10], [1, 1, 1, 1, 1])).toBe("pass");
  expect(label(times({ "10": 5 }), times({ "1": 5 }))).toBe("high");
  expect(label(times({ "10": 5 }), times({ "0": 5 }))).toBe("high");
  expect(label([54.9, 54.5, 55.1, 55.6, 57.4], times({ "0": 5 }))).toBe("high");
  expect(label(times({ "0": 5 }), [54.9, 54.5, 55.1, 55.6, 57.4])).toBe("pass");
  expect(label([], [1, 2])).toBe("nodata");
  expect(label([1, 2], [])).toBe("nodata");
});

test("A shift within the tolerated share of the estimate's size is no increase, and neither is a smaller mean", () => {
  const canary = [20, 21, 22, 23, 24, 25];
  const baseline = [10, 11, 12, 13, 14, 15];
  expect(label(canary, baseline)).toBe("high");
  expect(label(canary, baseline, { ...TESTED, allowedIncrease: 2 })).toBe("pass");
  expect(label(canary, baseline, { ...TESTED, tolerance: 0.9 })).toBe("pass");
});

test("One point against constant others leaves no variance: the classification fails", () => {
  expect(label([2], [0, 0, 0])).toBe("error");
});

test("A release is judged every five minutes by a point a minute", () => {
  const random = new Random("release");
  const worse = totalsOf((slot) => ({ newTotal: 100, newBad: 10 + (slot % 4), oldTotal: 900, oldBad: 9 + (slot % 3) }));
  expect(kayenta(worse, 0, random)).toEqual({ rolledBackAt: 300 });
  expect(kayenta(worse, 60, random)).toEqual({ rolledBackAt: 360 });
  const fromTen = totalsOf((slot) => ({
    ...{ newTotal: 100, newBad: slot < 40 ? 1 + (slot % 2) : 10 + (Math.floor(slot / 4) % 5) },
    ...{ oldTotal: 900, oldBad: 13 + (slot % 3) },
  }));
  expect(kayenta(fromTen, 0, random)).toEqual({});
});

test("A new version without requests is missing data, which ends the canary", () => {
  expect(
    kayenta(
      totalsOf(() => ({ oldTotal: 100 })),
      0,
      new Random("none"),
    ),
  ).toEqual({ rolledBackAt: 300 });
});

test("Brent's root finder finds roots of smooth functions and the place of a jump", () => {
  expect(brentRoot((x) => x ** 3 - 2, 0, 2, 1e-10)).toBeCloseTo(2 ** (1 / 3), 9);
  expect(brentRoot((x) => Math.cos(x), 0, 3, 1e-10)).toBeCloseTo(Math.PI / 2, 9);
  expect(Math.abs(brentRoot((x) => (x < 0.7 ? -1 : 1), 0, 1, 1e-4) - 0.7)).toBeLessThan(1e-4);
  expect(brentRoot((x) => x, 0, 1, 1e-4)).toBe(0);
});

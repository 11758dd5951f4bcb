import fc from "fast-check";
import { expect, test } from "vitest";
import { Fit, Gate } from "../../model/release";
import type { PlannedStep } from "../plan";
import { exposureError } from "./exposure";
import { wholeShares } from "./whole-shares";

const stepsAt = (...weights: number[]): PlannedStep[] =>
  weights.map((weight) => ({ weight, holdSeconds: 300, gate: Gate.auto }));

test("whole percents are left alone", () => {
  expect(wholeShares(stepsAt(10, 25), Fit.neverExceed, "X")).toEqual({ steps: stepsAt(10, 25), diagnostics: [] });
});

test("fractions are rounded down, to nothing below the first percent", () => {
  const { steps, diagnostics } = wholeShares(stepsAt(0.5, 12.5), Fit.neverExceed, "Cloud Run");
  expect(steps).toEqual(stepsAt(0, 12));
  expect(diagnostics).toEqual([
    {
      feature: "release.canary.steps[0].weight",
      fidelity: "dropped",
      message: "Cloud Run's smallest share is 1 %, so that the new version gets nothing at 0.5 %.",
      maxExposureError: 0,
    },
    {
      feature: "release.canary.steps[1].weight",
      fidelity: "approximated",
      message: "Cloud Run knows shares in steps of 1 %: the new version gets 12 % instead of 12.5 %.",
      maxExposureError: 0,
    },
  ]);
});

test("as near as possible they are rounded up too, but never to 100 %", () => {
  const { steps, diagnostics } = wholeShares(stepsAt(12.5, 99.9), Fit.nearest, "Cloud Run");
  expect(steps).toEqual(stepsAt(13, 99));
  expect(diagnostics.map(({ maxExposureError }) => maxExposureError)).toEqual([0.005, 0]);
});

test("parts of a percent are kept where the target takes them", () => {
  expect(wholeShares(stepsAt(0.5, 12.5), Fit.neverExceed, "nginx", 10).steps).toEqual(stepsAt(0.5, 12.5));
  expect(wholeShares(stepsAt(12.34), Fit.neverExceed, "nginx", 10).steps).toEqual(stepsAt(12.3));
});

test("no share is above the one that was asked for, by no hair of a binary fraction", () => {
  const weights = fc.uniqueArray(fc.double({ min: 1e-9, max: 100, maxExcluded: true, noNaN: true }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(weights, fc.constantFrom(1, 10, 1000), (asked, parts) => {
      const steps = stepsAt(...asked.sort((a, b) => a - b));
      const fitted = wholeShares(steps, Fit.neverExceed, "X", parts).steps;
      expect(exposureError(steps, fitted)).toBe(0);
      expect(fitted.every(({ weight }, index) => weight >= (fitted[index - 1]?.weight ?? 0))).toBe(true);
      expect(fitted.every(({ weight }, index) => (steps[index]?.weight ?? 0) - weight < 1 / parts + 1e-9)).toBe(true);
    }),
    { numRuns: 10_000 },
  );
});

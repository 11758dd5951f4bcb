import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fit, Gate } from "../../model/release";
import type { PlannedStep } from "../plan";
import { exposureError } from "./exposure";
import { podShare, podsAt, podWeights } from "./pod-ratio";

const stepsAt = (...weights: number[]): PlannedStep[] =>
  weights.map((weight) => ({ weight, holdSeconds: 300, gate: Gate.auto }));

// What Argo Rollouts does with a surge of 1, by the cases of its own canary_test.go.
test.each([
  [1, 0, 0, 1],
  [1, 1, 1, 1],
  [1, 50, 1, 1],
  [1, 99, 1, 1],
  [1, 100, 1, 0],
  [2, 1, 1, 2],
  [2, 50, 1, 1],
  [2, 99, 2, 1],
  [3, 10, 1, 3],
  [3, 25, 1, 3],
  [3, 33, 1, 2],
  [3, 49, 2, 2],
  [3, 50, 2, 2],
  [10, 0, 0, 10],
  [10, 1, 1, 10],
  [10, 18, 2, 9],
  [10, 20, 2, 8],
  [10, 23, 2, 8],
  [10, 24, 3, 8],
  [10, 25, 3, 8],
  [10, 99, 10, 1],
  [10, 100, 10, 0],
])("of %i pods at %i %%, %i are new and %i old", (copies, weight, fresh, old) => {
  expect(podsAt(copies, weight)).toEqual({ new: fresh, old });
});

describe("weights by numbers of pods", () => {
  test("10 % of four pods is not 10 %: the smallest share is one of five, and the step gets nothing", () => {
    expect(podWeights(stepsAt(10, 25, 50, 75), { min: 4, max: 4 }, Fit.neverExceed)).toEqual({
      weights: [0, 25, 50, 75],
      steps: stepsAt(0, 25, 50, 75),
      diagnostics: [
        {
          feature: "release.canary.steps[0].weight",
          fidelity: "dropped",
          message:
            "Without a router the share is that of the pods: one beside 4 would be more than 10 %, so that the new version gets nothing in this step.",
          maxExposureError: 0,
        },
      ],
    });
  });

  test("as near as possible it is 20 %, and the difference is told", () => {
    const { weights, steps, diagnostics } = podWeights(stepsAt(10, 50), { min: 4, max: 4 }, Fit.nearest);
    expect(weights).toEqual([10, 50]);
    expect(steps).toEqual(stepsAt(20, 50));
    expect(diagnostics).toEqual([
      {
        feature: "release.canary.steps[0].weight",
        fidelity: "approximated",
        message:
          "Without a router the share is that of the pods: with 4 of them the new version gets 20 % instead of 10 %.",
        maxExposureError: 0.1,
      },
    ]);
  });

  test("a weight is lowered until Argo no longer rounds it up", () => {
    // At 24 % Argo runs three of eleven pods, 27.3 %; at 23 % two of ten.
    const { weights, steps } = podWeights(stepsAt(24), { min: 10, max: 10 }, Fit.neverExceed);
    expect(weights).toEqual([23]);
    expect(steps).toEqual(stepsAt(20));
  });

  test("an autoscaler may want any number: the share holds for the worst of them", () => {
    const { weights, steps, diagnostics } = podWeights(stepsAt(30), { min: 2, max: 4 }, Fit.neverExceed);
    // One of three pods at the least number would be 33.3 %.
    expect(weights).toEqual([0]);
    expect(steps).toEqual(stepsAt(0));
    expect(diagnostics[0]?.message).toContain("one beside 2 to 4 would be more than 30 %");
    const near = podWeights(stepsAt(30), { min: 2, max: 4 }, Fit.nearest);
    expect(near.steps[0]?.weight).toBeCloseTo(33.33, 2);
    expect(near.diagnostics[0]?.message).toContain(
      "with 2 to 4 of them the new version gets 25 to 33.33 % instead of 30 %",
    );
  });

  const asked = fc
    .uniqueArray(fc.oneof(fc.integer({ min: 1, max: 99 }), fc.constantFrom(0.1, 12.5, 33.3, 99.9)), {
      minLength: 1,
      maxLength: 8,
    })
    .map((weights) => stepsAt(...weights.sort((a, b) => a - b)));
  const ranges = fc
    .tuple(fc.integer({ min: 1, max: 100 }), fc.nat({ max: 8 }))
    .map(([min, more]) => ({ min, max: Math.min(100, min + more) }));

  test("no number of pods in the range has more than was asked for at any time, and the steps rise", () => {
    fc.assert(
      fc.property(asked, ranges, (steps, range) => {
        const fitted = podWeights(steps, range, Fit.neverExceed);
        expect(exposureError(steps, fitted.steps)).toBe(0);
        for (let copies = range.min; copies <= range.max; copies++) {
          const real = steps.map((step, index) => ({ ...step, weight: podShare(copies, fitted.weights[index] ?? 0) }));
          expect(exposureError(steps, real)).toBe(0);
        }
        const weights = fitted.steps.map(({ weight }) => weight);
        expect(weights).toEqual([...weights].sort((a, b) => a - b));
        expect(fitted.steps.map(({ holdSeconds }) => holdSeconds)).toEqual(steps.map(({ holdSeconds }) => holdSeconds));
      }),
      { numRuns: 10_000 },
    );
  });

  test("as near as possible, the error that is told is the largest there is", () => {
    fc.assert(
      fc.property(asked, ranges, (steps, range) => {
        const fitted = podWeights(steps, range, Fit.nearest);
        const told = Math.max(0, ...fitted.diagnostics.map(({ maxExposureError }) => maxExposureError));
        for (let copies = range.min; copies <= range.max; copies++) {
          const real = steps.map((step, index) => ({ ...step, weight: podShare(copies, fitted.weights[index] ?? 0) }));
          expect(exposureError(steps, real)).toBeLessThanOrEqual(told + 1e-9);
        }
        expect(fitted.steps.every(({ weight }) => weight < 100)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
});

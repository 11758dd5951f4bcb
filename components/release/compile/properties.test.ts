import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDuration } from "../../model/duration";
import { Fit, type Release } from "../../model/release";
import type { Service } from "../../model/service";
import { Target } from "../../model/target";
import { objectives, partial, releases, services, steps } from "../../model/testing/arbitraries";
import { totalSeconds } from "../plan";
import { compileRelease } from ".";
import { exposureAt, exposureError, secondsToAll } from "./exposure";
import { Router } from "./target";

const RUNS = 10_000;
const targets = Object.values(Target);

const options = fc.record(
  { objectives, router: fc.constantFrom(...Object.values(Router)), name: fc.constant("shop") },
  { requiredKeys: [] },
);
const inputs = fc.record({ release: releases, service: services, options });

/** Canaries that no target refuses for anything but their shares and times. */
const canaries: fc.Arbitrary<Release> = fc.record({
  canary: fc.record({ steps: steps.map((list) => list.map(({ gate: _, ...step }) => step)) }),
  fit: fc.constantFrom(...Object.values(Fit)),
});
const plainService: fc.Arbitrary<Service> = partial({
  replicas: fc.integer({ min: 1, max: 100 }).map((count) => ({ count })),
}).map((more) => ({
  image: { build: { context: "." } },
  port: 8080,
  health: { readiness: { path: "/ready" } },
  ...more,
}));
const traffic = fc.record({ release: canaries, service: plainService, options });

test("every valid release compiles for every target, the same each time, as plain JSON, and its input is left alone", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const before = structuredClone(input);
      for (const target of targets) {
        const compiled = compileRelease(input.release, input.service, target, input.options);
        expect(JSON.parse(JSON.stringify(compiled))).toEqual(compiled);
        expect(compileRelease(before.release, before.service, target, before.options)).toEqual(compiled);
        const shares = compiled.steps.map(({ weight }) => weight);
        expect(shares.every((share, index) => share >= (shares[index - 1] ?? 0) && share < 100)).toBe(true);
      }
      expect(input).toEqual(before);
    }),
    { numRuns: RUNS },
  );
});

test("the new version never gets more than asked for, unless told to come as near as it can", () => {
  const weighed = new Map<string, number>(targets.map((target) => [target, 0]));
  fc.assert(
    fc.property(traffic, ({ release, service, options: known }) => {
      for (const target of targets) {
        const compiled = compileRelease(release, service, target, known);
        if (compiled.problems.length > 0) continue;
        weighed.set(target, (weighed.get(target) ?? 0) + 1);
        const { steps: actual, requested, maxExposureError, diagnostics } = compiled;
        const error = exposureError(requested.steps, actual);
        expect(maxExposureError).toBeGreaterThanOrEqual(error);
        if (JSON.stringify(actual) !== JSON.stringify(requested.steps)) {
          expect(diagnostics.length, target).toBeGreaterThan(0);
        }
        if (release.fit === Fit.nearest) continue;
        expect(error, target).toBe(0);
        // Beside the moments at which something changes, any moment at all.
        for (const part of [0, 0.1, 0.37, 0.5, 0.99]) {
          const at = part * secondsToAll(actual);
          expect(exposureAt(actual, at), target).toBeLessThanOrEqual(exposureAt(requested.steps, at));
        }
      }
    }),
    { numRuns: RUNS },
  );
  expect([...weighed].filter(([, count]) => count < RUNS / 10)).toEqual([]);
});

test("an exact fit is done to the second, or refused", () => {
  const exact = new Map<string, number>(targets.map((target) => [target, 0]));
  fc.assert(
    fc.property(traffic, ({ release, service, options: known }) => {
      for (const target of targets) {
        const compiled = compileRelease({ ...release, fit: Fit.exact }, service, target, known);
        if (compiled.problems.length > 0) continue;
        exact.set(target, (exact.get(target) ?? 0) + 1);
        expect(compiled.diagnostics).toEqual([]);
        const shape = (list: typeof compiled.steps) => list.map(({ weight, holdSeconds }) => [weight, holdSeconds]);
        expect(shape(compiled.steps)).toEqual(shape(compiled.requested.steps));
      }
    }),
    { numRuns: RUNS },
  );
  expect([...exact].filter(([target, count]) => count === 0 && target !== Target.containerApps)).toEqual([]);
});

test("what is asked for keeps the order, the shares and the time of what was said", () => {
  fc.assert(
    fc.property(inputs, ({ release, service }) => {
      const { requested } = compileRelease(release, service, "docker");
      const weights = requested.steps.map(({ weight }) => weight);
      const rising = weights.every((weight, index) => weight > (weights[index - 1] ?? -1) && weight < 100);
      expect(rising).toBe(true);
      if (release.emergency !== undefined) {
        expect(requested).toMatchObject({ strategy: "immediate", steps: [], bakeSeconds: 0 });
        return;
      }
      if (release.canary?.steps) {
        expect(weights).toEqual(release.canary.steps.map((step) => step.weight));
        const holds = release.canary.steps.map((step) => parseDuration(step.hold ?? "300s"));
        const bake = parseDuration(release.bake ?? "300s");
        expect(totalSeconds(requested)).toBeCloseTo(bake + holds.reduce((a, b) => a + b, 0), 6);
      }
      if (requested.strategy === "rolling") {
        const copies = service.replicas?.count ?? service.replicas?.min ?? 1;
        expect(weights).toHaveLength(copies - 1);
        expect(weights.every((weight, index) => weight * copies <= (index + 1) * 100)).toBe(true);
      }
    }),
    { numRuns: RUNS },
  );
});

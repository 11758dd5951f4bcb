import assert from "node:assert/strict";
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
      // The generator's records have no prototype, which the comparison would count.
      const { release, service, options: known } = structuredClone(input);
      for (const target of targets) {
        const compiled = compileRelease(release, service, target, known);
        assert.deepEqual(JSON.parse(JSON.stringify(compiled)), compiled);
        assert.deepEqual(compileRelease(release, service, target, known), compiled);
        const shares = compiled.steps.map(({ weight }) => weight);
        assert(shares.every((share, index) => share >= (shares[index - 1] ?? 0) && share < 100));
      }
      assert.equal(JSON.stringify({ release, service, options: known }), JSON.stringify(input));
    }),
    { numRuns: RUNS },
  );
}, 120_000);

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
        assert(maxExposureError >= error);
        if (JSON.stringify(actual) !== JSON.stringify(requested.steps)) {
          assert.notEqual(diagnostics.length, 0, target);
        }
        if (release.fit === Fit.nearest) continue;
        assert.equal(error, 0, target);
        // Beside the moments at which something changes, any moment at all.
        for (const part of [0, 0.1, 0.37, 0.5, 0.99]) {
          const at = part * secondsToAll(actual);
          assert(exposureAt(actual, at) <= exposureAt(requested.steps, at), target);
        }
      }
    }),
    { numRuns: RUNS },
  );
  expect([...weighed].filter(([, count]) => count < RUNS / 10)).toEqual([]);
}, 120_000);

test("an exact fit is done to the second, or refused", () => {
  const exact = new Map<string, number>(targets.map((target) => [target, 0]));
  fc.assert(
    fc.property(traffic, ({ release, service, options: known }) => {
      for (const target of targets) {
        const compiled = compileRelease({ ...release, fit: Fit.exact }, service, target, known);
        if (compiled.problems.length > 0) continue;
        exact.set(target, (exact.get(target) ?? 0) + 1);
        assert.deepEqual(compiled.diagnostics, []);
        const shape = (list: typeof compiled.steps) => list.map(({ weight, holdSeconds }) => [weight, holdSeconds]);
        assert.deepEqual(shape(compiled.steps), shape(compiled.requested.steps));
      }
    }),
    { numRuns: RUNS },
  );
  expect([...exact].filter(([target, count]) => count === 0 && target !== Target.containerApps)).toEqual([]);
}, 120_000);

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

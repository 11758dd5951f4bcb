import { describe, expect, test } from "vitest";
import { defaultMaxErrorRatio } from "../../model/defaults";
import { formatProblem } from "../../model/problem";
import type { Release } from "../../model/release";
import type { Service } from "../../model/service";
import { totalSeconds } from "../plan";
import { compileRelease } from ".";

const service: Service = {
  image: { build: { context: "./shop" } },
  port: 8080,
  replicas: { count: 4 },
  health: { readiness: { path: "/ready" } },
};
const plan = (release: Release, more: Partial<Service> = {}) =>
  compileRelease(release, { ...service, ...more }, "docker");

test("a canary without steps has the usual ones, and all defaults", () => {
  const { fields: compiled, diagnostics, problems } = plan({ canary: {} });
  expect(compiled).toEqual({
    strategy: "canary",
    steps: [10, 25, 50, 75].map((weight) => ({ weight, holdSeconds: 300, gate: "auto" })),
    bakeSeconds: 300,
    progressDeadlineSeconds: 600,
    startTimeoutSeconds: 60,
    drainSeconds: 30,
    rule: {
      test: "sequential",
      alpha: 0.01,
      beta: 0.05,
      tolerate: 1,
      warmUpSeconds: 0,
      historySeconds: 3600,
      minRequests: 50,
      errors: { ignoreBelow: 0.001, sloMax: 0.01 },
    },
    onUndecided: "wait",
    onNoData: "wait",
  });
  expect({ diagnostics, problems }).toEqual({ diagnostics: [], problems: [] });
  expect(totalSeconds(compiled)).toBe(1500);
});

test("everything said is in the plan, in seconds", () => {
  const { fields: compiled } = compileRelease(
    {
      canary: { steps: [{ weight: 5, hold: "500ms", gate: "manual" }] },
      analysis: {
        threshold: { maxErrorRatio: 0.2, maxTimesOld: 3, minRequests: 7, consecutiveLooks: 1, window: "2m" },
        onUndecided: "promote",
        onNoData: "rollback",
      },
      bake: "1h",
      progressDeadline: "1.5h",
    },
    { ...service, health: { readiness: { path: "/" }, startTimeout: "2m" }, stopTimeout: "5s", metrics: {} },
    "docker",
    { objectives: { availability: 0.9999, latency: { within: "500ms", ratio: 0.95 } } },
  );
  expect(compiled).toEqual({
    strategy: "canary",
    steps: [{ weight: 5, holdSeconds: 0.5, gate: "manual" }],
    bakeSeconds: 3600,
    progressDeadlineSeconds: 5400,
    startTimeoutSeconds: 120,
    drainSeconds: 5,
    rule: {
      maxErrorRatio: 0.2,
      maxTimesOld: 3,
      minRequests: 7,
      consecutiveLooks: 1,
      windowSeconds: 120,
      maxSlowRatio: 0.05,
    },
    onUndecided: "promote",
    onNoData: "rollback",
  });
});

test("with too few requests a canary waits, and the other strategies go by health, unless told otherwise", () => {
  expect(plan({ canary: {} }).fields.onUndecided).toBe("wait");
  for (const release of [{}, { rolling: {} }, { immediate: {} }, { blueGreen: {} }]) {
    expect(plan(release).fields.onUndecided).toBe("promote");
  }
  expect(plan({ rolling: {}, analysis: { onUndecided: "wait" } }).fields.onUndecided).toBe("wait");
});

test("immediate has no steps, and may skip the bake", () => {
  expect(plan({ immediate: {}, bake: "7s" }).fields).toMatchObject({
    strategy: "immediate",
    steps: [],
    bakeSeconds: 7,
  });
  expect(plan({ immediate: { skipBake: true }, bake: "7s" }).fields.bakeSeconds).toBe(0);
});

test("blue-green is one step without traffic", () => {
  expect(plan({ blueGreen: {} }).fields.steps).toEqual([{ weight: 0, holdSeconds: 0, gate: "auto" }]);
  expect(plan({ blueGreen: { manual: true, promoteAfter: "1m" } }).fields.steps).toEqual([
    { weight: 0, holdSeconds: 60, gate: "manual" },
  ]);
});

test("rolling, the default, has one step for each copy but the last, rounded down", () => {
  const weights = (count: number) => plan({}, { replicas: { count } }).fields.steps.map((step) => step.weight);
  expect(plan({}).fields).toMatchObject({ strategy: "rolling", steps: [{ weight: 25, holdSeconds: 10 }, {}, {}] });
  expect(weights(1)).toEqual([]);
  expect(weights(3)).toEqual([33, 66]);
  expect(plan({}, { replicas: { min: 2, max: 6 } }).fields.steps.map((step) => step.weight)).toEqual([50]);
  expect(weights(100)).toEqual(Array.from({ length: 99 }, (_, index) => index + 1));
  expect(plan({ rolling: { minReady: "3s" } }).fields.steps[0]?.holdSeconds).toBe(3);
});

describe("what a Docker host bends is said", () => {
  test.each<[string, Release, Partial<Service>, object]>([
    ["surge", { rolling: { maxSurge: 1 } }, {}, { feature: "release.rolling.maxSurge", fidelity: "approximated" }],
    ["autoscaler", {}, { replicas: { min: 2, max: 6 } }, { feature: "service.replicas.max", fidelity: "dropped" }],
    [
      "liveness",
      {},
      { health: { readiness: { path: "/" }, liveness: { path: "/" } } },
      { feature: "service.health.liveness", fidelity: "dropped" },
    ],
    [
      "startup",
      {},
      { health: { readiness: { path: "/" }, startup: { path: "/" } } },
      { feature: "service.health.startup", fidelity: "dropped" },
    ],
    ["scheduling", {}, { scheduling: { spot: true } }, { feature: "service.scheduling", fidelity: "dropped" }],
    [
      "a folder in memory",
      {},
      { volumes: { cache: { path: "/var/cache" } } },
      { feature: "service.volumes.cache", fidelity: "approximated" },
    ],
    [
      "a header",
      { canary: { route: { header: { name: "x-canary", value: "1" } } } },
      {},
      { feature: "release.canary.route.header", fidelity: "dropped" },
    ],
    [
      "mirroring",
      { canary: { route: { mirrorPercent: 1 } } },
      {},
      { feature: "release.canary.route.mirrorPercent", fidelity: "dropped" },
    ],
    [
      "the life of a cookie",
      { canary: { route: { sticky: { ttl: "1h" } } } },
      {},
      { feature: "release.canary.route.sticky.ttl", fidelity: "approximated" },
    ],
    [
      "the scale of a canary",
      { canary: { scale: { mode: "fixed", replicas: 1 } } },
      {},
      { feature: "release.canary.scale", fidelity: "approximated" },
    ],
    [
      "a small preview",
      { blueGreen: { preview: { replicas: 1 } } },
      {},
      { feature: "release.blueGreen.preview.replicas", fidelity: "approximated" },
    ],
    [
      "a verdict before the hold is over, of a rule that is never sure",
      { canary: { steps: [{ weight: 10, gate: "verdict" }] }, analysis: { threshold: {} } },
      {},
      { feature: "release.canary.steps[0].gate", fidelity: "approximated" },
    ],
    [
      "platforms",
      {},
      { image: { build: { context: ".", platforms: ["linux/amd64", "linux/arm64"] } } },
      { feature: "service.image.build.platforms", fidelity: "dropped" },
    ],
    [
      "a share finer than weights",
      { canary: { steps: [{ weight: 33.34 }] } },
      {},
      {
        feature: "release.canary.steps[0].weight",
        fidelity: "approximated",
        message: "The gateway gives the new version 33.333 % instead of 33.34 %.",
      },
    ],
    [
      "a share smaller than any weight",
      { canary: { steps: [{ weight: 0.3 }] } },
      {},
      { feature: "release.canary.steps[0].weight", fidelity: "dropped" },
    ],
  ])("%s", (_, release, more, diagnostic) => {
    const { diagnostics, problems } = plan(release, more);
    expect(diagnostics).toEqual([expect.objectContaining({ ...diagnostic, maxExposureError: 0 })]);
    expect(problems).toEqual([]);
    expect(plan({ ...release, fit: "exact" }, more).problems).toHaveLength(1);
  });

  test("a surge of all copies is exact", () => {
    expect(plan({ rolling: { maxSurge: 4 }, fit: "exact" })).toMatchObject({ diagnostics: [], problems: [] });
  });

  test("latency without metrics of the service is not judged", () => {
    const objectives = { latency: { within: "500ms", ratio: 0.95 } };
    const blind = compileRelease({}, service, "docker", { objectives });
    expect(blind.fields.rule).not.toHaveProperty("maxSlowRatio");
    expect(blind.diagnostics).toEqual([
      expect.objectContaining({ feature: "objectives.latency", fidelity: "dropped" }),
    ]);
    expect(compileRelease({}, { ...service, metrics: {} }, "docker", { objectives }).diagnostics).toEqual([]);
  });

  test("an exact fit makes it an error to read", () => {
    expect(plan({ fit: "exact" }, { replicas: { min: 2, max: 6 } }).problems.map(formatProblem)).toEqual([
      'service.replicas.max would be dropped here, and release.fit is "exact". A Docker host has no autoscaler: 2 copies run, as replicas.min says. Remove the setting, or choose another release.fit.',
    ]);
  });
});

test.each([
  [undefined, 0.01],
  [0.9999, 0.00144],
  [0.9995, 0.0072],
  [0.999, 0.01],
  [0.99, 0.01],
  [0.95, 0.05],
  [0.5, 0.5],
])("an availability of %s allows an error ratio of %d", (availability, ratio) => {
  expect(defaultMaxErrorRatio(availability)).toBe(ratio);
});

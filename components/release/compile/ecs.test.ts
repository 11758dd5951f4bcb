import type * as aws from "@pulumi/aws/ecs";
import { describe, expect, test } from "vitest";
import { formatProblem } from "../../model/problem";
import type { Hooks, Release } from "../../model/release";
import type { Service } from "../../model/service";
import { ecsDefaultCanary } from "../testing/ecs.snapshot";
import { compileRelease } from ".";

const service: Service = {
  image: { build: { context: "./shop" } },
  port: 8080,
  replicas: { count: 4 },
  health: { readiness: { path: "/ready" } },
};
const ecs = (release: Release, more: Partial<Service> = {}) =>
  compileRelease(release, { ...service, ...more }, "ecs", { name: "shop" });
const configuration = (release: Release) => ecs(release).fields.deploymentConfiguration;
const said = (release: Release) => ecs(release).diagnostics.map(({ feature, message }) => `${feature}: ${message}`);
const refused = (release: Release) => ecs(release).problems.map(formatProblem);

test("the default canary becomes equal steps that are never above the requested share", () => {
  const compiled = ecs({ canary: {} });
  expect(compiled.fields).toEqual(ecsDefaultCanary);
  // What the compiler returns is what the SDK takes.
  const { alarms, ...fields } = compiled.fields;
  const typed: Partial<aws.ServiceArgs> = { ...fields, alarms: { ...alarms, alarmNames: ["shop-errors"] } };
  expect(typed.alarms).toEqual({ alarmNames: ["shop-errors"], enable: true, rollback: true });
  expect(compiled).toMatchObject({ fidelity: "approximated", maxExposureError: 0, problems: [] });
  expect(said({ canary: {} })).toEqual([
    "release.canary.steps: ECS knows one step or equal ones: 10 % every 5 min, 45 min to 100 %, never above the requested share.",
  ]);
});

test("as near as possible may be above, and says by how much", () => {
  const { fields, maxExposureError } = ecs({ canary: {}, fit: "nearest" });
  expect(fields.deploymentConfiguration.strategy).toBe("LINEAR");
  expect(maxExposureError).toBeGreaterThan(0);
  expect(maxExposureError).toBeLessThanOrEqual(0.15);
});

test("an exact fit of unequal steps is an error that says what would happen", () => {
  expect(refused({ canary: {}, fit: "exact" })).toEqual([
    'release.canary.steps would be approximated here, and release.fit is "exact". ECS knows one step or equal ones: 10 % every 5 min, 45 min to 100 %, never above the requested share. Remove the setting, or choose another release.fit.',
  ]);
});

test.each<[string, Release["canary"], object]>([
  [
    "one step",
    { steps: [{ weight: 5, hold: "10m" }] },
    { strategy: "CANARY", canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: "10" } },
  ],
  [
    "equal steps",
    { steps: [25, 50, 75].map((weight) => ({ weight, hold: "6m" })) },
    { strategy: "LINEAR", linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: "6" } },
  ],
  [
    "equal steps that do not divide 100",
    { steps: [30, 60, 90].map((weight) => ({ weight, hold: "1m" })) },
    { strategy: "LINEAR", linearConfiguration: { stepPercent: 30, stepBakeTimeInMinutes: "1" } },
  ],
])("%s are done to the letter", (_, canary, expected) => {
  const release = { ...(canary && { canary }), fit: "exact" } as const;
  expect(configuration(release)).toEqual({ ...expected, bakeTimeInMinutes: "5" });
  expect(ecs(release)).toMatchObject({ fidelity: "exact", problems: [], diagnostics: [], maxExposureError: 0 });
});

test("holds are rounded up to minutes, never down", () => {
  const release: Release = { canary: { steps: [{ weight: 5, hold: "90s" }] }, bake: "30s" };
  expect(configuration(release)).toEqual({
    strategy: "CANARY",
    canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: "2" },
    bakeTimeInMinutes: "1",
  });
  expect(said(release)).toEqual([
    "release.canary.steps: ECS counts in minutes: each hold becomes 2 min, 2 min in all.",
    "release.bake: ECS counts in minutes: the bake is rounded up.",
  ]);
});

test("what cannot start as small as asked for is refused, unless it may be bent upwards", () => {
  expect(refused({ canary: { steps: [{ weight: 0.05 }] } })).toEqual([
    'release.canary.steps cannot be done on ECS without giving the new version more traffic than asked for. Start with at least 0.1 %, take at most 1440 minutes in all, or set release.fit to "nearest".',
  ]);
  expect(refused({ canary: { steps: [{ weight: 0.05 }] }, fit: "nearest" })).toEqual([]);
  // Below 3 % there are no equal steps: one step for as long as the whole request takes.
  expect(configuration({ canary: { steps: [{ weight: 1 }, { weight: 50 }] } })).toMatchObject({
    canaryConfiguration: { canaryPercent: 1, canaryBakeTimeInMinutes: "10" },
  });
});

describe("gates", () => {
  test("a person is waited for after every shift", () => {
    const release: Release = { canary: { steps: [{ weight: 10, hold: "5m", gate: "manual" }] } };
    expect(configuration(release).lifecycleHooks).toEqual([
      {
        targetType: "PAUSE",
        lifecycleStages: ["POST_PRODUCTION_TRAFFIC_SHIFT"],
        timeoutConfiguration: { action: "ROLLBACK", timeoutInMinutes: "20160" },
      },
    ]);
    expect(said(release)).toEqual([expect.stringContaining("pauses after every shift")]);
  });

  test("blue-green waits for a person, or for a time, with no traffic on the new version", () => {
    const hook = (action: string, minutes: string) => ({
      targetType: "PAUSE",
      lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
      timeoutConfiguration: { action, timeoutInMinutes: minutes },
    });
    expect(configuration({ blueGreen: { manual: true } })).toEqual({
      strategy: "BLUE_GREEN",
      bakeTimeInMinutes: "5",
      lifecycleHooks: [hook("ROLLBACK", "20160")],
    });
    expect(configuration({ blueGreen: { promoteAfter: "90s" } }).lifecycleHooks).toEqual([hook("CONTINUE", "2")]);
    expect(said({ blueGreen: { promoteAfter: "90s" } })).toEqual([
      "release.blueGreen.promoteAfter: ECS counts in minutes: 90 s become 2 min.",
    ]);
    expect(ecs({ blueGreen: {}, fit: "exact" })).toMatchObject({ fidelity: "exact", problems: [] });
  });

  test("a verdict waits for the whole hold", () => {
    expect(said({ canary: { steps: [{ weight: 10, gate: "verdict" }] } })).toEqual([
      "release.canary.steps[0].gate: ECS waits for the whole hold; an alarm takes the release back on the way.",
    ]);
  });
});

describe("rolling", () => {
  test("no task is missing and all may be doubled, unless said otherwise", () => {
    expect(ecs({}).fields).toMatchObject({
      deploymentConfiguration: { strategy: "ROLLING" },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
    });
    expect(ecs({}).fields.deploymentConfiguration).not.toHaveProperty("bakeTimeInMinutes");
  });

  // ECS rounds the lower limit up and the upper one down to whole tasks: the percents must not lose a task by it.
  test.each([1, 2, 3, 7, 30, 99, 100])("of %i tasks exactly those asked for may be missing or more", (count) => {
    const { fields } = ecs({ rolling: { maxSurge: 1, maxUnavailable: 1 } }, { replicas: { count } });
    expect(Math.ceil((count * fields.deploymentMinimumHealthyPercent) / 100)).toBe(count - 1);
    expect(Math.floor((count * fields.deploymentMaximumPercent) / 100)).toBe(count + 1);
  });
});

test("with an autoscaler nobody else sets the number of tasks", () => {
  expect(ecs({}).fields.desiredCount).toBe(4);
  expect(ecs({}, { replicas: { min: 2, max: 6 } }).fields).not.toHaveProperty("desiredCount");
});

test("a change that cannot be taken back is never taken back by itself", () => {
  const { fields } = ecs({ blueGreen: {}, onFailure: "pause" });
  expect(fields).toMatchObject({
    alarms: { enable: true, rollback: false },
    deploymentCircuitBreaker: { enable: true, rollback: false },
    sigintRollback: false,
  });
});

describe("hooks", () => {
  const lambda = { lambda: { arn: "arn:aws:lambda:eu-west-1:123456789012:function:check" } };

  test("functions are called at their stages", () => {
    const hooks: Hooks = { beforeDeploy: lambda, beforeTraffic: lambda, afterPromote: lambda };
    expect(configuration({ blueGreen: {}, hooks }).lifecycleHooks).toEqual(
      ["PRE_SCALE_UP", "POST_SCALE_UP", "POST_PRODUCTION_TRAFFIC_SHIFT"].map((stage) => ({
        targetType: "AWS_LAMBDA",
        lifecycleStages: [stage],
        hookTargetArn: lambda.lambda.arn,
      })),
    );
  });

  test.each<[string, Release, string]>([
    ["a container", { blueGreen: {}, hooks: { beforeTraffic: { container: { command: ["x"] } } } }, "must be a Lambda"],
    ["rolling", { hooks: { beforeTraffic: lambda } }, "is not called by a rolling deployment"],
    ["before the end of a canary", { canary: {}, hooks: { beforePromote: lambda } }, "has no stage in a canary"],
    ["after a rollback", { blueGreen: {}, hooks: { onRollback: lambda } }, "has no stage on ECS"],
    ["a migration", { blueGreen: {}, migration: { command: ["npm", "run", "migrate"] } }, "cannot be run by an ECS"],
  ])("%s is refused, since leaving it out would be dangerous", (_, release, text) => {
    expect(refused(release)).toEqual([expect.stringContaining(text)]);
  });
});

test.each(["canary", "blueGreen"] as const)("copies with names of their own are refused in %s", (strategy) => {
  for (const workload of ["stateful", "per-machine"] as const) {
    expect(ecs({ [strategy]: {} }, { workload }).problems.map(formatProblem)).toEqual([
      `service.workload cannot be "${workload}" in a ${strategy} release. Release it by rolling, or make its copies interchangeable.`,
    ]);
    expect(ecs({}, { workload }).problems).toEqual([]);
  }
});

test("everything else that ECS does differently is said", () => {
  const release: Release = {
    canary: {
      steps: [{ weight: 10, hold: "5m" }],
      route: { header: { name: "x-canary", value: "always" }, mirrorPercent: 10, sticky: {} },
      scale: { mode: "fixed", replicas: 1 },
    },
    analysis: { onUndecided: "pause", onNoData: "wait" },
    bake: "25h",
  };
  expect(ecs(release).diagnostics.map(({ feature, fidelity }) => `${feature} ${fidelity}`)).toEqual([
    "release.bake approximated",
    "release.canary.route.header approximated",
    "release.canary.route.mirrorPercent dropped",
    "release.canary.route.sticky approximated",
    "release.canary.scale approximated",
    "release.analysis.onUndecided approximated",
    "release.analysis.onNoData approximated",
  ]);
  expect(ecs(release).fields.deploymentConfiguration.bakeTimeInMinutes).toBe("1440");
});

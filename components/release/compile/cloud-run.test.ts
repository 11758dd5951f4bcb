import { describe, expect, test } from "vitest";
import type { Hooks, Release } from "../../model/release";
import type { Service } from "../../model/service";
import { compileForCloudRun } from "./cloud-run";
import { compileFor } from "./compile-for";

const service: Service = {
  image: { reference: `registry.example.com/shop@sha256:${"a".repeat(64)}` },
  port: 8080,
  health: { readiness: { path: "/ready" } },
};
const compile = (release: Release, more: Partial<Service> = {}) =>
  compileFor("cloudRun", compileForCloudRun, release, { ...service, ...more }, { name: "shop" });
const strategyOf = (release: Release) => compile(release).fields.pipeline.serialPipeline.stages[0]?.strategy;
const customOf = (release: Release) => strategyOf(release)?.canary?.customCanaryDeployment?.phaseConfigs;
const rulesOf = (release: Release) => compile(release).fields.automation?.rules;
const remarks = (...args: Parameters<typeof compile>) =>
  compile(...args).diagnostics.map(({ feature, fidelity }) => `${feature} ${fidelity}`);
const refusals = (...args: Parameters<typeof compile>) => compile(...args).problems.map(({ path }) => path);
const http = { http: { url: "https://checks.example.com/run" } };

describe("phases", () => {
  test("are whole percents, rising: steps that fall together become one", () => {
    const release: Release = {
      canary: {
        steps: [
          { weight: 0.5, hold: "90s" },
          { weight: 33.3, hold: "60s", gate: "manual" },
          { weight: 33.9, hold: "60s" },
        ],
      },
      bake: "60s",
    };
    const { steps } = compile(release);
    expect(steps).toEqual([
      { weight: 0, holdSeconds: 90, gate: "auto" },
      { weight: 33, holdSeconds: 120, gate: "manual" },
    ]);
    expect(
      customOf(release)?.map(({ phaseId, percentage, analysis }) => [phaseId, percentage, analysis?.duration]),
    ).toEqual([
      ["canary-0", 0, undefined],
      ["canary-33", 33, "120s"],
      ["stable", 100, "60s"],
    ]);
    expect(rulesOf(release)?.[0]).toEqual({
      advanceRolloutRule: { id: "advance", sourcePhases: ["canary-0"], wait: "90s" },
    });
    expect(remarks(release)).toEqual([
      "release.canary.steps[0].weight dropped",
      "release.canary.steps[1].weight approximated",
      "release.canary.steps[2].weight approximated",
    ]);
  });

  test("as near as possible, shares are rounded up too", () => {
    const release: Release = { canary: { steps: [{ weight: 12.5 }] }, fit: "nearest" };
    expect(strategyOf(release)?.canary?.canaryDeployment?.percentages).toEqual([13]);
    expect(compile(release).maxExposureError).toBeCloseTo(0.005, 9);
  });

  test("are watched for whole minutes: other holds are rounded up", () => {
    const release: Release = { canary: { steps: [{ weight: 10, hold: "90s" }] }, bake: "2m" };
    expect(strategyOf(release)?.canary?.canaryDeployment?.analysis?.duration).toBe("120s");
    expect(compile(release).steps).toEqual([{ weight: 10, holdSeconds: 120, gate: "auto" }]);
    expect(remarks(release)).toEqual(["release.canary.steps[0].hold approximated"]);
    expect(remarks({ canary: { steps: [{ weight: 10 }] }, bake: "90s" })).toEqual(["release.bake approximated"]);
  });

  test("are watched for at most 48 hours, and waited for at most 14 days", () => {
    const release: Release = { canary: { steps: [{ weight: 10, hold: "50h" }] }, bake: "50h" };
    expect(customOf(release)).toBeUndefined();
    expect(strategyOf(release)?.canary?.canaryDeployment?.analysis?.duration).toBe("172800s");
    expect(rulesOf(release)?.[0]?.advanceRolloutRule?.wait).toBe("7200s");
    expect(compile(release)).toMatchObject({ steps: [{ holdSeconds: 180_000 }], bakeSeconds: 172_800 });
    expect(remarks(release)).toEqual(["release.canary.steps[0].hold approximated", "release.bake approximated"]);
    expect(refusals({ canary: { steps: [{ weight: 10, hold: "20d" }] } })).toEqual(["release.canary.steps[0].hold"]);
  });

  test("cannot pass early", () => {
    const release: Release = { canary: { steps: [{ weight: 10, gate: "verdict" }] } };
    expect(remarks(release)).toEqual(["release.canary.steps[0].gate approximated"]);
  });

  test("without automation wait for a person", () => {
    const release: Release = { canary: { steps: [{ weight: 10, gate: "manual" }] }, onFailure: "pause" };
    expect(compile(release).fields).not.toHaveProperty("automation");
    expect(compile(release)).toMatchObject({ fidelity: "exact", problems: [] });
    expect(rulesOf({ ...release, onFailure: "rollback" })).toEqual([
      {
        repairRolloutRule: {
          id: "rollback",
          repairPhases: [{ rollback: { disableRollbackIfRolloutPending: false } }],
        },
      },
    ]);
  });
});

describe("the judge", () => {
  const checks = (release: Release) =>
    strategyOf(release)?.standard?.analysis?.googleCloud.alertPolicyChecks.map(({ id }) => id);

  test("never passes a phase without data, and too few requests only when that is asked for", () => {
    expect(checks({ immediate: {} })).toEqual(["failing", "no-data"]);
    expect(checks({ immediate: {}, analysis: { onUndecided: "rollback" } })).toEqual([
      "failing",
      "no-data",
      "undecided",
    ]);
  });

  test("passes or fails at the end of a phase: it neither waits nor pauses, unless a failed release stays", () => {
    const analysis = { onUndecided: "wait", onNoData: "pause" } as const;
    expect(remarks({ canary: {}, analysis })).toEqual([
      "release.analysis.onUndecided approximated",
      "release.analysis.onNoData approximated",
    ]);
    expect(remarks({ canary: {}, analysis, onFailure: "pause" })).toEqual([
      "release.analysis.onUndecided approximated",
    ]);
    expect(remarks({ canary: {}, analysis: { onUndecided: "rollback", onNoData: "rollback" } })).toEqual([]);
  });
});

describe("blue-green, immediate and rolling", () => {
  test("blue-green is a phase without traffic and with an address of its own", () => {
    const release: Release = { blueGreen: { promoteAfter: "90s" }, bake: "60s" };
    expect(strategyOf(release)?.canary?.runtimeConfig.cloudRun.canaryRevisionTags).toEqual(["preview"]);
    expect(customOf(release)?.map(({ percentage, analysis }) => [percentage, analysis?.duration])).toEqual([
      [0, undefined],
      [100, "60s"],
    ]);
    expect(rulesOf(release)?.[0]).toEqual({
      advanceRolloutRule: { id: "advance", sourcePhases: ["canary-0"], wait: "90s" },
    });
    expect(compile(release).fidelity).toBe("exact");
    expect(remarks({ blueGreen: { manual: true, promoteAfter: "90s" } })).toEqual([
      "release.blueGreen.promoteAfter dropped",
    ]);
    expect(remarks({ blueGreen: { preview: { replicas: 1, header: { name: "x-canary", value: "1" } } } })).toEqual([
      "release.blueGreen.preview.replicas dropped",
      "release.blueGreen.preview.header dropped",
    ]);
  });

  test("immediate has one phase, which a bake watches", () => {
    expect(strategyOf({ immediate: { skipBake: true } })).toEqual({ standard: {} });
    expect(compile({ immediate: {} })).toMatchObject({ bakeSeconds: 300, fidelity: "exact", steps: [] });
  });

  test("rolling has no copies to exchange", () => {
    expect(remarks({}, { replicas: { count: 3 } })).toEqual(["release.rolling approximated"]);
    expect(remarks({}, { replicas: { count: 1 } })).toEqual([]);
    expect(strategyOf({})).toHaveProperty("standard");
    expect(refusals({ hooks: { afterStep: http } })).toEqual(["release.hooks.afterStep"]);
  });

  test("an emergency goes without phases, judge and freeze", () => {
    const release: Release = {
      canary: {},
      emergency: { reason: "the shop is down" },
      freeze: { weekly: [{ days: ["friday"] }] },
    };
    expect(strategyOf(release)).toEqual({ standard: {} });
    expect(compile(release).fields).not.toHaveProperty("policy");
    expect(compile({ canary: {}, freeze: { weekly: [{ days: ["friday"] }] } }).fields).toHaveProperty("policy");
  });
});

describe("hooks", () => {
  const hooks: Hooks = {
    beforeDeploy: { container: { command: ["check"] }, timeout: "90s" },
    beforeTraffic: http,
    afterStep: http,
    beforePromote: http,
    afterPromote: http,
  };

  test("run before and after the phases; one before the traffic gets a phase without any", () => {
    const release: Release = {
      canary: { steps: [{ weight: 10 }, { weight: 50 }] },
      hooks,
      migration: { command: ["migrate"], timeout: "20m" },
    };
    const phases = customOf(release)?.map(({ percentage, predeploy, postdeploy }) => [
      percentage,
      predeploy?.actions,
      postdeploy?.actions,
    ]);
    expect(phases).toEqual([
      [0, ["before-deploy", "migration"], ["before-traffic"]],
      [10, undefined, ["after-step"]],
      [50, undefined, ["after-step", "before-promote"]],
      [100, undefined, ["after-promote"]],
    ]);
    const { fields, steps } = compile(release);
    expect(steps.map(({ weight }) => weight)).toEqual([10, 50]);
    expect(fields.actions).toEqual([
      { name: "before-deploy", timeoutSeconds: 90, container: { command: ["check"] } },
      { name: "before-traffic", timeoutSeconds: 300, ...http },
      { name: "after-step", timeoutSeconds: 300, ...http },
      { name: "before-promote", timeoutSeconds: 300, ...http },
      { name: "after-promote", timeoutSeconds: 300, ...http },
      { name: "migration", timeoutSeconds: 1200, container: { command: ["migrate"] } },
    ]);
    // A job has to last as long as the longest of them.
    expect(fields.target.executionConfigs[0]?.executionTimeout).toBe("1200s");
    expect(remarks(release)).toEqual([
      "release.hooks.beforeTraffic emulated",
      "release.hooks.afterStep emulated",
      "release.hooks.beforePromote emulated",
      "release.hooks.afterPromote emulated",
    ]);
  });

  test("at the ends alone leave the phases alike", () => {
    const release: Release = { canary: {}, hooks: { beforeDeploy: http, afterPromote: http } };
    expect(strategyOf(release)?.canary?.canaryDeployment).toMatchObject({
      percentages: [10, 25, 50, 75],
      predeploy: { actions: ["before-deploy"] },
      postdeploy: { actions: ["after-promote"] },
    });
  });

  test("before all traffic at once need a phase without any; a step that is not there has none after it", () => {
    const release: Release = { immediate: {}, hooks: { afterStep: http, beforePromote: http } };
    expect(customOf(release)?.map(({ percentage, postdeploy }) => [percentage, postdeploy?.actions])).toEqual([
      [0, ["before-promote"]],
      [100, undefined],
    ]);
    expect(refusals(release)).toEqual([]);
  });

  test("after going back are dropped, and functions of AWS refused", () => {
    expect(remarks({ canary: {}, hooks: { onRollback: http } })).toEqual(["release.hooks.onRollback dropped"]);
    const lambda = { lambda: { arn: "arn:aws:lambda:eu-west-1:123456789012:function:check" } };
    expect(refusals({ canary: {}, hooks: { beforePromote: lambda } })).toEqual(["release.hooks.beforePromote.lambda"]);
  });
});

describe("what Cloud Run has not", () => {
  test("routes and numbers of instances", () => {
    const release: Release = {
      canary: {
        route: { header: { name: "x-canary", value: "always" }, mirrorPercent: 10, sticky: {} },
        scale: { mode: "fixed", replicas: 2 },
      },
      progressDeadline: "60s",
    };
    expect(remarks(release)).toEqual([
      "release.progressDeadline approximated",
      "release.canary.route.header dropped",
      "release.canary.route.mirrorPercent dropped",
      "release.canary.route.sticky approximated",
      "release.canary.scale.mode dropped",
    ]);
    expect(compile(release).fields.target.executionConfigs[0]?.executionTimeout).toBe("600s");
  });

  test("settings of a service", () => {
    const more: Partial<Service> = {
      stopTimeout: "30s",
      ports: { admin: 9000 },
      replicas: { min: 1, max: 3, targetCpuPercent: 50 },
      scheduling: { spot: true },
    };
    expect(remarks({ canary: {} }, more)).toEqual([
      "service.stopTimeout dropped",
      "service.replicas.targetCpuPercent dropped",
      "service.ports dropped",
      "service.scheduling dropped",
    ]);
    expect(remarks({ canary: {} }, { scheduling: { spread: "zone", architecture: "amd64" } })).toEqual([]);
  });

  test("copies that keep something, and other machines", () => {
    const more: Partial<Service> = {
      workload: "stateful",
      volumes: { data: { path: "/data", persistent: true }, cache: { path: "/cache" } },
      scheduling: { architecture: "arm64" },
    };
    expect(refusals({}, more)).toEqual([
      "service.workload",
      "service.volumes.data.persistent",
      "service.scheduling.architecture",
    ]);
  });

  test("fractions of a second in a freeze belong to it", () => {
    const dates = [{ from: "2026-12-31T23:59:59.500Z", to: "2026-12-31T23:59:59.900Z" }];
    const { policy } = compile({ freeze: { dates } }).fields;
    expect(policy?.rules[0]?.rolloutRestriction.timeWindows.oneTimeWindows).toEqual([
      {
        startDate: { year: 2026, month: 12, day: 31 },
        startTime: { hours: 23, minutes: 59, seconds: 59 },
        endDate: { year: 2027, month: 1, day: 1 },
        endTime: { hours: 0, minutes: 0, seconds: 0 },
      },
    ]);
    expect(policy).not.toHaveProperty("description");
    expect(compile({ freeze: {} }).fields).not.toHaveProperty("policy");
  });
});

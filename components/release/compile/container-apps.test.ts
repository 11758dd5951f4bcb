import { describe, expect, test } from "vitest";
import type { Release } from "../../model/release";
import type { Service } from "../../model/service";
import { compileFor } from "./compile-for";
import { compileForContainerApps } from "./container-apps";

const service: Service = {
  image: { reference: `registry.example.com/shop@sha256:${"a".repeat(64)}` },
  port: 8080,
  health: { readiness: { path: "/ready" } },
};
const compile = (release: Release, more: Partial<Service> = {}) =>
  compileFor("containerApps", compileForContainerApps, release, { ...service, ...more }, { name: "shop" });
const remarks = (...args: Parameters<typeof compile>) =>
  compile(...args).diagnostics.map(({ feature, fidelity }) => `${feature} ${fidelity}`);
const refusals = (...args: Parameters<typeof compile>) => compile(...args).problems.map(({ path }) => path);
const sharesOf = (release: Release) =>
  compile(release).fields.splits.map(({ traffic }) => traffic.map(({ label, weight }) => `${label} ${weight}`).join());
const http = { http: { url: "https://checks.example.com/run" } };

describe("splits", () => {
  test("are whole percents that add up to 100", () => {
    const release: Release = { canary: { steps: [{ weight: 0.5 }, { weight: 33.3 }] } };
    expect(sharesOf(release)).toEqual(["new 0,old 100", "new 33,old 67"]);
    expect(remarks(release)).toEqual([
      "release.canary.steps[0].weight dropped",
      "release.canary.steps[1].weight approximated",
      "release.canary emulated",
    ]);
    const near: Release = { ...release, fit: "nearest" };
    expect(sharesOf(near)).toEqual(["new 1,old 99", "new 33,old 67"]);
    expect(compile(near).maxExposureError).toBeCloseTo(0.005, 9);
  });

  test("keep their times and gates, which the driver minds", () => {
    const { splits } = compile({
      canary: {
        steps: [
          { weight: 10, hold: "1500ms", gate: "manual" },
          { weight: 50, gate: "verdict" },
        ],
      },
    }).fields;
    expect(splits.map(({ holdSeconds, gate }) => [holdSeconds, gate])).toEqual([
      [1.5, "manual"],
      [300, "verdict"],
    ]);
  });

  test("an exact fit is refused: nothing here is the target's own", () => {
    expect(refusals({ canary: {}, fit: "exact" })).toEqual(["release.canary"]);
  });

  test("blue-green waits without traffic, and the label gives an address", () => {
    expect(sharesOf({ blueGreen: { promoteAfter: "1m" } })).toEqual(["new 0,old 100"]);
    expect(remarks({ blueGreen: { preview: { replicas: 1, header: { name: "x-canary", value: "1" } } } })).toEqual([
      "release.blueGreen emulated",
      "release.blueGreen.preview.replicas dropped",
      "release.blueGreen.preview.header dropped",
    ]);
  });

  test("immediate and rolling have none", () => {
    expect(sharesOf({ immediate: {} })).toEqual([]);
    expect(compile({}, { replicas: { count: 3 } }).fields.splits).toEqual([]);
    expect(remarks({}, { replicas: { count: 3 } })).toEqual([
      "release.rolling emulated",
      "release.rolling approximated",
    ]);
    expect(refusals({ hooks: { afterStep: http } })).toEqual(["release.hooks.afterStep"]);
    expect(remarks({ canary: {}, emergency: { reason: "the shop is down" } })).toEqual(["release.emergency emulated"]);
  });
});

test("earlier revisions are kept as long as their configurations", () => {
  expect(compile({ retainConfigRevisions: 7 }).fields.configuration.maxInactiveRevisions).toBe(7);
});

test("hooks and the migration are the driver's", () => {
  const release: Release = {
    canary: {},
    hooks: { beforeTraffic: { container: { command: ["check"] } }, onRollback: http },
    migration: { command: ["migrate"] },
  };
  expect(compile(release).fields.hooks).toEqual([
    { point: "migration", timeoutSeconds: 600, container: { command: ["migrate"] } },
    { point: "beforeTraffic", timeoutSeconds: 300, container: { command: ["check"] } },
    { point: "onRollback", timeoutSeconds: 300, ...http },
  ]);
  expect(remarks(release)).toEqual([
    "release.canary emulated",
    "release.hooks.beforeTraffic emulated",
    "release.hooks.onRollback emulated",
    "release.migration emulated",
  ]);
  const lambda = { lambda: { arn: "arn:aws:lambda:eu-west-1:123456789012:function:check" } };
  expect(refusals({ canary: {}, hooks: { afterPromote: lambda } })).toEqual(["release.hooks.afterPromote.lambda"]);
});

test("sessions are sticky only where no traffic is split; headers, mirrors and numbers of copies are missing", () => {
  const release: Release = {
    canary: {
      route: { header: { name: "x-canary", value: "always" }, mirrorPercent: 10, sticky: {} },
      scale: { mode: "fixed", replicas: 2, shrinkStable: true },
    },
  };
  expect(remarks(release)).toEqual([
    "release.canary emulated",
    "release.canary.route.header dropped",
    "release.canary.route.mirrorPercent dropped",
    "release.canary.route.sticky dropped",
    "release.canary.scale.mode dropped",
    "release.canary.scale.shrinkStable dropped",
  ]);
  // An autoscaler gives each revision as many copies as its traffic needs.
  const scaled = remarks({ canary: { scale: { shrinkStable: true } } }, { replicas: { min: 1, max: 5 } });
  expect(scaled).toEqual(["release.canary emulated"]);
});

test("copies that keep something, and other machines, are refused", () => {
  const more: Partial<Service> = {
    workload: "per-machine",
    volumes: { data: { path: "/data", persistent: true }, cache: { path: "/cache" } },
    scheduling: { architecture: "arm64" },
  };
  expect(refusals({}, more)).toEqual([
    "service.workload",
    "service.volumes.data.persistent",
    "service.scheduling.architecture",
  ]);
  expect(remarks({}, { scheduling: { spot: true } })).toEqual([
    "release.rolling emulated",
    "service.scheduling dropped",
  ]);
});

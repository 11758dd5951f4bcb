import { describe, expect, test } from "vitest";
import type { Objectives } from "../../model/objectives";
import type { Release } from "../../model/release";
import type { Service } from "../../model/service";
import { compileFor } from "./compile-for";
import { compileForKubernetes, RETRY_ANNOTATION } from "./kubernetes";
import type { RolloutStep } from "./kubernetes-argo";
import { Router } from "./target";

const service: Service = {
  image: { reference: `registry.example.com/shop@sha256:${"a".repeat(64)}` },
  port: 8080,
  replicas: { count: 4 },
  health: { readiness: { path: "/ready" } },
};
const compile = (release: Release, router: Router = Router.traefik, more: Partial<Service> = {}) =>
  compileFor("kubernetes", compileForKubernetes, release, { ...service, ...more }, { name: "shop", router });
const canaryOf = (...args: Parameters<typeof compile>) => compile(...args).fields.rollout?.strategy.canary;

/** A step in short: "10", "300s", "?" for a person, "shop-gate" for an analysis. */
const inShort = (step: RolloutStep): unknown =>
  step.setWeight ??
  (step.pause ? (step.pause.duration ?? "?") : undefined) ??
  step.analysis?.templates.map(({ templateName }) => templateName).join("+") ??
  step;
const stepsOf = (...args: Parameters<typeof compile>) => canaryOf(...args)?.steps?.map(inShort);
const remarks = (...args: Parameters<typeof compile>) =>
  compile(...args).diagnostics.map(({ feature, fidelity }) => `${feature} ${fidelity}`);
const refusals = (...args: Parameters<typeof compile>) => compile(...args).problems.map(({ path }) => path);
const http = { http: { url: "https://checks.example.com/run" } };

describe("steps of a canary", () => {
  test("a manual gate waits for its hold and then for a person, whom no judge overrules", () => {
    const release: Release = { canary: { steps: [{ weight: 20, hold: "1m", gate: "manual" }] }, bake: "0s" };
    expect(stepsOf(release)).toEqual([20, "60s", "?"]);
    expect(compile(release).fields.waitSeconds).toBe(60 + 86_400 + 600);
  });

  test("a verdict takes the place of the hold: it ends early when the judge is sure, and a gate follows", () => {
    const release: Release = { canary: { steps: [{ weight: 20, hold: "300s", gate: "verdict" }] }, bake: "0s" };
    expect(stepsOf(release)).toEqual([20, "shop-verdict", "shop-gate"]);
    expect(compile(release).fields.judgeTemplates.map(({ name }) => name)).toEqual([
      "shop-release",
      "shop-verdict",
      "shop-gate",
    ]);
  });

  test.each([
    ["2h", "120", "60s"],
    ["300s", "5", "60s"],
    ["30s", "5", "6s"],
    ["2s", "2", "1s"],
  ])("in %s there are %s looks, %s apart", (hold, looks, interval) => {
    const release: Release = { canary: { steps: [{ weight: 20, hold, gate: "verdict" }] } };
    expect(canaryOf(release)?.steps?.[1]?.analysis?.args?.slice(2)).toEqual([
      { name: "looks", value: looks },
      { name: "interval", value: interval },
    ]);
  });

  test("without a bake nothing comes after the last gate", () => {
    expect(stepsOf({ canary: { steps: [{ weight: 20 }] }, bake: "0s" })).toEqual([20, "300s", "shop-gate"]);
  });

  test("Argo counts whole seconds: fractions are rounded up", () => {
    const release: Release = { canary: { steps: [{ weight: 20, hold: "1500ms" }] }, bake: "500ms" };
    expect(stepsOf(release)).toEqual([20, "2s", "shop-gate", 100, "1s", "shop-gate"]);
    expect(remarks(release)).toEqual(["release.canary.steps[0].hold approximated", "release.bake approximated"]);
    expect(compile(release)).toMatchObject({ steps: [{ weight: 20, holdSeconds: 2 }], bakeSeconds: 1 });
  });

  test("setWeight takes whole numbers: fractions are rounded down, below one nothing is judged", () => {
    const release: Release = { canary: { steps: [{ weight: 0.5 }, { weight: 12.5 }] }, bake: "0s" };
    expect(stepsOf(release)).toEqual([0, "300s", 12, "300s", "shop-gate"]);
    expect(remarks(release)).toEqual([
      "release.canary.steps[0].weight dropped",
      "release.canary.steps[1].weight approximated",
    ]);
    expect(stepsOf({ ...release, fit: "nearest" })).toEqual([1, "300s", "shop-gate", 13, "300s", "shop-gate"]);
  });

  test("nginx takes parts of a percent", () => {
    const release: Release = { canary: { steps: [{ weight: 0.5 }, { weight: 12.5 }] } };
    expect(canaryOf(release, "nginx")?.trafficRouting).toEqual({
      nginx: { stableIngress: "shop" },
      maxTrafficWeight: 1000,
    });
    expect(stepsOf(release, "nginx")).toEqual([
      ...[5, "300s", "shop-gate", 125, "300s", "shop-gate"],
      ...[1000, "300s", "shop-gate"],
    ]);
    expect(compile(release, "nginx").fidelity).toBe("exact");
  });

  test("a number of pods that is fixed holds from before the traffic until all of it moves", () => {
    const release: Release = { canary: { steps: [{ weight: 50 }], scale: { mode: "fixed", replicas: 2 } } };
    expect(stepsOf(release)).toEqual([
      ...[{ setCanaryScale: { replicas: 2 } }, 50, "300s", "shop-gate"],
      ...[{ setCanaryScale: { matchTrafficWeight: true } }, 100, "300s", "shop-gate"],
    ]);
    expect(canaryOf(release)?.analysis?.startingStep).toBe(2);
  });

  test("an emergency keeps the kind of Rollout, and goes without steps, judge and bake", () => {
    const emergency = { reason: "the shop is down" };
    expect(stepsOf({ canary: {}, emergency })).toEqual([{ setCanaryScale: { weight: 100 } }, 100]);
    const { fields, bakeSeconds } = compile({ canary: {}, emergency });
    expect(fields.rollout?.strategy.canary).not.toHaveProperty("analysis");
    expect(fields.rollout?.strategy.canary?.trafficRouting).toBeDefined();
    expect({ judges: fields.judgeTemplates, bakeSeconds }).toEqual({ judges: [], bakeSeconds: 0 });
    expect(compile({ blueGreen: { manual: true }, emergency }).fields.rollout?.strategy).toEqual({
      blueGreen: {
        activeService: "shop",
        previewService: "shop-preview",
        autoPromotionEnabled: true,
        abortScaleDownDelaySeconds: 30,
      },
    });
    expect(canaryOf({ emergency })).toEqual({ maxSurge: "100%", maxUnavailable: 0 });
  });
});

describe("without a router", () => {
  test("the share is that of the pods, and there is nothing to keep warm", () => {
    const { fields, steps, bakeSeconds } = compile({ canary: {}, bake: "5m" }, "none");
    expect(fields.rollout?.strategy.canary).toMatchObject({ maxSurge: 1, maxUnavailable: 0 });
    expect(fields.rollout?.strategy.canary).not.toHaveProperty("trafficRouting");
    // Argo refuses these two without a router.
    expect(fields.rollout?.strategy.canary).not.toHaveProperty("dynamicStableScale");
    expect(fields.rollout?.strategy.canary).not.toHaveProperty("scaleDownDelaySeconds");
    expect(stepsOf({ canary: {} }, "none")?.slice(0, 3)).toEqual([0, "300s", 25]);
    expect(steps.map(({ weight }) => weight)).toEqual([0, 25, 50, 75]);
    expect(bakeSeconds).toBe(0);
    expect(remarks({ canary: {}, bake: "5m" }, "none")).toEqual([
      "release.canary.steps[0].weight dropped",
      "release.bake approximated",
    ]);
  });

  test("an exact fit is refused, and as near as possible says how far it is off", () => {
    expect(refusals({ canary: {}, fit: "exact" }, "none")).toEqual(["release.canary.steps[0].weight"]);
    expect(compile({ canary: {}, fit: "nearest" }, "none").maxExposureError).toBeCloseTo(0.1, 9);
    expect(refusals({ canary: { steps: [{ weight: 25 }, { weight: 50 }] }, fit: "exact" }, "none")).toEqual([]);
  });

  test("a hook before the traffic is refused: a pod has traffic as soon as it is ready", () => {
    expect(refusals({ canary: {}, hooks: { beforeTraffic: http } }, "none")).toEqual(["release.hooks.beforeTraffic"]);
  });

  test("routes and a fixed number of pods are said to be missing", () => {
    const release: Release = {
      canary: {
        steps: [{ weight: 50 }],
        route: { header: { name: "x-canary", value: "always" }, mirrorPercent: 10, sticky: {} },
        scale: { mode: "fixed", replicas: 2 },
      },
    };
    expect(remarks(release, "none")).toEqual([
      "release.canary.route.header dropped",
      "release.canary.route.mirrorPercent dropped",
      "release.canary.route.sticky dropped",
      "release.canary.scale.mode dropped",
    ]);
  });
});

describe("pods and replicas", () => {
  test("an autoscaler owns the number of replicas", () => {
    const scaled = compile({ canary: {} }, "traefik", { replicas: { min: 2, max: 8 } });
    expect(scaled.fields.rollout).not.toHaveProperty("replicas");
    const deployment = compile({ onFailure: "pause" }, "traefik", { replicas: { min: 2, max: 8 } });
    expect(deployment.fields.deployment).not.toHaveProperty("replicas");
  });

  test("an autoscaler without a router: the share holds for every number it may want", () => {
    const release: Release = { canary: { steps: [{ weight: 30 }] }, bake: "0s" };
    expect(stepsOf(release, "none", { replicas: { min: 2, max: 4 } })).toEqual([0, "300s"]);
  });

  test("shrinking the old version goes with no bake, for which Argo would need a delay it then refuses", () => {
    const scale = { shrinkStable: true };
    expect(refusals({ canary: { scale } })).toEqual(["release.canary.scale.shrinkStable"]);
    const { fields, problems } = compile({ canary: { scale }, bake: "0s" });
    expect(problems).toEqual([]);
    expect(fields.rollout?.strategy.canary?.dynamicStableScale).toBe(true);
    expect(fields.rollout?.strategy.canary).not.toHaveProperty("scaleDownDelaySeconds");
    expect(canaryOf({ canary: {} })).not.toHaveProperty("dynamicStableScale");
  });

  test("a service that starts for longer than a release may stand still has that time", () => {
    const health = { readiness: { path: "/ready" }, startTimeout: "15m" };
    expect(compile({ canary: {} }, "traefik", { health }).fields.rollout?.progressDeadlineSeconds).toBe(900);
    expect(compile({ canary: {}, progressDeadline: "90s" }).fields.rollout?.progressDeadlineSeconds).toBe(90);
  });

  test("a Rollout goes back to one of the kept revisions at once", () => {
    expect(compile({ canary: {}, retainConfigRevisions: 7 }).fields).toMatchObject({
      rollout: { revisionHistoryLimit: 7, rollbackWindow: { revisions: 7 } },
      retainConfigRevisions: 7,
    });
  });

  test("copies with a volume that outlives them are no interchangeable ones", () => {
    const volumes = { data: { path: "/data", persistent: true }, cache: { path: "/cache" } };
    expect(refusals({ canary: {} }, "traefik", { volumes })).toEqual(["service.volumes.data.persistent"]);
  });
});

test("the annotation for another try is a valid one", () => {
  expect(RETRY_ANNOTATION).toMatch(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/[a-z0-9]([\w.-]*[a-z0-9])?$/);
  expect(compile({ canary: {} }).fields.annotations).toEqual({
    "pulumi.com/waitFor": "jsonpath={.status.phase}=Healthy",
  });
});

test("a latency objective needs the service's own metrics", () => {
  const options = { objectives: { latency: { within: "500ms", ratio: 0.95 } } };
  const { diagnostics } = compileFor("kubernetes", compileForKubernetes, { canary: {} }, service, options);
  expect(diagnostics.map(({ feature }) => feature)).toEqual(["objectives.latency"]);
});

describe("what nothing counts by version", () => {
  const objectives = { availability: 0.999, latency: { within: "500ms", ratio: 0.95 } };
  const uncounted = (release: Release, asked: Objectives = objectives) =>
    compileFor("kubernetes", compileForKubernetes, release, service, {
      name: "shop",
      objectives: asked,
      counted: false,
    });

  test("goes by health alone, and says so where somebody asked for more", () => {
    for (const release of [{}, { blueGreen: {} }, { immediate: {} }]) {
      const { fields, diagnostics, problems } = uncounted(release);
      expect(problems).toEqual([]);
      expect(diagnostics.map(({ feature, fidelity }) => `${feature} ${fidelity}`)).toEqual([
        "release.analysis dropped",
      ]);
      expect(fields.judgeTemplates).toEqual([]);
      expect(uncounted(release, {}).diagnostics).toEqual([]);
      expect(uncounted({ ...release, analysis: {} }, {}).diagnostics).toHaveLength(1);
    }
  });

  test("is no emergency: pods are exchanged as usual, and the old ones stay for the bake", () => {
    const { rollout } = uncounted({}).fields;
    expect(rollout?.strategy.canary).toEqual({ maxSurge: "25%", maxUnavailable: 0 });
    expect(rollout?.minReadySeconds).toBe(10);
    const { blueGreen } = uncounted({ blueGreen: {} }).fields.rollout?.strategy ?? {};
    expect(blueGreen).toMatchObject({ scaleDownDelaySeconds: 300 });
    expect(blueGreen).not.toHaveProperty("postPromotionAnalysis");
  });

  test("cannot be a canary, but in an emergency", () => {
    expect(uncounted({ canary: {} }).problems.map(({ path }) => path)).toEqual(["counters"]);
    expect(uncounted({ canary: {}, emergency: { reason: "the shop is down" } }).problems).toEqual([]);
  });
});

test("durations that counters of their own tell are judged", () => {
  const options = { objectives: { latency: { within: "500ms", ratio: 0.95 } }, timed: true };
  expect(compileFor("kubernetes", compileForKubernetes, { canary: {} }, service, options).diagnostics).toEqual([]);
});

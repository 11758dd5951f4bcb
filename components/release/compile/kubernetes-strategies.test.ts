import { describe, expect, test } from "vitest";
import type { Hooks, Release } from "../../model/release";
import type { Service } from "../../model/service";
import { compileFor } from "./compile-for";
import { compileForKubernetes } from "./kubernetes";
import { Router } from "./target";

const service: Service = {
  image: { reference: `registry.example.com/shop@sha256:${"a".repeat(64)}` },
  port: 8080,
  replicas: { count: 4 },
  health: { readiness: { path: "/ready" } },
};
const compile = (release: Release, router: Router = Router.traefik, more: Partial<Service> = {}) =>
  compileFor("kubernetes", compileForKubernetes, release, { ...service, ...more }, { name: "shop", router });
const remarks = (...args: Parameters<typeof compile>) =>
  compile(...args).diagnostics.map(({ feature, fidelity }) => `${feature} ${fidelity}`);
const refusals = (...args: Parameters<typeof compile>) => compile(...args).problems.map(({ path }) => path);
const http = { http: { url: "https://checks.example.com/run" } };
const container = { container: { command: ["npm", "run", "check"] } };
const hashes = [
  { name: "canary-hash", valueFrom: { podTemplateHashValue: "Latest" } },
  { name: "stable-hash", valueFrom: { podTemplateHashValue: "Stable" } },
];

describe("rolling", () => {
  test("is a Rollout without steps, since a Deployment never goes back by itself", () => {
    expect(compile({}).fields.rollout).toEqual({
      replicas: 4,
      minReadySeconds: 10,
      revisionHistoryLimit: 3,
      rollbackWindow: { revisions: 3 },
      progressDeadlineSeconds: 610,
      progressDeadlineAbort: true,
      strategy: {
        canary: {
          maxSurge: "25%",
          maxUnavailable: 0,
          analysis: { templates: [{ templateName: "shop-release" }], args: hashes },
        },
      },
    });
    expect(compile({})).toMatchObject({ bakeSeconds: 0, fidelity: "exact" });
  });

  test("keeps its own numbers, and says that no old pod stays for a bake", () => {
    const release: Release = { rolling: { maxSurge: 2, maxUnavailable: 1, minReady: "1500ms" }, bake: "5m" };
    const { rollout } = compile(release).fields;
    expect(rollout?.strategy.canary).toMatchObject({ maxSurge: 2, maxUnavailable: 1 });
    // Argo wants the deadline above minReadySeconds.
    expect(rollout).toMatchObject({ minReadySeconds: 2, progressDeadlineSeconds: 602 });
    expect(remarks(release)).toEqual(["release.rolling.minReady approximated", "release.bake dropped"]);
  });

  test("runs hooks at its ends only", () => {
    const release: Release = { hooks: { beforeDeploy: http, afterPromote: http }, migration: { command: ["migrate"] } };
    expect(compile(release).fields.rollout?.strategy.canary).toMatchObject({
      steps: [
        { analysis: { templates: [{ templateName: "shop-before-deploy" }] } },
        { analysis: { templates: [{ templateName: "shop-migration" }] } },
        { setWeight: 100 },
        { analysis: { templates: [{ templateName: "shop-after-promote" }] } },
      ],
      analysis: { startingStep: 2 },
    });
    const hooks: Hooks = { beforeTraffic: http, afterStep: http, beforePromote: http };
    expect(refusals({ hooks })).toEqual([
      "release.hooks.beforeTraffic",
      "release.hooks.afterStep",
      "release.hooks.beforePromote",
    ]);
  });

  test("is a Deployment when nobody judges and nobody wants to go back", () => {
    expect(compile({ onFailure: "pause" }).fields).toMatchObject({ deployment: {}, annotations: {} });
    expect(remarks({ onFailure: "pause" })).toEqual(["release.analysis dropped"]);
    const { rollout } = compile({ onFailure: "pause", analysis: {} }).fields;
    expect(rollout?.progressDeadlineAbort).toBe(false);
    const judged = compileFor("kubernetes", compileForKubernetes, { onFailure: "pause" }, service, {
      objectives: { availability: 0.999 },
    });
    expect(judged.fields.deployment).toBeUndefined();
    expect(compile({ onFailure: "pause", hooks: { beforeDeploy: http } }).fields.deployment).toBeUndefined();
    const emergency = { reason: "the shop is down" };
    expect(compile({ onFailure: "pause", emergency }).fields.deployment?.strategy.rollingUpdate).toEqual({
      maxSurge: "100%",
      maxUnavailable: 0,
    });
  });
});

describe("copies with a name or a machine of their own", () => {
  test.each(["stateful", "per-machine"] as const)("%s ones never go back by themselves", (workload) => {
    expect(refusals({}, "traefik", { workload })).toEqual(["release.onFailure"]);
    expect(refusals({ onFailure: "pause" }, "traefik", { workload })).toEqual([]);
  });

  test.each(["stateful", "per-machine"] as const)("%s ones have no shares, hooks and migrations", (workload) => {
    expect(refusals({ canary: {}, onFailure: "pause" }, "traefik", { workload })).toEqual(["service.workload"]);
    expect(refusals({ blueGreen: {}, onFailure: "pause" }, "traefik", { workload })).toEqual(["service.workload"]);
    const release: Release = {
      onFailure: "pause",
      hooks: { beforeDeploy: http },
      migration: { command: ["migrate"], reversible: false },
    };
    expect(refusals(release, "traefik", { workload })).toEqual(["release.hooks.beforeDeploy", "release.migration"]);
  });

  test("a StatefulSet starts no pod beside its predecessor", () => {
    const release: Release = {
      onFailure: "pause",
      rolling: { maxSurge: 2, maxUnavailable: 0 },
      analysis: {},
      bake: "5m",
    };
    expect(remarks(release, "traefik", { workload: "stateful" })).toEqual([
      "release.bake dropped",
      "release.analysis dropped",
      "release.rolling.maxSurge dropped",
      "release.rolling.maxUnavailable approximated",
    ]);
    const immediate: Release = { onFailure: "pause", immediate: {} };
    expect(remarks(immediate, "traefik", { workload: "stateful" })).toEqual(["release.immediate approximated"]);
  });

  test("their volumes may outlive them", () => {
    const volumes = { data: { path: "/data", persistent: true } };
    expect(refusals({ onFailure: "pause" }, "traefik", { workload: "stateful", volumes })).toEqual([]);
  });
});

describe("blue-green and immediate", () => {
  test("an analysis after the switch is the bake: the old pods stay until it has passed", () => {
    expect(compile({ blueGreen: { promoteAfter: "1m", preview: { replicas: 2 } } }).fields.rollout?.strategy).toEqual({
      blueGreen: {
        activeService: "shop",
        previewService: "shop-preview",
        previewReplicaCount: 2,
        autoPromotionEnabled: true,
        autoPromotionSeconds: 60,
        postPromotionAnalysis: {
          templates: [{ templateName: "shop-bake" }],
          args: [...hashes, { name: "looks", value: "5" }, { name: "interval", value: "60s" }],
        },
        abortScaleDownDelaySeconds: 30,
      },
    });
    expect(compile({ blueGreen: {} })).toMatchObject({ fidelity: "exact", bakeSeconds: 300 });
  });

  test("needs no router", () => {
    expect(compile({ blueGreen: {} }, "none").fields).toEqual(compile({ blueGreen: {} }).fields);
    expect(compile({ immediate: {} }, "none")).toMatchObject({ fidelity: "exact", steps: [] });
  });

  test("a person promotes, as soon as it is ready", () => {
    const release: Release = { blueGreen: { manual: true, promoteAfter: "1m" } };
    const { blueGreen } = compile(release).fields.rollout?.strategy ?? {};
    expect(blueGreen).toMatchObject({ autoPromotionEnabled: false });
    expect(blueGreen).not.toHaveProperty("autoPromotionSeconds");
    expect(remarks(release)).toEqual(["release.blueGreen.promoteAfter dropped"]);
    expect(remarks({ blueGreen: { manual: true } })).toEqual([]);
  });

  test("no header leads to the preview, a Service does", () => {
    const release: Release = { blueGreen: { preview: { header: { name: "x-canary", value: "always" } } } };
    expect(remarks(release)).toEqual(["release.blueGreen.preview.header dropped"]);
  });

  test("skipping the bake leaves nothing after the switch", () => {
    const { blueGreen } = compile({ immediate: { skipBake: true } }).fields.rollout?.strategy ?? {};
    expect(blueGreen).not.toHaveProperty("postPromotionAnalysis");
    expect(compile({ immediate: { skipBake: true } }).bakeSeconds).toBe(0);
  });

  test("hooks run before and after the switch; one before the pods has no place", () => {
    const release: Release = {
      blueGreen: {},
      hooks: { beforeTraffic: container, beforePromote: http, afterPromote: http },
    };
    expect(compile(release).fields.rollout?.strategy.blueGreen).toMatchObject({
      prePromotionAnalysis: {
        templates: [{ templateName: "shop-before-traffic" }, { templateName: "shop-before-promote" }],
        args: [{ name: "image", valueFrom: { fieldRef: { fieldPath: "spec.template.spec.containers[0].image" } } }],
      },
      postPromotionAnalysis: { templates: [{ templateName: "shop-after-promote" }, { templateName: "shop-bake" }] },
    });
    expect(refusals({ blueGreen: {}, hooks: { beforeDeploy: http } })).toEqual(["release.hooks.beforeDeploy"]);
  });

  test("a migration beside another hook would run at the same time", () => {
    const migration = { command: ["migrate"] };
    expect(refusals({ blueGreen: {}, migration })).toEqual([]);
    expect(refusals({ blueGreen: {}, migration, hooks: { beforePromote: http } })).toEqual(["release.migration"]);
  });
});

describe("hooks and failures of a canary", () => {
  test("run at their points, in order", () => {
    const hooks: Hooks = {
      beforeDeploy: http,
      beforeTraffic: http,
      afterStep: http,
      beforePromote: http,
      afterPromote: http,
    };
    const release: Release = { canary: { steps: [{ weight: 50 }] }, hooks, migration: { command: ["migrate"] } };
    const { rollout, hookTemplates, waitSeconds } = compile(release).fields;
    const steps = rollout?.strategy.canary?.steps ?? [];
    expect(steps.map((step) => step.analysis?.templates[0]?.templateName ?? Object.entries(step).flat()[1])).toEqual([
      ...["shop-before-deploy", "shop-migration"],
      ...[{ replicas: 1 }, "shop-before-traffic", { matchTrafficWeight: true }],
      ...[50, { duration: "300s" }, "shop-gate", "shop-after-step", "shop-before-promote"],
      ...[100, "shop-after-promote", { duration: "300s" }, "shop-gate"],
    ]);
    // The judge begins when there is traffic to judge by.
    expect(rollout?.strategy.canary?.analysis?.startingStep).toBe(6);
    expect(hookTemplates.map(({ name }) => name)).toEqual([
      ...["shop-before-deploy", "shop-migration", "shop-before-traffic"],
      ...["shop-after-step", "shop-before-promote", "shop-after-promote"],
    ]);
    // Hold, bake, five hooks of 300 s, a migration of 600 s, and 600 s without progress.
    expect(waitSeconds).toBe(300 + 300 + 5 * 300 + 600 + 600);
  });

  test("a container runs as a job in its own image, or in the new version's", () => {
    const image = `registry.example.com/check@sha256:${"b".repeat(64)}`;
    const hooks: Hooks = {
      beforeDeploy: { container: { image, command: ["check"] }, timeout: "90s" },
      afterStep: http,
    };
    expect(compile({ canary: {}, hooks }).fields.hookTemplates).toEqual([
      {
        name: "shop-before-deploy",
        spec: {
          metrics: [
            {
              name: "before-deploy",
              provider: {
                job: {
                  spec: {
                    backoffLimit: 0,
                    activeDeadlineSeconds: 90,
                    template: {
                      spec: {
                        restartPolicy: "Never",
                        containers: [{ name: "before-deploy", image, command: ["check"] }],
                      },
                    },
                  },
                },
              },
              consecutiveErrorLimit: 0,
            },
          ],
        },
      },
      {
        name: "shop-after-step",
        spec: {
          metrics: [
            {
              name: "after-step",
              provider: { web: { url: "https://checks.example.com/run", timeoutSeconds: 300 } },
              consecutiveErrorLimit: 0,
            },
          ],
        },
      },
    ]);
    const own = compile({ canary: {}, hooks: { beforeDeploy: container } }).fields.hookTemplates[0];
    expect(own?.spec.args).toEqual([{ name: "image" }]);
  });

  test("functions of AWS are refused, and what runs after going back is told to be missing", () => {
    const lambda = { lambda: { arn: "arn:aws:lambda:eu-west-1:123456789012:function:check" } };
    expect(refusals({ canary: {}, hooks: { afterStep: lambda } })).toEqual(["release.hooks.afterStep.lambda"]);
    expect(remarks({ canary: {}, hooks: { onRollback: http } })).toEqual(["release.hooks.onRollback dropped"]);
  });

  test("a release that may not go back stops instead: no abort, and a bad verdict is inconclusive", () => {
    const migration = { command: ["migrate"], reversible: false };
    const { fields, problems } = compile({ canary: {}, onFailure: "pause", migration });
    expect(problems).toEqual([]);
    expect(fields.rollout?.progressDeadlineAbort).toBe(false);
    expect(fields.judgeTemplates.map(({ whenBad }) => whenBad)).toEqual(["Inconclusive", "Inconclusive"]);
    // A hook that fails aborts all the same, which may only be while nothing has moved.
    const hooks: Hooks = { beforeTraffic: http, afterStep: http, beforePromote: http, afterPromote: http };
    expect(refusals({ canary: {}, onFailure: "pause", hooks })).toEqual([
      "release.hooks.afterStep",
      "release.hooks.beforePromote",
      "release.hooks.afterPromote",
    ]);
  });
});

describe("routes", () => {
  const header = { name: "x-canary", value: "always" };
  const compileRoute = (route: NonNullable<Release["canary"]>["route"], router: Router) => {
    const { fields, diagnostics } = compile({ canary: { steps: [{ weight: 50 }], ...(route && { route }) } }, router);
    const { trafficRouting, steps = [] } = fields.rollout?.strategy.canary ?? {};
    return {
      trafficRouting,
      steps: steps.slice(0, 3),
      remarks: diagnostics.map(({ feature, fidelity }) => `${feature} ${fidelity}`),
    };
  };

  test("Istio routes by header and mirrors, once pods of the new version are there", () => {
    expect(compileRoute({ header, mirrorPercent: 10 }, "istio")).toEqual({
      trafficRouting: {
        istio: { virtualService: { name: "shop" } },
        managedRoutes: [{ name: "shop-header" }, { name: "shop-mirror" }],
      },
      steps: [
        { setWeight: 50 },
        {
          setHeaderRoute: {
            name: "shop-header",
            match: [{ headerName: "x-canary", headerValue: { exact: "always" } }],
          },
        },
        { setMirrorRoute: { name: "shop-mirror", percentage: 10, match: [{ path: { prefix: "/" } }] } },
      ],
      remarks: [],
    });
    expect(compileRoute({ mirrorPercent: 0.1 }, "istio").remarks).toEqual([
      "release.canary.route.mirrorPercent dropped",
    ]);
    expect(compileRoute({ mirrorPercent: 2.5 }, "istio").remarks).toEqual([
      "release.canary.route.mirrorPercent approximated",
    ]);
  });

  test("the plugin of the Gateway API, which is not built in", () => {
    expect(compileRoute(undefined, "gatewayApi").trafficRouting).toEqual({
      plugins: { "argoproj-labs/gatewayAPI": { httpRoute: "shop" } },
    });
    expect(compileRoute({ header, mirrorPercent: 10, sticky: {} }, "gatewayApi")).toMatchObject({
      trafficRouting: {
        plugins: { "argoproj-labs/gatewayAPI": { httpRoutes: [{ name: "shop", useHeaderRoutes: true }] } },
        managedRoutes: [{ name: "shop-header" }],
      },
      remarks: ["release.canary.route.mirrorPercent dropped", "release.canary.route.sticky dropped"],
    });
  });

  test("only an AWS load balancer keeps clients on their version", () => {
    expect(compileRoute({ header, sticky: { cookie: "shop", ttl: "30m" } }, "alb")).toMatchObject({
      trafficRouting: {
        alb: { ingress: "shop", servicePort: 8080, stickinessConfig: { enabled: true, durationSeconds: 1800 } },
        managedRoutes: [{ name: "shop-header" }],
      },
      remarks: ["release.canary.route.sticky.cookie approximated"],
    });
    for (const router of ["traefik", "nginx", "istio", "gatewayApi", "none"] as const) {
      expect(compileRoute({ sticky: {} }, router).remarks).toContain("release.canary.route.sticky dropped");
    }
    expect(compileRoute({ sticky: { ttl: "8d" } }, "alb").remarks).toEqual([
      "release.canary.route.sticky.ttl approximated",
    ]);
  });

  test("nginx routes by header with annotations, Traefik not at all", () => {
    expect(compileRoute({ header }, "nginx")).toMatchObject({
      trafficRouting: {
        nginx: {
          stableIngress: "shop",
          additionalIngressAnnotations: { "canary-by-header": "x-canary", "canary-by-header-value": "always" },
        },
      },
      remarks: [],
    });
    expect(compileRoute({ header }, "traefik").remarks).toEqual(["release.canary.route.header dropped"]);
  });
});

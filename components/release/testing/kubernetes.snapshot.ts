import type { KubernetesRelease } from "../compile/kubernetes";
import type { AnalysisArgument, RolloutAnalysis } from "../compile/kubernetes-argo";

/** How the pods of the two versions are told apart. */
const hashes: AnalysisArgument[] = [
  { name: "canary-hash", valueFrom: { podTemplateHashValue: "Latest" } },
  { name: "stable-hash", valueFrom: { podTemplateHashValue: "Stable" } },
];

/** Asked when a hold is over: without an answer from the judge nothing goes on. */
const gate: RolloutAnalysis = { templates: [{ templateName: "shop-gate" }], args: hashes };

/** The default canary, 10, 25, 50 and 75 % for 300 s each, of a service with four copies behind Traefik. */
export const kubernetesDefaultCanary: KubernetesRelease = {
  rollout: {
    replicas: 4,
    revisionHistoryLimit: 3,
    rollbackWindow: { revisions: 3 },
    progressDeadlineSeconds: 600,
    progressDeadlineAbort: true,
    strategy: {
      canary: {
        canaryService: "shop-canary",
        stableService: "shop",
        trafficRouting: { traefik: { weightedTraefikServiceName: "shop" } },
        steps: [
          { setWeight: 10 },
          { pause: { duration: "300s" } },
          { analysis: gate },
          { setWeight: 25 },
          { pause: { duration: "300s" } },
          { analysis: gate },
          { setWeight: 50 },
          { pause: { duration: "300s" } },
          { analysis: gate },
          { setWeight: 75 },
          { pause: { duration: "300s" } },
          { analysis: gate },
          // The bake: all traffic, and the old pods still there.
          { setWeight: 100 },
          { pause: { duration: "300s" } },
          { analysis: gate },
        ],
        analysis: { templates: [{ templateName: "shop-release" }], args: hashes, startingStep: 1 },
        abortScaleDownDelaySeconds: 30,
      },
    },
  },
  annotations: { "pulumi.com/waitFor": "jsonpath={.status.phase}=Healthy" },
  judgeTemplates: [
    {
      name: "shop-release",
      use: "release",
      args: [{ name: "canary-hash" }, { name: "stable-hash" }],
      whenBad: "Failed",
      onUndecided: "wait",
      onNoData: "wait",
      waitSeconds: 600,
    },
    {
      name: "shop-gate",
      use: "gate",
      args: [{ name: "canary-hash" }, { name: "stable-hash" }],
      whenBad: "Failed",
      onUndecided: "wait",
      onNoData: "wait",
      waitSeconds: 600,
    },
  ],
  hookTemplates: [],
  retainConfigRevisions: 3,
  waitSeconds: 2100,
};

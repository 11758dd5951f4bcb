// The parts used here of the custom resources of Argo Rollouts, argoproj.io/v1alpha1, which no SDK has types for.
// Source: pkg/apis/rollouts/v1alpha1/types.go and analysis_types.go at 1.9, and the rules of
// pkg/apis/rollouts/validation/validation.go.

/** An argument of an analysis: a text, or the hash by which the pods of a version are told apart. */
export interface AnalysisArgument {
  name: string;
  value?: string;
  valueFrom?: { podTemplateHashValue: "Latest" | "Stable" } | { fieldRef: { fieldPath: string } };
}

/** A run of one or more templates side by side. */
export interface RolloutAnalysis {
  templates: { templateName: string }[];
  args?: AnalysisArgument[];
}

/** Requests with this header go to the new version. Without a match the route is removed. */
export interface SetHeaderRoute {
  name: string;
  match?: { headerName: string; headerValue: { exact: string } }[];
}

/** Requests are copied to the new version. Without a match the route is removed. */
export interface SetMirrorRoute {
  name: string;
  percentage?: number;
  match?: { path: { prefix: string } }[];
}

/** One step. Exactly one of its fields. */
export interface RolloutStep {
  /** Share of the traffic, a whole number from 0 to 100, or to `maxTrafficWeight`. */
  setWeight?: number;
  /** A time: "300s", whole seconds; without one until somebody promotes. */
  pause?: { duration?: string };
  analysis?: RolloutAnalysis;
  /** Pods of the new version beside the weight. Needs a traffic router. */
  setCanaryScale?: { replicas?: number; weight?: number; matchTrafficWeight?: boolean };
  setHeaderRoute?: SetHeaderRoute;
  setMirrorRoute?: SetMirrorRoute;
}

/** What shifts traffic. One router, beside the routes that it manages. */
export interface TrafficRouting {
  traefik?: { weightedTraefikServiceName: string };
  nginx?: { stableIngress: string; additionalIngressAnnotations?: Record<string, string> };
  istio?: { virtualService: { name: string } };
  alb?: {
    ingress: string;
    servicePort: number;
    stickinessConfig?: { enabled: boolean; durationSeconds: number };
  };
  /**
   * Routers by plugin. There is no such key beside the built-in ones (argo-rollouts #4569). Without a namespace it is
   * the Rollout's own. Header routes are only made in routes of the list.
   */
  plugins?: {
    "argoproj-labs/gatewayAPI": { httpRoute?: string; httpRoutes?: { name: string; useHeaderRoutes: boolean }[] };
  };
  managedRoutes?: { name: string }[];
  /** What setWeight counts to instead of 100. Only for nginx and plugins. */
  maxTrafficWeight?: number;
}

/** Growing shares, or without steps pod by pod. */
export interface CanaryStrategy {
  canaryService?: string;
  stableService?: string;
  trafficRouting?: TrafficRouting;
  steps?: RolloutStep[];
  /** Runs beside the steps, from the one with this index on. */
  analysis?: RolloutAnalysis & { startingStep?: number };
  maxSurge?: number | string;
  maxUnavailable?: number | string;
  /** Never together with `scaleDownDelaySeconds`, which Argo refuses. */
  dynamicStableScale?: boolean;
  abortScaleDownDelaySeconds?: number;
}

/** All at once, from a set of pods that was tried before. */
export interface BlueGreenStrategy {
  activeService: string;
  previewService: string;
  previewReplicaCount?: number;
  autoPromotionEnabled: boolean;
  autoPromotionSeconds?: number;
  prePromotionAnalysis?: RolloutAnalysis;
  postPromotionAnalysis?: RolloutAnalysis;
  scaleDownDelaySeconds?: number;
  abortScaleDownDelaySeconds?: number;
}

/** The release-related part of `Rollout.spec`; selector and template come from the service. */
export interface RolloutSpec {
  /** Absent with an autoscaler, which owns the number. */
  replicas?: number;
  minReadySeconds?: number;
  revisionHistoryLimit: number;
  /** Going back to one of the last so many versions skips the steps. */
  rollbackWindow: { revisions: number };
  progressDeadlineSeconds: number;
  progressDeadlineAbort: boolean;
  strategy: { canary?: CanaryStrategy; blueGreen?: BlueGreenStrategy };
}

/** A measurement of an AnalysisTemplate, as far as hooks need it. */
export interface HookMetric {
  name: string;
  provider: {
    /** `job.spec` is a batch/v1 JobSpec. */
    job?: {
      spec: {
        backoffLimit: number;
        activeDeadlineSeconds: number;
        template: {
          spec: {
            restartPolicy: "Never";
            containers: { name: string; image: string; command: string[] }[];
          };
        };
      };
    };
    /** Any answer from 200 to 299 is a success. */
    web?: { url: string; timeoutSeconds: number };
  };
  /** Errors in a row that are forgiven: none, where Argo would forgive four. */
  consecutiveErrorLimit: 0;
}

/** The release-related part of an AnalysisTemplate that runs a hook. */
export interface HookTemplate {
  name: string;
  spec: { args?: { name: string }[]; metrics: HookMetric[] };
}

// The fields that are read here of what the API server says, as it says them: JSON, times as ISO texts.
// Sources: pkg/apis/rollouts/v1alpha1/types.go and analysis_types.go of Argo Rollouts 1.9 (Rollout, AnalysisRun) and
// the Kubernetes API reference 1.34 (ReplicaSet apps/v1, Pod v1, Event v1, ConfigMap v1, Secret v1).
import type { RolloutSpec } from "../../release/compile/kubernetes-argo";

/** Label by which Argo tells the ReplicaSets, pods and AnalysisRuns of versions apart (DefaultRolloutUniqueLabelKey). */
export const HASH_LABEL = "rollouts-pod-template-hash";
/** Annotation with the number of a revision, on the Rollout and on its ReplicaSets. */
export const REVISION_ANNOTATION = "rollout.argoproj.io/revision";
/** Label of an AnalysisRun: "Step", "Background", "PrePromotion", "PostPromotion". */
export const RUN_TYPE_LABEL = "rollout-type";
/** Label of an AnalysisRun of a step: the step's index. */
export const STEP_INDEX_LABEL = "step-index";

export interface Meta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { kind: string; name: string; uid: string }[];
}

export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

/** What a container, a volume or an environment takes from a ConfigMap or a Secret. */
interface EnvSource {
  configMapRef?: { name?: string };
  secretRef?: { name?: string };
}
interface EnvValue {
  valueFrom?: { configMapKeyRef?: { name?: string }; secretKeyRef?: { name?: string } };
}
interface VolumeSource {
  configMap?: { name?: string };
  secret?: { secretName?: string };
  projected?: { sources?: { configMap?: { name?: string }; secret?: { name?: string } }[] };
}

export interface Container {
  name: string;
  image?: string;
  env?: EnvValue[];
  envFrom?: EnvSource[];
}

export interface PodTemplate {
  metadata?: { annotations?: Record<string, string>; labels?: Record<string, string> };
  spec?: { containers?: Container[]; initContainers?: Container[]; volumes?: VolumeSource[] };
}

/** The spec as the compiler makes it, with what the service adds and what a person sets. */
export interface Rollout {
  metadata: Meta;
  spec: Partial<Omit<RolloutSpec, "strategy">> & {
    strategy: RolloutSpec["strategy"];
    template?: PodTemplate;
    selector?: { matchLabels?: Record<string, string> };
    /** Somebody stopped it by hand. */
    paused?: boolean;
  };
  status?: RolloutStatus;
}

export interface RolloutStatus {
  /** Taken back. The steps begin again when it is tried again. */
  abort?: boolean;
  abortedAt?: string;
  phase?: "Healthy" | "Degraded" | "Progressing" | "Paused";
  message?: string;
  /** A number as a text; the rest of the status is of that generation. */
  observedGeneration?: string;
  currentPodHash?: string;
  /** Hash of the version that was promoted last; empty before the first. */
  stableRS?: string;
  currentStepIndex?: number;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  /** With a pause but without conditions somebody has just opened it, and the controller has not seen that yet. */
  controllerPause?: boolean;
  pauseConditions?: { reason: string; startTime: string }[];
  conditions?: Condition[];
  /** Somebody has all steps skipped that are left. */
  promoteFull?: boolean;
  canary?: {
    weights?: { canary: { weight: number; podTemplateHash?: string }; stable: { weight: number } };
    currentStepAnalysisRunStatus?: { name: string; status: AnalysisPhase; message?: string };
  };
  blueGreen?: { activeSelector?: string; previewSelector?: string };
}

export interface ReplicaSet {
  metadata: Meta;
  spec?: { replicas?: number; template?: PodTemplate };
  status?: { replicas?: number; readyReplicas?: number; availableReplicas?: number; conditions?: Condition[] };
}

export interface ContainerStatus {
  name: string;
  ready?: boolean;
  restartCount?: number;
  state?: { waiting?: { reason?: string; message?: string }; terminated?: Terminated; running?: object };
  lastState?: { terminated?: Terminated };
}

export interface Terminated {
  exitCode?: number;
  reason?: string;
  message?: string;
}

export interface Pod {
  metadata: Meta;
  spec?: PodTemplate["spec"];
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    conditions?: Condition[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

export type AnalysisPhase = "Pending" | "Running" | "Successful" | "Failed" | "Error" | "Inconclusive" | "";

export interface AnalysisRun {
  metadata: Meta;
  spec?: { metrics?: { name: string; failureCondition?: string; successCondition?: string; count?: unknown }[] };
  status?: {
    phase?: AnalysisPhase;
    message?: string;
    startedAt?: string;
    completedAt?: string;
    metricResults?: MetricResult[];
  };
}

export interface MetricResult {
  name: string;
  phase?: AnalysisPhase;
  message?: string;
  dryRun?: boolean;
  count?: number;
  failed?: number;
  measurements?: Measurement[];
}

export interface Measurement {
  phase?: AnalysisPhase;
  message?: string;
  startedAt?: string;
  finishedAt?: string;
  /** As the provider writes it: "0.4", or "[0.4]" for a vector of Prometheus. */
  value?: string;
  metadata?: Record<string, string>;
}

/** A core/v1 Event of a Rollout, a ReplicaSet or a pod. */
export interface ClusterEvent {
  reason?: string;
  message?: string;
  type?: string;
  involvedObject?: { kind?: string; name?: string };
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
}

/** A ConfigMap or a Secret, without what is in it. */
export interface ConfigObject {
  kind: "ConfigMap" | "Secret";
  metadata: Meta;
}

/** The parts of an HTTPRoute that say whether requests come by it: Gateway API v1, HTTPRouteStatus. */
export interface HttpRoute {
  metadata: Meta;
  spec?: { parentRefs?: { name: string; namespace?: string }[] };
  status?: {
    parents?: {
      parentRef: { name: string; namespace?: string };
      conditions?: (Condition & { observedGeneration?: number })[];
    }[];
  };
}

/** Everything about a service's release that the cluster says at a moment. */
export interface Snapshot {
  /** Seconds since 1970. */
  at: number;
  /** Absent: there is none. */
  rollout?: Rollout;
  replicaSets: ReplicaSet[];
  pods: Pod[];
  runs: AnalysisRun[];
  events: ClusterEvent[];
}

/** Seconds since 1970 of a time as the API server writes it; undefined for none. */
export function secondsOf(time: string | null | undefined): number | undefined {
  if (time === undefined || time === null) return undefined;
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

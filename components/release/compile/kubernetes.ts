import type { Diagnostic } from "../../model/diagnostics";
import { normaliseService } from "../../model/normalise-service";
import type { Problem } from "../../model/problem";
import { Gate, OnFailure } from "../../model/release";
import { Workload } from "../../model/service";
import { judgesLatency } from "../judges";
import { secondsToAll } from "./exposure";
import { allHooksSeconds, hooksOf, lambdaProblems } from "./hook-points";
import type { HookTemplate, RolloutSpec } from "./kubernetes-argo";
import { blueGreenStrategy } from "./kubernetes-blue-green";
import { canaryStrategy } from "./kubernetes-canary";
import { type JudgeTemplate, judgeTemplates } from "./kubernetes-judge";
import {
  type DaemonSetRelease,
  type DeploymentRelease,
  deploymentPart,
  namedPart,
  type PlainPart,
  type StatefulSetRelease,
  suitsDeployment,
} from "./kubernetes-plain";
import { rollingStrategy } from "./kubernetes-rolling";
import { bent, type CompileInput, impossible, type TargetPlan } from "./target";

/**
 * Annotation of the pod template that carries the release's `retry`. After an abort the Rollout's spec still names the
 * bad version, so that a second `pulumi up` would see nothing to do; another value makes Argo start anew.
 */
export const RETRY_ANNOTATION = "headgate/retry";

/** Makes `pulumi up` wait until Argo has finished. Annotation of @pulumi/kubernetes, experimental. */
export const WAIT_ANNOTATION = { "pulumi.com/waitFor": "jsonpath={.status.phase}=Healthy" } as const;

/** A release on Kubernetes. Exactly one of the four workloads. */
export interface KubernetesRelease {
  /** An Argo Rollout: the rule. */
  rollout?: RolloutSpec;
  /** An apps/v1 Deployment, where nobody asks for a way back and nobody judges. */
  deployment?: DeploymentRelease;
  /** An apps/v1 StatefulSet, for copies with names. */
  statefulSet?: StatefulSetRelease;
  /** An apps/v1 DaemonSet, for one copy on every machine. */
  daemonSet?: DaemonSetRelease;
  /** Annotations of the workload. */
  annotations: Record<string, string>;
  /** Templates by which the release is judged. */
  judgeTemplates: JudgeTemplate[];
  /** Templates that run hooks and the migration. */
  hookTemplates: HookTemplate[];
  /** Earlier configurations that are kept, with their hash in the name: the old pods mount them until they go. */
  retainConfigRevisions: number;
  /** Longest time the release may take, for `customTimeouts`. */
  waitSeconds: number;
}

/** Earlier versions that are kept, see Release.retainConfigRevisions. */
const USUAL_REVISIONS = 3;
/** Time a person has at a manual gate before `pulumi up` stops to wait; the release goes on waiting. */
const MANUAL_SECONDS = 86_400;

/** Compiles a release for Kubernetes with Argo Rollouts (release-strategies.md 2.2). */
export function compileForKubernetes(input: CompileInput): TargetPlan<KubernetesRelease> {
  const { release, service, requested } = input;
  const { copies, autoscaler, startTimeoutSeconds } = normaliseService(service);
  const revisions = release.retainConfigRevisions ?? USUAL_REVISIONS;
  const replicas = autoscaler === undefined ? { replicas: copies } : {};
  // Pods that have to start first count to the time without progress.
  const deadline = Math.ceil(Math.max(requested.progressDeadlineSeconds, startTimeoutSeconds));
  const common = { retainConfigRevisions: revisions, waitSeconds: waitSeconds(input, deadline) };
  const remarks = serviceDiagnostics(input);
  const refused = serviceProblems(input);
  const plain = plainPart(input, replicas, deadline, revisions);
  if (plain !== undefined) {
    const { fields, steps, diagnostics, problems } = plain;
    return {
      fields: { ...fields, annotations: {}, judgeTemplates: [], hookTemplates: [], ...common },
      steps,
      bakeSeconds: 0,
      diagnostics: [...diagnostics, ...remarks],
      problems: [...problems, ...refused],
    };
  }
  const part = strategyOf(input);
  const { minReadySeconds, strategy, steps, bakeSeconds } = part;
  return {
    fields: {
      rollout: {
        ...replicas,
        ...(minReadySeconds > 0 && { minReadySeconds }),
        revisionHistoryLimit: revisions,
        rollbackWindow: { revisions },
        progressDeadlineSeconds: deadline + minReadySeconds,
        progressDeadlineAbort: release.onFailure !== OnFailure.pause,
        strategy,
      },
      annotations: { ...WAIT_ANNOTATION },
      judgeTemplates: judgeTemplates(input, new Set(part.judges)),
      hookTemplates: part.hookTemplates,
      ...common,
    },
    steps,
    bakeSeconds,
    diagnostics: [...part.diagnostics, ...rollbackHook(input), ...remarks],
    problems: [...part.problems, ...lambdaProblems(release, "a cluster"), ...refused],
  };
}

function plainPart(input: CompileInput, replicas: object, deadline: number, history: number): PlainPart | undefined {
  const { workload = Workload.replicated } = input.service;
  if (workload !== Workload.replicated) return namedPart(input, replicas, history);
  return suitsDeployment(input) ? deploymentPart(input, replicas, deadline, history) : undefined;
}

/** An emergency keeps the kind of the service's usual release: Argo would strand routes if that changed. */
function strategyOf(input: CompileInput) {
  const { canary, blueGreen, immediate } = input.release;
  if (blueGreen || immediate) return blueGreenStrategy(input);
  return canary ? canaryStrategy(input) : rollingStrategy(input);
}

/** All holds, the bake, all hooks, and the time without progress; a day for each gate that waits for a person. */
function waitSeconds({ release, requested }: CompileInput, deadline: number): number {
  const { steps, bakeSeconds } = requested;
  const gates = steps.filter(({ gate }) => gate === Gate.manual).length;
  const hooks = allHooksSeconds(release, steps.length);
  return Math.ceil(secondsToAll(steps) + bakeSeconds + hooks + gates * MANUAL_SECONDS + deadline);
}

function rollbackHook({ release }: CompileInput): Diagnostic[] {
  if (!hooksOf(release).some(({ point }) => point === "onRollback")) return [];
  const message = "Argo Rollouts runs nothing when it goes back; its notification on-rollout-aborted tells.";
  return [bent("release.hooks.onRollback", "dropped", message)];
}

function serviceDiagnostics(input: CompileInput): Diagnostic[] {
  const { requested, timed, counted } = input;
  // What is not judged at all is said elsewhere.
  if (!judgesLatency(requested.rule) || timed || !counted) return [];
  const message = "Without service.metrics nothing tells how long requests take, so that latency is not judged.";
  return [bent("objectives.latency", "dropped", message)];
}

/** Interchangeable copies share one volume, and those of two versions run side by side. */
function serviceProblems({ service }: CompileInput): Problem[] {
  const { workload = Workload.replicated, volumes = {} } = service;
  if (workload !== Workload.replicated) return [];
  return Object.entries(volumes).flatMap(([name, { persistent }]) => {
    if (!persistent) return [];
    const problem = "cannot be true for interchangeable copies: old and new ones would write to one volume";
    const fix = 'Set service.workload to "stateful", or keep the data in a database';
    return [impossible(`service.volumes.${name}.persistent`, problem, fix)];
  });
}

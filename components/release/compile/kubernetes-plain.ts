import type { Diagnostic } from "../../model/diagnostics";
import { normaliseService } from "../../model/normalise-service";
import type { Problem } from "../../model/problem";
import { OnFailure } from "../../model/release";
import { Workload } from "../../model/service";
import type { PlannedStep } from "../plan";
import { hooksOf } from "./hook-points";
import { exchange, NO_OLD_PODS, readyTime } from "./kubernetes-rolling";
import { bakeLost, unjudged } from "./kubernetes-strategy";
import { bent, type CompileInput, impossible } from "./target";

/** The release-related part of an apps/v1 DeploymentSpec. */
export interface DeploymentRelease {
  /** Absent with an autoscaler, which owns the number. */
  replicas?: number;
  minReadySeconds: number;
  progressDeadlineSeconds: number;
  revisionHistoryLimit: number;
  strategy: { type: "RollingUpdate"; rollingUpdate: { maxSurge: number | string; maxUnavailable: number } };
}

/** The release-related part of an apps/v1 StatefulSetSpec. */
export interface StatefulSetRelease {
  replicas?: number;
  minReadySeconds: number;
  revisionHistoryLimit: number;
  updateStrategy: { type: "RollingUpdate"; rollingUpdate: { maxUnavailable: number } };
}

/** The release-related part of an apps/v1 DaemonSetSpec. */
export interface DaemonSetRelease {
  minReadySeconds: number;
  revisionHistoryLimit: number;
  updateStrategy: { type: "RollingUpdate"; rollingUpdate: { maxSurge: number | string; maxUnavailable: number } };
}

/** What a workload of Kubernetes' own makes of a release. None of them judges, goes back by itself, or runs hooks. */
export interface PlainPart {
  fields: { deployment: DeploymentRelease } | { statefulSet: StatefulSetRelease } | { daemonSet: DaemonSetRelease };
  steps: PlannedStep[];
  diagnostics: Diagnostic[];
  problems: Problem[];
}

/**
 * Whether a Deployment does all that is asked for: pods exchanged one after another, and a person who decides when
 * they do not come up. It never goes back by itself.
 */
export function suitsDeployment({ release, objectives }: CompileInput): boolean {
  const { canary, blueGreen, immediate, hooks, migration, analysis, onFailure } = release;
  const unjudged = analysis === undefined && Object.keys(objectives).length === 0;
  const others = canary ?? blueGreen ?? immediate ?? hooks ?? migration;
  return onFailure === OnFailure.pause && unjudged && others === undefined;
}

export function deploymentPart(input: CompileInput, replicas: object, deadline: number, history: number): PlainPart {
  const ready = readyTime(input);
  const message = "A Deployment goes by the probes of its pods; set release.analysis to have their requests judged.";
  return {
    fields: {
      deployment: {
        ...replicas,
        minReadySeconds: ready.seconds,
        progressDeadlineSeconds: deadline + ready.seconds,
        revisionHistoryLimit: history,
        strategy: { type: "RollingUpdate", rollingUpdate: exchange(input) },
      },
    },
    steps: input.requested.steps.map((step) => ({ ...step, holdSeconds: ready.seconds })),
    diagnostics: [
      ...(unjudged(input) ? [] : [bent("release.analysis", "dropped", message)]),
      ...ready.diagnostics,
      ...bakeLost(input, NO_OLD_PODS),
    ],
    problems: [],
  };
}

/** Copies with a name or a machine of their own: Argo Rollouts has neither (argo-rollouts #1635, #1457). */
export function namedPart(input: CompileInput, replicas: object, history: number): PlainPart {
  const { release, service, requested } = input;
  const ready = readyTime(input);
  const stateful = service.workload === Workload.stateful;
  const kind = stateful ? "StatefulSet" : "DaemonSet";
  const common = { minReadySeconds: ready.seconds, revisionHistoryLimit: history };
  const { copies } = normaliseService(service);
  const { maxSurge: _, maxUnavailable } = { ...exchange(input), ...release.rolling };
  const diagnostics = [...ready.diagnostics, ...bakeLost(input, NO_OLD_PODS)];
  if (release.analysis !== undefined) {
    diagnostics.push(bent("release.analysis", "dropped", `A ${kind} goes by the probes of its pods alone.`));
  }
  if (stateful && release.rolling?.maxSurge !== undefined) {
    const message = "A StatefulSet starts no pod beside the one it replaces, which bears the same name.";
    diagnostics.push(bent("release.rolling.maxSurge", "dropped", message));
  }
  if (stateful && release.rolling?.maxUnavailable === 0) {
    const message = "A StatefulSet stops a pod before it starts its successor, so that one at a time is missing.";
    diagnostics.push(bent("release.rolling.maxUnavailable", "approximated", message));
  }
  if (requested.strategy === "immediate" && copies > 1) {
    const feature = release.emergency === undefined ? "release.immediate" : "release.emergency";
    diagnostics.push(bent(feature, "approximated", `A ${kind} exchanges its pods one after another.`));
  }
  return {
    fields: stateful
      ? {
          statefulSet: {
            ...replicas,
            ...common,
            updateStrategy: {
              type: "RollingUpdate",
              rollingUpdate: { maxUnavailable: Math.max(1, maxUnavailable) },
            },
          },
        }
      : { daemonSet: { ...common, updateStrategy: { type: "RollingUpdate", rollingUpdate: exchange(input) } } },
    steps: requested.steps,
    diagnostics,
    problems: namedProblems(input, kind),
  };
}

function namedProblems({ release }: CompileInput, kind: string): Problem[] {
  const problems: Problem[] = [];
  if (release.onFailure !== OnFailure.pause) {
    const problem = `must be "pause" for a ${kind}, which never goes back by itself`;
    problems.push(impossible("release.onFailure", problem, 'Set it to "pause", and watch the release'));
  }
  const fix = "Run it in the pipeline before or after the release, and remove it";
  for (const { point } of hooksOf(release)) {
    problems.push(impossible(`release.hooks.${point}`, `has no place in the update of a ${kind}`, fix));
  }
  if (release.migration !== undefined) {
    problems.push(impossible("release.migration", `has no place in the update of a ${kind}`, fix));
  }
  return problems;
}

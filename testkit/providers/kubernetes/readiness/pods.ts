import { type KubernetesObject, list, record } from "../object";
import {
  condition,
  failed,
  isTrue,
  READY,
  type Readiness,
  type ReadinessRule,
  type Surroundings,
  waiting,
} from "./readiness";

const MAX_REASONS = 3;

interface ContainerStatus {
  name: string;
  ready: boolean;
  state?: { waiting?: Stop; terminated?: Exit; running?: unknown };
  lastState?: { terminated?: Exit };
}

interface Stop {
  reason?: string;
  message?: string;
}

interface Exit extends Stop {
  exitCode: number;
  signal?: number;
}

/** What keeps a pod from being ready, as far as its status tells. */
export function podProblems(pod: KubernetesObject): string[] {
  const scheduled = condition(pod, "PodScheduled");
  if (scheduled?.status === "False")
    return [`${scheduled.reason ?? "Unschedulable"}: ${scheduled.message ?? "no node"}`];
  const status = record(pod.status);
  const containers = [...list(status.initContainerStatuses), ...list(status.containerStatuses)] as ContainerStatus[];
  return containers.flatMap(containerProblem);
}

function containerProblem({ name, ready, state, lastState }: ContainerStatus): string[] {
  if (ready) return [];
  const exit = state?.terminated ?? lastState?.terminated;
  const ended = exit === undefined || (exit.exitCode === 0 && state?.terminated !== undefined) ? [] : [exitText(exit)];
  const stop = state?.waiting;
  // Every container waits with these reasons for a moment.
  if (stop?.reason === undefined || ["ContainerCreating", "PodInitializing"].includes(stop.reason)) {
    return ended.map((text) => `container "${name}" ${text}`);
  }
  const message = stop.reason === "CrashLoopBackOff" || stop.message === undefined ? [] : [stop.message];
  return [`container "${name}" ${[stop.reason, ...ended, ...message].join(", ")}`];
}

function exitText({ exitCode, reason, message }: Exit): string {
  const why = [reason, message?.trim()].filter((part) => part !== undefined && part !== "" && part !== "Error");
  return `exited with ${exitCode}${why.length > 0 ? ` (${why.join(": ")})` : ""}`;
}

/** The reasons of several pods, each once with the number of pods it holds back. */
export async function reasonsOf(pods: readonly KubernetesObject[], around: Surroundings): Promise<string[]> {
  const counts = new Map<string, number>();
  const notReady = pods.filter((pod) => !isTrue(pod, "Ready") && pod.metadata.deletionTimestamp === undefined);
  for (const pod of notReady) {
    const problems = podProblems(pod);
    const reasons = problems.length > 0 || counts.size >= MAX_REASONS ? problems : await lastWarning(pod, around);
    for (const reason of reasons) {
      const general = reason.replaceAll(pod.metadata.name, "the pod");
      counts.set(general, (counts.get(general) ?? 0) + 1);
    }
  }
  return [...counts]
    .slice(0, MAX_REASONS)
    .map(([reason, count]) => `${count} ${count === 1 ? "pod" : "pods"}: ${reason}`);
}

/** What the kubelet says of a pod whose containers run: failing probes, volumes that cannot be mounted. */
async function lastWarning(pod: KubernetesObject, around: Surroundings): Promise<string[]> {
  const events = await around.list("v1", "Event", pod.metadata.namespace, {
    fieldSelector: `involvedObject.uid=${pod.metadata.uid},type=Warning`,
  });
  const when = (event: KubernetesObject) => String(event.lastTimestamp ?? event.eventTime ?? "");
  const last = events.sort((a, b) => when(a).localeCompare(when(b))).at(-1);
  return last === undefined ? [] : [`${last.reason}: ${String(last.message).trim()}`];
}

export const pod: ReadinessRule = {
  onRead: true,
  check(object): Readiness {
    const { phase, message } = record(object.status);
    if (isTrue(object, "Ready") || phase === "Succeeded") return READY;
    const { restartPolicy } = record(object.spec);
    if (phase === "Failed" && restartPolicy !== "Always") {
      return failed(`it failed: ${[message, ...podProblems(object)].filter(Boolean).join(", ") || "no reason given"}`);
    }
    return waiting("waiting for the pod to be ready");
  },
  async explain(object, around) {
    return reasonsOf([object], around);
  },
};

import { type ClusterEvent, type ContainerStatus, type Pod, type ReplicaSet, secondsOf } from "./objects";

/** Why a pod does not come up, or not be made. */
export interface PodProblem {
  /** Equal for problems that need to be told once only. */
  key: string;
  /** The pod's name; empty when no pod could be made. */
  pod: string;
  /** For a person, without the pod's name: "it exited with code 3 (4 times)". */
  text: string;
  /** The container whose last words tell more. */
  crashed?: string;
}

/** What is wrong this long after the pod was made is no longer part of a start. */
const START_PATIENCE_SECONDS = 15;
/** Longest text of somebody else in a line. */
const LONGEST = 300;

/** Reasons why a container waits, and what they mean. Source: pkg/kubelet/images/types.go and kuberuntime errors. */
const WAITING: Record<string, string> = {
  ImagePullBackOff: "its image cannot be pulled",
  ErrImagePull: "its image cannot be pulled",
  ErrImageNeverPull: "its image is not on the node, and must not be pulled",
  InvalidImageName: "its image has no valid name",
  RegistryUnavailable: "the registry of its image does not answer",
  ImageInspectError: "its image cannot be read",
  CreateContainerConfigError: "its configuration is not there",
  CreateContainerError: "its container cannot be made",
  RunContainerError: "its container cannot be started",
};

/** What keeps the pods of a version from being ready, the worst first. */
export function podProblems(
  replicaSet: ReplicaSet | undefined,
  pods: readonly Pod[],
  events: readonly ClusterEvent[],
  at: number,
): PodProblem[] {
  const refused = (replicaSet?.status?.conditions ?? [])
    .filter(({ type, status }) => type === "ReplicaFailure" && status === "True")
    .map(({ message = "" }) => ({ key: "refused", pod: "", text: refusal(message) }));
  return [...refused, ...pods.flatMap((pod) => problemsOf(pod, events, at))];
}

/** What the API server said when it refused a pod: over quota, or less secure than the namespace wants. */
function refusal(message: string): string {
  const said = message.replace(/^pods "[^"]*" is forbidden: /, "");
  if (/exceeded quota/.test(said)) {
    return `no pod can be made, the namespace's quota is used up: ${cut(said)}. Raise the quota, or ask for less`;
  }
  if (/violates PodSecurity/.test(said)) {
    return `no pod can be made, the namespace's Pod Security forbids it: ${cut(said)}`;
  }
  return `no pod can be made: ${cut(said)}`;
}

function problemsOf(pod: Pod, events: readonly ClusterEvent[], at: number): PodProblem[] {
  const { name, creationTimestamp, deletionTimestamp } = pod.metadata;
  const { phase, reason, message = "", conditions = [] } = pod.status ?? {};
  if (deletionTimestamp !== undefined || phase === "Succeeded") return [];
  if (phase === "Failed" && reason === "Evicted") {
    return [{ key: `evicted/${name}`, pod: name, text: `it was evicted: ${cut(message)}` }];
  }
  const scheduled = conditions.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False" && scheduled.reason === "Unschedulable") {
    return [{ key: "unschedulable", pod: name, text: `no node takes it: ${cut(scheduled.message ?? "")}` }];
  }
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  // A container that prepares the pod is meant to end.
  const failed = initContainerStatuses.filter(({ state }) => state?.terminated?.exitCode !== 0);
  const containers = [...failed, ...containerStatuses];
  const found = containers.flatMap((container) => containerProblem(name, container));
  if (found.length > 0) return found;
  const age = at - (secondsOf(creationTimestamp) ?? at);
  const ready = containerStatuses.length > 0 && containerStatuses.every((container) => container.ready === true);
  if (ready || age < START_PATIENCE_SECONDS) return [];
  const own = events.filter(({ involvedObject }) => involvedObject?.name === name);
  const last = own.findLast(({ message = "" }) => !message.startsWith("Liveness"))?.message;
  const started = containers.some(({ state }) => state?.running !== undefined);
  if (started) return last === undefined ? [] : [{ key: "unready", pod: name, text: `it is not ready: ${cut(last)}` }];
  const why = last ?? "its image is still being pulled";
  return [{ key: `starting/${last === undefined}`, pod: name, text: `it does not start: ${cut(why)}` }];
}

function containerProblem(pod: string, container: ContainerStatus): PodProblem[] {
  const { name, state, lastState, restartCount = 0 } = container;
  const waiting = state?.waiting;
  const known = WAITING[waiting?.reason ?? ""];
  if (known !== undefined) {
    return [{ key: `${known}/${name}`, pod, text: `${known}: ${cut(waiting?.message ?? waiting?.reason ?? "")}` }];
  }
  const ended =
    state?.terminated ??
    (restartCount > 0 || waiting?.reason === "CrashLoopBackOff" ? lastState?.terminated : undefined);
  if (ended === undefined || container.ready === true) return [];
  const times = restartCount > 1 ? ` (${restartCount} times)` : "";
  const why =
    ended.reason === "OOMKilled"
      ? `it used more memory than its limit${times}`
      : `it exited with code ${ended.exitCode ?? "unknown"}${times}`;
  return [{ key: `crash/${name}/${ended.reason}/${ended.exitCode}`, pod, text: why, crashed: name }];
}

/** A text in one line; of a long one its two ends, of which the last tells most. */
const cut = (text: string) => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST / 3)} … ${line.slice(-LONGEST / 2)}`;
};

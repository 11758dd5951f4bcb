import { Gate } from "../../model/release";
import { span } from "../../release/lines";
import type { Pause, ReleaseProgress } from "../../release/progress";
import { runsOf } from "./facts";
import type { Rollout, Snapshot } from "./objects";
import { decidingMetric, judgedText, metricText } from "./reason";
import type { Stage } from "./stages";
import type { Story } from "./story";

export const CONTROLLER_FIX =
  "Install Argo Rollouts with KubernetesPlatform, or see why its pods do not run: " +
  "kubectl get pods -A -l app.kubernetes.io/name=argo-rollouts";

/** A digest as people read it: "sha256:9f2c4d5e6f70…". */
export function short(digest: string | undefined): string {
  if (digest === undefined) return "the version before";
  return digest.startsWith("sha256:") ? `${digest.slice(0, 19)}…` : digest;
}

/** "1 pod", "2 pods" */
export const pods = (count: number) => (count === 1 ? "1 pod" : `${count} pods`);

/** Time until the end when all goes well. */
export const timeLeft = (seconds: number) =>
  seconds >= 120 ? `${Math.round(seconds / 60)} min left` : `${Math.round(seconds)} s left`;

export function beginLine({ candidate, previous }: ReleaseProgress, joined: boolean): string {
  const what = `${short(candidate.digest)}${candidate.revision > 0 ? ` (revision ${candidate.revision})` : ""}`;
  if (joined) return `${what} is under way already; following it`;
  return previous === undefined
    ? `${what} begins, the first version`
    : `${what} begins; ${short(previous.digest)} serves`;
}

export function readyLine({ copies, plan, startedAt }: ReleaseProgress, at: number): string {
  const { wanted, ready } = copies?.new ?? { wanted: 0, ready: 0 };
  const after = span(startedAt, at);
  return plan.strategy === "rolling" && ready < wanted
    ? `${ready} of ${pods(wanted)} ready after ${after}`
    : `${pods(ready)} ready after ${after}`;
}

/** "10 %  for 300 s" */
export function stageLine({ weight, holdSeconds, gate }: Stage): string {
  if (weight >= 100) return `100 %  the old version stays for ${span(0, holdSeconds)}`;
  const time = holdSeconds > 0 ? `for ${span(0, holdSeconds)}` : "";
  const then = gate === Gate.manual ? "until somebody promotes it" : "";
  return `${weight} %  ${[time, then].filter((part) => part !== "").join(", then ") || "until it is judged"}`;
}

export function pausedLine(
  snapshot: Snapshot,
  { metadata }: Rollout,
  hash: string,
  { weight, service }: ReleaseProgress,
  { reason }: Pause,
): string {
  const flags = `${service}${metadata.namespace === undefined ? "" : ` --namespace ${metadata.namespace}`}`;
  const ways = `headgate release promote ${flags}, or abort`;
  switch (reason) {
    case "paused":
      return `${weight} %  paused by hand. To go on: headgate release promote ${flags}`;
    case "undecided": {
      const runs = runsOf(snapshot, hash);
      const run = runs.findLast(({ status }) => status?.phase === "Inconclusive");
      if (run === undefined) return "an analysis is undecided";
      const metric = decidingMetric(run);
      return judgedText(run, runs, metric)?.reason ?? metricText(run, metric);
    }
    default:
      return `${weight} %  waits for a person: ${ways}`;
  }
}

/** Where the fix is told, after a release that failed. */
export interface Fixes {
  namespace: string;
  /** The nonce of this release; the next one allows the version again. */
  retry: number;
}

/** Why `up` fails: where the traffic is, why, and what to do. Undefined for a release that did not fail. */
export function failureText({ progress, outcome, lastWeight }: Story, { namespace, retry }: Fixes): string | undefined {
  const what = `release ${short(progress.candidate.digest)}`;
  const ways = `headgate release promote|abort ${progress.service} --namespace ${namespace}`;
  switch (outcome?.kind) {
    case undefined:
    case "promoted":
      return undefined;
    case "takenBack": {
      const seconds = span(progress.startedAt, progress.endedAt ?? progress.startedAt);
      const at = lastWeight > 0 ? ` at ${lastWeight} %` : "";
      const when = outcome.before ? "was taken back before" : "was taken back";
      const traffic =
        progress.previous === undefined
          ? "There is no earlier version to serve"
          : outcome.isBack
            ? `All traffic is on ${short(progress.previous.digest)} again`
            : `${short(progress.previous.digest)} does not have all traffic again yet`;
      const again = `To try the same image again: pulumi config set headgate:retry ${retry + 1}`;
      return `${what} ${when}${at} after ${seconds}: ${progress.reason}. ${traffic}. ${again}`;
    }
    case "undecided":
      return (
        `${what} is paused at ${progress.weight} %: ${progress.reason}. ` +
        `Decide with \`${ways}\`, then run \`pulumi up\` again to follow it`
      );
    case "stuck":
      return (
        `${what} is stuck at ${progress.weight} %: ${progress.reason}. The release does not go back by itself ` +
        `(onFailure is "pause"). Decide with \`${ways}\``
      );
    case "invalid":
      return `the controller refuses the Rollout: ${outcome.message}. Correct what it names, and run \`pulumi up\` again`;
    case "unattended":
      return `no controller has looked at the Rollout. ${CONTROLLER_FIX}`;
    case "gone":
      return `the Rollout was deleted while it was released. Run \`pulumi up --refresh\` to make it again`;
    case "replaced":
      return (
        `${what} was replaced by ${short(outcome.digest)}: somebody else changed the Rollout. ` +
        "Run `pulumi up --refresh` to see what is there"
      );
  }
}

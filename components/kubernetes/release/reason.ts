import { evidenceText, signed } from "../../release/lines";
import { percent } from "../../release/percent";
import type { Cause } from "../../release/progress";
import { standingOf } from "../analysis/decision";
import { conditionOf, runsOf } from "./facts";
import { type Numbers, numberOf, numbersAt } from "./numbers";
import { type AnalysisRun, type MetricResult, type Rollout, type Snapshot, secondsOf } from "./objects";

/** Annotation of a Rollout with what a person decided last, as JSON: {"action","by","at","hash"}. */
export const DECISION_ANNOTATION = "headgate.dev/decision";

/** A decision of a person, made with `headgate release`. */
export interface Decision {
  action: "promote" | "pause" | "abort" | "retry";
  /** "alice@laptop: the checkout looks wrong" */
  by: string;
  /** Seconds since 1970. */
  at: number;
  /** Pod template hash of the version it was about. */
  hash: string;
}

/** Why a version was taken back. */
export interface TakenBack {
  cause: Cause;
  /** One sentence for a person, without its full stop. */
  reason: string;
}

const count = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/**
 * Why Argo took a version back.
 * @param timedOut Whether the progress deadline was seen to pass: the abort hides it (calculateRolloutConditions).
 * @param trouble What kept its pods from being ready when that was seen last.
 */
export function whyTakenBack(
  snapshot: Snapshot,
  rollout: Rollout,
  hash: string,
  since: number,
  { timedOut, trouble }: { timedOut: boolean; trouble?: string },
): TakenBack {
  const decision = decisionOf(rollout);
  if (decision?.action === "abort" && decision.hash === hash && decision.at >= since) {
    return { cause: "aborted", reason: `aborted by ${decision.by}` };
  }
  const runs = runsOf(snapshot, hash);
  const failed = runs
    .filter(({ status }) => status?.phase === "Failed" || status?.phase === "Error")
    .filter(({ status }) => (secondsOf(status?.completedAt) ?? since) >= since)
    .sort((a, b) => (secondsOf(a.status?.completedAt) ?? 0) - (secondsOf(b.status?.completedAt) ?? 0))
    .at(-1);
  if (failed !== undefined) return whyFailed(failed, runs);
  const late = timedOut || deadlinePassed(snapshot, rollout, since);
  if (late || trouble !== undefined) {
    const seconds = rollout.spec.progressDeadlineSeconds ?? 600;
    const what = late ? `its pods made no progress for ${count.format(seconds)} s` : "its pods did not come up";
    return { cause: "unhealthy", reason: trouble === undefined ? what : `${what}; ${trouble}` };
  }
  return { cause: "aborted", reason: "somebody aborted it" };
}

/** The last decision of a person that a Rollout tells of. */
export function decisionOf({ metadata }: Rollout): Decision | undefined {
  try {
    return JSON.parse(metadata.annotations?.[DECISION_ANNOTATION] ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

function deadlinePassed({ events }: Snapshot, rollout: Rollout, since: number): boolean {
  const progressing = conditionOf(rollout, "Progressing");
  const text = "timed out progressing";
  if (progressing?.reason === "ProgressDeadlineExceeded" || progressing?.message?.includes(text)) return true;
  return events.some(
    ({ reason, message, lastTimestamp, eventTime }) =>
      reason === "RolloutAborted" && message?.includes(text) && (secondsOf(lastTimestamp ?? eventTime) ?? 0) >= since,
  );
}

/** What an analysis found, in numbers where its template tells them. */
function whyFailed(run: AnalysisRun, runs: readonly AnalysisRun[]): TakenBack {
  const deciding = decidingMetric(run);
  if (run.status?.phase === "Error") return { cause: "noData", reason: metricText(run, deciding) };
  return judgedText(run, runs, deciding) ?? { cause: "analysis", reason: metricText(run, deciding) };
}

/** What a template of the judge found: by its evidence, or by where the release stood at a gate (analysis/decision.ts). */
export function judgedText(
  run: AnalysisRun,
  runs: readonly AnalysisRun[],
  deciding: MetricResult | undefined,
): TakenBack | undefined {
  const at = secondsOf(run.status?.completedAt) ?? Number.POSITIVE_INFINITY;
  const numbers = numbersAt([run], at) ?? numbersAt(runs, at);
  const seen = numbers === undefined || numbers.new.total === 0 ? undefined : numbersText(numbers);
  if (deciding?.name === "evidence") return seen === undefined ? undefined : { cause: "analysis", reason: seen };
  if (deciding?.name !== "gate" && deciding?.name !== "wait") return undefined;
  const code = numberOf(deciding.measurements?.at(-1)?.value);
  const soFar = `: ${seen ?? "none so far"}`;
  switch (code === undefined ? "noData" : standingOf(code)) {
    case "noData":
      return { cause: "noData", reason: "the metrics of its requests are missing; nothing is known against it" };
    case "undecided":
      return { cause: "undecided", reason: `too few requests to judge it${soFar}` };
    case "suspect":
      return { cause: "undecided", reason: `what was seen is against it, but not enough to be sure${soFar}` };
    default:
      return { cause: "analysis", reason: seen ?? "it fails more often than the old version" };
  }
}

/** "4.9 % of its 940 requests failed, 0.1 % of the old version's 8,612 (evidence +8.2, limit +4.6)" */
export function numbersText(numbers: Numbers): string {
  const { new: fresh, old, evidence } = numbers;
  const ours = `${percent(fresh.bad, fresh.total)} of its ${count.format(fresh.total)} requests failed${slow(fresh)}`;
  const theirs =
    old.total === 0
      ? ""
      : `, ${percent(old.bad, old.total)} of the old version's ${count.format(old.total)}${slow(old)}`;
  if (evidence === undefined) return `${ours}${theirs}`;
  const limit = evidence.failAt === undefined ? "" : `, limit ${signed(evidence.failAt)}`;
  return `${ours}${theirs} (${evidenceText({ value: evidence.value })}${limit})`;
}

/** Requests that took longer than the objective, where they are counted. */
const slow = ({ slow: late, total }: Numbers["new"]) =>
  late === undefined ? "" : ` and ${percent(late, total)} were too slow`;

export function decidingMetric({ status }: AnalysisRun): MetricResult | undefined {
  const results = (status?.metricResults ?? []).filter(({ dryRun }) => dryRun !== true);
  return results.find(({ phase }) => phase === status?.phase) ?? results.find(({ phase }) => phase !== "Successful");
}

/** What a metric of another kind says: a hook, or a template of the user's own. */
export function metricText(run: AnalysisRun, metric: MetricResult | undefined): string {
  const name = `analysis ${run.metadata.name}`;
  if (metric === undefined) return `${name} ${run.status?.message ?? "failed"}`;
  const { measurements = [], message = "", phase } = metric;
  const last = measurements.findLast((measurement) => measurement.phase === phase) ?? measurements.at(-1);
  const said = [
    last?.value === undefined || last.value === "" ? "" : `it was ${last.value}`,
    last?.metadata?.["job-name"] === undefined ? "" : `its job is ${last.metadata["job-name"]}`,
    last?.message ?? "",
    message,
  ].filter((text) => text !== "");
  const what = phase === "Error" ? "could not be measured" : phase === "Inconclusive" ? "is undecided" : "failed";
  const rule = run.spec?.metrics?.find((spec) => spec.name === metric.name)?.failureCondition;
  const limit = rule === undefined || rule === "" ? "" : ` (fails when ${rule})`;
  return `${metric.name} ${what} in ${name}${said.length === 0 ? "" : `: ${said.join("; ")}`}${limit}`;
}

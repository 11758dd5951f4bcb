import { type AnalysisMetric, type AnalysisTemplateSpec, ERROR_RETRY_SECONDS } from "../argo-analysis";

export type Phase = "Running" | "Successful" | "Failed" | "Inconclusive" | "Error";

/** What a query gives at a time, in seconds: numbers, or undefined when Prometheus does not answer. */
export type Answers = (metric: string, at: number) => readonly number[] | undefined;

interface MetricState {
  metric: AnalysisMetric;
  dry: boolean;
  dueAt: number;
  counts: Record<"Successful" | "Failed" | "Inconclusive", number>;
  errorsInARow: number;
  successesInARow: number;
  measured: { at: number; phase: Phase; value: readonly number[] | undefined }[];
  phase: Phase;
}

/** A run at its end, or when the time was over. */
export interface Run {
  phase: Phase;
  at: number;
  /** Measurements by metric. */
  measured: Record<string, MetricState["measured"]>;
  phases: Record<string, Phase>;
}

/**
 * An AnalysisRun as the controller of Argo Rollouts 1.9.1 carries it out, in our own words: analysis/analysis.go
 * (generateMetricTasks, assessMetricStatus, assessRunStatus) and utils/evaluate. Each measurement takes no time.
 */
export function argoRun(
  spec: AnalysisTemplateSpec,
  args: Readonly<Record<string, string>>,
  answers: Answers,
  untilSeconds: number,
): Run {
  const text = (value: string) => value.replaceAll(/\{\{args\.([\w-]+)\}\}/g, (_, name: string) => args[name] ?? "?");
  const states = spec.metrics.map((metric): MetricState => {
    const dry = spec.dryRun.some(({ metricName }) => new RegExp(metricName).test(metric.name));
    return {
      metric,
      dry,
      dueAt: secondsOf(text(metric.initialDelay ?? "0s")),
      counts: { Successful: 0, Failed: 0, Inconclusive: 0 },
      errorsInARow: 0,
      successesInARow: 0,
      measured: [],
      phase: "Running",
    };
  });
  const end = (at: number, phase: Phase): Run => ({
    phase,
    at,
    measured: Object.fromEntries(states.map(({ metric, measured }) => [metric.name, measured])),
    phases: Object.fromEntries(states.map(({ metric, phase }) => [metric.name, phase])),
  });
  for (;;) {
    const running = states.filter(({ phase }) => phase === "Running");
    const at = Math.min(...running.map(({ dueAt }) => dueAt));
    if (at > untilSeconds) return end(untilSeconds, "Running");
    for (const state of running.filter(({ dueAt }) => dueAt === at)) {
      measure(state, at, answers(state.metric.name, at), secondsOf(text(state.metric.interval ?? "10s")));
      state.phase = assess(state, Number(text(String(state.metric.count ?? (state.metric.interval ? 0 : 1)))));
    }
    const deciding = states.filter(({ dry }) => !dry);
    const worst = (["Failed", "Error", "Inconclusive"] as const).find((phase) =>
      deciding.some((state) => state.phase === phase),
    );
    if (worst !== undefined) return end(at, worst);
    if (states.every(({ phase }) => phase !== "Running")) return end(at, "Successful");
  }
}

function measure(state: MetricState, at: number, value: readonly number[] | undefined, interval: number): void {
  const phase = phaseOf(state.metric, value);
  state.measured.push({ at, phase, value });
  state.dueAt = at + (phase === "Error" ? ERROR_RETRY_SECONDS : interval);
  state.errorsInARow = phase === "Error" ? state.errorsInARow + 1 : 0;
  state.successesInARow = phase === "Successful" ? state.successesInARow + 1 : 0;
  if (phase !== "Error" && phase !== "Running") state.counts[phase]++;
}

/** One measurement: with one of the two conditions, the other is its opposite. */
function phaseOf(metric: AnalysisMetric, value: readonly number[] | undefined): Phase {
  if (value === undefined) return "Error";
  const holds = (condition: string) => evaluate(condition, value);
  try {
    const success = metric.successCondition === undefined ? undefined : holds(metric.successCondition);
    const failure = metric.failureCondition === undefined ? undefined : holds(metric.failureCondition);
    if (failure ?? success === false) return "Failed";
    return (success ?? true) ? "Successful" : "Inconclusive";
  } catch {
    return "Error";
  }
}

/** The conditions used here, in the language expr: comparisons of result[0], lists of numbers, and constants. */
function evaluate(condition: string, result: readonly number[]): boolean {
  const negated = /^!\((.*)\)$/.exec(condition)?.[1];
  if (negated !== undefined) return !evaluate(negated, result);
  if (condition === "false") return false;
  const first = result[0];
  if (first === undefined) throw new RangeError("index out of range");
  const list = /^result\[0\] in \[([\d, ]+)\]$/.exec(condition)?.[1];
  if (list !== undefined) return list.split(", ").map(Number).includes(first);
  const [, operator, limit] = /^result\[0\] (<=|>=) (-?[\d.e-]+)$/.exec(condition) ?? [];
  if (limit === undefined) throw new Error(`"${condition}" is not understood here`);
  return operator === "<=" ? first <= Number(limit) : first >= Number(limit);
}

/** Error before Inconclusive before Failed, then a row of successes, then the count. */
function assess(state: MetricState, count: number): Phase {
  const { metric, counts, errorsInARow, successesInARow } = state;
  const { failureLimit = 0, inconclusiveLimit = 0, consecutiveErrorLimit = 4, consecutiveSuccessLimit = 0 } = metric;
  if (errorsInARow > consecutiveErrorLimit) return "Error";
  if (counts.Inconclusive > inconclusiveLimit) return "Inconclusive";
  if (failureLimit >= 0 && counts.Failed > failureLimit) return "Failed";
  if (consecutiveSuccessLimit > 0 && successesInARow >= consecutiveSuccessLimit) return "Successful";
  if (count === 0 || counts.Successful + counts.Failed + counts.Inconclusive < count) return "Running";
  if (consecutiveSuccessLimit === 0) return "Successful";
  return failureLimit >= 0 ? "Inconclusive" : "Failed";
}

const secondsOf = (duration: string) => Number(/^(\d+)s$/.exec(duration)?.[1] ?? Number.NaN);

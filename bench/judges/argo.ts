import { RELEASE_SECONDS } from "./grid";
import { type Decide, type Outcome, type Totals, until, within } from "./outcome";

/** A background analysis of Argo Rollouts over Prometheus with one `successCondition`, or one `failureCondition`. */
export interface ArgoMetric {
  windowSeconds: number;
  /** The run fails with more failed measurements than this; a success resets nothing. */
  failureLimit: number;
  /** One measurement of counts in the window. "empty" is an empty vector: the condition cannot be evaluated. */
  measure(counts: Counts): "successful" | "failed" | "empty";
}

/** Requests in the window of a measurement, and whether the new version's series exist yet. */
export interface Counts {
  newTotal: number;
  newBad: number;
  oldTotal: number;
  oldBad: number;
  known: boolean;
}

const INTERVAL_SECONDS = 60;
/** A measurement that ended in an error is taken again so soon; so many in sequence are borne. */
const ERROR_RETRY_SECONDS = 10;
const CONSECUTIVE_ERROR_LIMIT = 4;

/**
 * How the analysis controller of Argo Rollouts assesses a metric (argoproj/argo-rollouts, analysis/analysis.go and
 * utils/evaluate/evaluate.go at 9f8d111): failed above `failureLimit`, an error above four errors in sequence; both
 * abort. A background analysis has no count and never succeeds before the release ends.
 */
export function argo({ windowSeconds, failureLimit, measure }: ArgoMetric): Decide {
  return (totals: Totals, waitSeconds: number): Outcome => {
    let failed = 0;
    let errors = 0;
    let at = waitSeconds + INTERVAL_SECONDS;
    while (at <= RELEASE_SECONDS) {
      const from = Math.max(waitSeconds, at - windowSeconds);
      const phase = measure({
        newTotal: within(totals.newTotal, from, at),
        newBad: within(totals.newBad, from, at),
        oldTotal: within(totals.oldTotal, from, at),
        oldBad: within(totals.oldBad, from, at),
        known: until(totals.newTotal, at) > 0,
      });
      if (phase === "empty") errors += 1;
      else errors = 0;
      if (phase === "failed") failed += 1;
      if (failed > failureLimit || errors > CONSECUTIVE_ERROR_LIMIT) return { rolledBackAt: at };
      at += phase === "empty" ? ERROR_RETRY_SECONDS : INTERVAL_SECONDS;
    }
    return {};
  };
}

/**
 * `result[0] >= minSuccess`. Before the new version's first request there is no series and the vector is empty; with
 * none in the window it is 0/0, and NaN is not at least anything: failed.
 */
export function successRate(minSuccess: number, windowSeconds: number, failureLimit: number): Decide {
  return argo({
    windowSeconds,
    failureLimit,
    measure: ({ newTotal, newBad, known }) => {
      if (!known) return "empty";
      return (newTotal - newBad) / newTotal >= minSuccess ? "successful" : "failed";
    },
  });
}

/**
 * `result[0] > maxRatio` as the only, failing condition, where the result is the new version's error ratio over the old
 * one's. Nothing over nothing is NaN and no failure; errors beside none of the old version are more than any ratio.
 * The query is taken to answer 0 in place of missing series.
 */
export function ratio(maxRatio: number, windowSeconds: number, failureLimit: number): Decide {
  return argo({
    windowSeconds,
    failureLimit,
    measure: ({ newTotal, newBad, oldTotal, oldBad }) =>
      newBad / newTotal / (oldBad / oldTotal) > maxRatio ? "failed" : "successful",
  });
}

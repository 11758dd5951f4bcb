import { type PromqlInput, type SequentialPromql, sequentialPromql } from "./promql";
import type { CounterSelectors } from "./promql-rates";
import type { SequentialRule } from "./rule";

/** Where the counters of one version are. */
export interface VersionSelectors {
  /** Requests and server errors. */
  errors: CounterSelectors;
  /** Requests and fast or slow ones; needed for a rule with latency. */
  slow?: CounterSelectors;
}

/** What the expressions of a release are made from. */
export interface ReleaseMetrics
  extends Pick<PromqlInput, "scrapeSeconds" | "rolloutSeconds" | "lookbackSeconds" | "longest"> {
  rule: SequentialRule;
  canary: VersionSelectors;
  stable: VersionSelectors;
}

/** One metric of a release, as an evaluator asks for it. */
export interface MetricPromql extends SequentialPromql {
  metric: "errors" | "slow";
}

/**
 * The expressions of a release, one for each metric the rule judges: errors, and slow requests with a latency objective.
 * Any of them may fail the release; all of them must pass it.
 * @throws RangeError as sequentialPromql does, or when the rule judges latency and no selectors tell it.
 */
export function releasePromql({ rule, canary, stable, ...times }: ReleaseMetrics): MetricPromql[] {
  const expression = (metric: MetricPromql["metric"]): MetricPromql => {
    const limits = rule[metric];
    const [fresh, old] = [canary[metric], stable[metric]];
    if (limits === undefined || fresh === undefined || old === undefined) {
      throw new RangeError(
        `the selectors of ${metric} requests are missing (got none). Name the histogram's count and bucket.`,
      );
    }
    return { metric, ...sequentialPromql({ rule, limits, canary: fresh, stable: old, ...times }) };
  };
  return rule.slow === undefined ? [expression("errors")] : [expression("errors"), expression("slow")];
}

/** Conditions of a metric in an AnalysisTemplate of Argo Rollouts, which hands the value over as the only result. */
export function argoConditions({ failAt, passAt }: MetricPromql): {
  successCondition: string;
  failureCondition: string;
} {
  return { successCondition: `result[0] <= ${passAt}`, failureCondition: `result[0] >= ${failAt}` };
}

/** What an alarm of CloudWatch needs: `evaluationCriteria` and `evaluationInterval` of a MetricAlarm. */
export function cloudWatchAlarm({ query, failAt }: MetricPromql): {
  evaluationCriteria: { promqlCriteria: { query: string; pendingPeriod: number; recoveryPeriod: number } };
  evaluationInterval: number;
} {
  // A release that is taken back must stay so: the alarm holds for ten minutes.
  const promqlCriteria = { query: `(${query})>=${failAt}`, pendingPeriod: 0, recoveryPeriod: 600 };
  return { evaluationCriteria: { promqlCriteria }, evaluationInterval: 60 };
}

/** The condition of an AlertPolicy of Cloud Monitoring, which Cloud Deploy watches. */
export function cloudMonitoringCondition({ metric, query, failAt }: MetricPromql): {
  displayName: string;
  conditionPrometheusQueryLanguage: { query: string; duration: string; evaluationInterval: string };
} {
  return {
    displayName: metric === "errors" ? "The new version fails more often" : "The new version is slower",
    conditionPrometheusQueryLanguage: { query: `(${query})>=${failAt}`, duration: "0s", evaluationInterval: "60s" },
  };
}

// The parts used here of AnalysisTemplate, argoproj.io/v1alpha1. Source: analysis_types.go of Argo Rollouts 1.9.1, and
// the rules of ValidateMetric in utils/analysis/factory.go.

/** A measurement that is taken again and again. Numbers may be arguments: "{{args.looks}}". */
export interface AnalysisMetric {
  name: string;
  /** Time before the first measurement; without one the first is taken at once. */
  initialDelay?: string;
  interval?: string;
  /** Measurements that end the metric; errors do not count. Without one it runs until the analysis ends. */
  count?: number | string;
  successCondition?: string;
  failureCondition?: string;
  /** Failed measurements that are forgiven; -1: any number, and then consecutiveSuccessLimit must be set. */
  failureLimit?: number;
  inconclusiveLimit?: number;
  consecutiveErrorLimit?: number;
  /** Successful measurements in a row that end the metric. */
  consecutiveSuccessLimit?: number;
  provider: { prometheus: PrometheusProvider };
}

export interface PrometheusProvider {
  /** Without one the controller's own, from its environment. */
  address?: string;
  query: string;
  /** Longest time for an answer, in seconds. */
  timeout: number;
}

/** `AnalysisTemplate.spec`. */
export interface AnalysisTemplateSpec {
  /** An argument without a value is one that every caller gives. */
  args: { name: string; value?: string }[];
  metrics: AnalysisMetric[];
  /** Metrics that decide nothing, by regular expressions of their names. An analysis waits for their end all the same. */
  dryRun: { metricName: string }[];
  /** Measurements that are kept in the run's status, by regular expressions of the metrics' names. */
  measurementRetention: { metricName: string; limit: number }[];
}

/** Time after which Argo repeats a measurement that was an error (DefaultErrorRetryInterval). */
export const ERROR_RETRY_SECONDS = 10;

/** A limit that is never reached: Argo counts in 32 bits. */
export const UNLIMITED = 2_147_483_647;

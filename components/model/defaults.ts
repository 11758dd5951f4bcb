import { Fit, Gate, OnNoData, OnUndecided } from "./release";

/** Every default of the model, said as a user would say it. */
export const defaults = {
  replicas: { count: 1, countInCluster: 2, targetCpuPercent: 70 },
  resources: { cpu: "0.5", memory: "256MiB" },
  probe: { interval: "2s", timeout: "1s", healthyAfter: 3, unhealthyAfter: 3 },
  startTimeout: "60s",
  stopTimeout: "30s",
  stopDelay: "0s",
  volumeSize: "1GiB",
  metrics: { path: "/metrics", durationHistogram: "http_request_duration_seconds" },
  canary: { weights: [10, 25, 50, 75], hold: "300s", gate: Gate.auto },
  blueGreen: { promoteAfter: "0s" },
  rolling: { minReady: "10s" },
  sequential: { alpha: 0.01, beta: 0.05, tolerate: 1, warmUp: "0s", history: "1h", minRequests: 50 },
  threshold: { maxErrorRatio: 0.01, maxTimesOld: 2, minRequests: 50, consecutiveLooks: 3, window: "60s" },
  /** A canary asks for a verdict; the other strategies go by health when there are too few requests for one. */
  onUndecided: { canary: OnUndecided.wait, other: OnUndecided.promote },
  onNoData: OnNoData.wait,
  bake: "300s",
  progressDeadline: "600s",
  fit: Fit.neverExceed,
} as const;

/** Burn rate that uses up 2 % of a 30-day error budget in one hour: the SRE workbook's limit for waking somebody up. */
const fastBurn = 14.4;

/** Share of failed requests that nobody is taken back for when no objective says what is promised. */
const negligible = 0.001;

/** Share of failed requests below which a version is never bad: the error budget, 0.001 without an objective. */
export function defaultIgnoreBelow(availability: number | undefined): number {
  return availability === undefined ? negligible : remainder(availability);
}

/**
 * Error ratio above which a new version is bad when the user does not say: 14.4 times the error budget of the
 * availability objective (https://sre.google/workbook/alerting-on-slos/), but at most 0.01, and never below the
 * budget itself, since a version that keeps the promise is not bad. Without an objective 0.01.
 * So 0.9999 gives 0.00144, 0.999 gives 0.01, 0.95 gives 0.05.
 */
export function defaultMaxErrorRatio(availability: number | undefined): number {
  const usual = defaults.threshold.maxErrorRatio;
  if (availability === undefined) return usual;
  const budget = remainder(availability);
  return Number(Math.max(budget, Math.min(usual, fastBurn * budget)).toPrecision(12));
}

/** 1 − ratio without the dust of binary fractions: 0.95 gives 0.05. */
export function remainder(ratio: number): number {
  return Number((1 - ratio).toPrecision(12));
}

import type { ThresholdRule } from "./plan";

/** The traffic a plan is weighed with. */
export interface Traffic {
  /** Requests per second of the whole service. */
  requestsPerSecond: number;
  /** Share of the old version's requests that fail, 0 to 1. */
  oldErrorRatio: number;
}

/** Chance with which a regression of the named size is found within its step. */
export const FOUND = 0.95;

/**
 * Smallest error ratio of the new version, 0 to 1, that the threshold rule takes back within one step with a chance of
 * at least 95 %; undefined when it sees too few requests there for any. What counts are the requests of the window at
 * the end of the hold: with errors as coin tosses, the number of failures is binomial, and the rule wants it above its
 * limits. That several looks in a row must agree hardly lowers the chance, since their windows overlap.
 */
export function smallestVisibleRatio(
  rule: ThresholdRule,
  { requestsPerSecond, oldErrorRatio }: Traffic,
  step: { weight: number; holdSeconds: number },
): number | undefined {
  const perSecond = (requestsPerSecond * step.weight) / 100;
  const inWindow = perSecond * Math.min(rule.windowSeconds, step.holdSeconds);
  // Below the least number everything since the step began counts.
  const requests = Math.floor(inWindow >= rule.minRequests ? inWindow : perSecond * step.holdSeconds);
  if (requests < rule.minRequests) return undefined;
  const limit = Math.max(rule.maxErrorRatio, rule.maxTimesOld * oldErrorRatio);
  const allowed = Math.floor(limit * requests);
  if (allowed >= requests) return undefined;
  let [low, high] = [limit, 1];
  for (let round = 0; round < 50; round++) {
    const middle = (low + high) / 2;
    if (chanceAbove(allowed, requests, middle) >= FOUND) high = middle;
    else low = middle;
  }
  return high;
}

/** Chance of more than `allowed` failures among `requests` of which each fails with chance `ratio`. */
export function chanceAbove(allowed: number, requests: number, ratio: number): number {
  if (ratio >= 1) return 1;
  if (ratio <= 0) return 0;
  const mean = requests * ratio;
  const deviation = Math.sqrt(mean * (1 - ratio));
  // Far out the sum would be long and its result 0 or 1 to all digits.
  if (allowed < mean - 9 * deviation - 9) return 1;
  if (allowed > mean + 9 * deviation + 9) return 0;
  const odds = Math.log(ratio) - Math.log1p(-ratio);
  let term = requests * Math.log1p(-ratio);
  let below = Math.exp(term);
  for (let failures = 1; failures <= allowed; failures++) {
    term += Math.log((requests - failures + 1) / failures) + odds;
    below += Math.exp(term);
  }
  return Math.max(0, 1 - below);
}

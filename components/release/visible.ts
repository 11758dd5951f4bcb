import { isSequential } from "./judges";
import type { JudgeRule, ThresholdRule } from "./plan";
import { smallestVisibleToTest } from "./sequential/visible";
import type { Traffic } from "./traffic";

/** Chance with which a regression of the named size is found within its step. */
export const FOUND = 0.95;

/** Part of a step that counts: how much traffic for how long. */
interface Share {
  /** Share of the traffic in percent. */
  weight: number;
  holdSeconds: number;
}

/**
 * Smallest error ratio of the new version, 0 to 1, that is taken back within one step with a chance of 95 %; undefined
 * when the judge sees too few requests there for any.
 */
export function smallestVisibleRatio(rule: JudgeRule, traffic: Traffic, step: Share): number | undefined {
  return isSequential(rule) ? smallestVisibleToTest(rule, traffic, step) : smallestVisibleToRule(rule, traffic, step);
}

/**
 * The same for the threshold rule. What counts are the requests of the window at the end of the hold: with errors as
 * coin tosses, the number of failures is binomial, and the rule wants it above its limits. That several looks in a row
 * must agree hardly lowers the chance, since their windows overlap.
 */
function smallestVisibleToRule(
  rule: ThresholdRule,
  { requestsPerSecond, oldErrorRatio }: Traffic,
  step: Share,
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

/** Standard deviation of a count from which on it is taken to be normal, which is right to a fifth of a percent. */
const MANY = 15;

/** Chance of a standard normal number below this (Abramowitz and Stegun 1964, formula 26.2.17, error below 1e-7). */
function normalBelow(value: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(value));
  const sum = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI)) * sum;
  return value > 0 ? 1 - tail : tail;
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
  if (deviation > MANY) return normalBelow((mean - allowed - 0.5) / deviation);
  if (ratio > 0.5) return 1 - chanceAbove(requests - allowed - 1, requests, 1 - ratio);
  const odds = ratio / (1 - ratio);
  let term = (1 - ratio) ** requests;
  let below = term;
  for (let failures = 1; failures <= allowed; failures++) {
    term *= ((requests - failures + 1) / failures) * odds;
    below += term;
  }
  return Math.max(0, 1 - below);
}

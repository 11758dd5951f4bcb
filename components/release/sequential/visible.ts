import type { Traffic } from "../traffic";
import { ALONE_FACTOR, EFFECTS, PRIOR_BURST, type SequentialRule, WEIGHTS } from "./rule";
import { boundariesOf } from "./standing";

/** One-sided 95 % quantile of the normal distribution. */
const QUANTILE = 1.645;

/**
 * Smallest error ratio of the new version, 0 to 1, that the sequential test takes back within one step with a chance of
 * about 95 %, by what is seen in that step alone and with errors that come one by one; undefined when the test sees too
 * few requests there for any. The evidence of one effect is a sum over errors, so that its mean and its variance are
 * those of a compound Poisson variable, and the best effect must carry the mixture over its boundary
 * (Wald 1945, "Sequential tests of statistical hypotheses", section 4, with the variance added).
 */
export function smallestVisibleToTest(
  rule: SequentialRule,
  { requestsPerSecond, oldErrorRatio }: Traffic,
  { weight, holdSeconds }: { weight: number; holdSeconds: number },
): number | undefined {
  const judgedSeconds = Math.max(0, holdSeconds - rule.warmUpSeconds);
  const fresh = (requestsPerSecond * judgedSeconds * weight) / 100;
  const old = requestsPerSecond * judgedSeconds - fresh;
  const { failAt } = boundariesOf(rule);
  const inflation = burstOf(oldErrorRatio * requestsPerSecond * rule.historySeconds);
  const found = (ratio: number) =>
    EFFECTS.some((effect, index) => {
      // Half of the mixture's weight is on requests as trials.
      const boundary = failAt - Math.log((WEIGHTS[index] ?? 0) / 2);

      const [mean, variance] = gainOf(effect, ratio * fresh, fresh, old, oldErrorRatio, rule);
      return (mean - QUANTILE * Math.sqrt(variance * inflation)) / inflation >= boundary;
    });
  // One error more or less decides where a handful of them does.
  let [low, high] = [Math.max(rule.errors.ignoreBelow, rule.tolerate * oldErrorRatio), 1];
  if (!(fresh >= 1) || low >= 1 || !found(high)) return undefined;
  for (let round = 0; round < 50; round++) {
    const middle = (low + high) / 2;
    if (found(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The caution that is left after a history with so many errors. */
function burstOf(errors: number): number {
  return (errors + PRIOR_BURST * PRIOR_BURST) / (errors + PRIOR_BURST);
}

/** Mean and variance of the evidence of one effect. */
function gainOf(
  effect: number,
  bad: number,
  fresh: number,
  old: number,
  oldErrorRatio: number,
  { tolerate, errors }: SequentialRule,
): [mean: number, variance: number] {
  const gain = Math.log(effect);
  if (old === 0) {
    const limit = Math.max(errors.ignoreBelow, ALONE_FACTOR * tolerate * oldErrorRatio);
    return [bad * gain - fresh * limit * (effect - 1), bad * gain * gain];
  }
  const share = fresh / (fresh + old);
  const loss = Math.log((1 + (tolerate * effect - 1) * share) / (1 + (tolerate - 1) * share));
  const oldBad = old * oldErrorRatio;
  return [bad * (gain - loss) - oldBad * loss, bad * (gain - loss) ** 2 + oldBad * loss ** 2];
}

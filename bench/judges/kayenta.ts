import { RELEASE_SECONDS } from "./grid";
import { mannWhitney, TiedError } from "./mann-whitney";
import { type Outcome, type Totals, within } from "./outcome";
import type { Random } from "./random";

/** What Kayenta's classifier says of one metric whose increase is bad. */
export type Classification = "pass" | "high" | "nodata" | "error";

/** Settings of the classifier. */
export interface Classifier {
  /** Share of the estimate that the lower end of the interval must exceed. */
  tolerance: number;
  /** Normal quantile of the two-sided confidence interval. */
  quantile: number;
  /** Smallest mean ratio that counts as an increase. */
  allowedIncrease: number;
}

/** As the judge of Kayenta sets it: 98 %, and any increase counts. */
export const KAYENTA: Classifier = { tolerance: 0.25, quantile: 2.3263478740408408, allowedIncrease: 1 };

const NOISE = 1e-5;
const MINUTE = 60;
const JUDGED_EVERY_SECONDS = 300;

/**
 * Kayenta's Mann-Whitney classifier with direction "increase" and NaN removed (spinnaker/kayenta,
 * MannWhitneyClassifier.scala and NetflixACAJudge.scala at a69573b). Two constant samples get normal noise of 1e-5 of
 * their value. The mean ratio is left out of account where one mean is zero.
 */
export function classify(
  canary: readonly number[],
  baseline: readonly number[],
  { tolerance, quantile, allowedIncrease }: Classifier,
  random: Random,
): Classification {
  if (canary.length === 0 || baseline.length === 0) return "nodata";
  if (sameValues(canary, baseline)) return "pass";
  const [first = 0] = canary;
  const constant = (values: readonly number[]) => values.every((value) => value === values[0]);
  if (constant(canary) && constant(baseline) && first === baseline[0]) return "pass";
  const noisy = constant(canary) && constant(baseline);
  const noise = (values: readonly number[]) =>
    noisy ? values.map((value) => value + random.normal() * value * NOISE) : values;
  const [x, y] = [noise(canary), noise(baseline)];
  try {
    const { low, estimate } = mannWhitney(x, y, quantile);
    const [meanX, meanY] = [mean(x), mean(y)];
    const effect = meanX === 0 || meanY === 0 ? Number.NaN : meanX / meanY;
    return low > tolerance * Math.abs(estimate) && !(effect < allowedIncrease) ? "high" : "pass";
  } catch (error) {
    if (error instanceof TiedError) return "error";
    throw error;
  }
}

/**
 * Judges the share of bad requests as one critical metric: a point a minute, judged every five minutes over all points
 * so far. High and missing data score 0 and end the canary; a failed classification is neither. The series is in
 * percent, as in Kayenta's own tests: its root finder stops at 1e-4 whatever the unit.
 */
export function kayenta(totals: Totals, waitSeconds: number, random: Random): Outcome {
  const canary: number[] = [];
  const baseline: number[] = [];
  for (let at = waitSeconds + MINUTE; at <= RELEASE_SECONDS; at += MINUTE) {
    const point = (bad: Float64Array, total: Float64Array, series: number[]) => {
      const percent = (100 * within(bad, at - MINUTE, at)) / within(total, at - MINUTE, at);
      if (!Number.isNaN(percent)) series.push(percent);
    };
    point(totals.newBad, totals.newTotal, canary);
    point(totals.oldBad, totals.oldTotal, baseline);
    if ((at - waitSeconds) % JUDGED_EVERY_SECONDS !== 0 && at !== RELEASE_SECONDS) continue;
    const label = classify(canary, baseline, KAYENTA, random);
    if (label === "high" || label === "nodata") return { rolledBackAt: at };
  }
  return {};
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function sameValues(one: readonly number[], two: readonly number[]): boolean {
  if (one.length !== two.length) return false;
  const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
  const other = sorted(two);
  return sorted(one).every((value, index) => value === other[index]);
}

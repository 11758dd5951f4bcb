import { type Dispersion, type Inflation, inflation } from "./dispersion";
import {
  ALONE_FACTOR,
  type BadLimits,
  DETECTED,
  EFFECTS,
  LARGEST_EXPONENT,
  LEAST_EVIDENCE,
  PASS_FACTOR,
  PRIOR_BURST,
  type SequentialRule,
  WEIGHTS,
} from "./rule";

/** Requests of one kind, and the bad ones among them. */
export interface Tally {
  bad: number;
  total: number;
}

/** What speaks for and against the new version, as running sums: each slot costs the same. Plain JSON. */
export interface Evidence {
  /** Log-likelihood ratio of each of EFFECTS when every bad request is one trial. */
  requests: number[];
  /** The same when all bad requests of a slot are one trial together. */
  slots: number[];
  /** The new version in slots in which the old one had no request. */
  alone: Tally;
  /** The new version in all slots that were judged. */
  judged: Tally;
}

export const noEvidence: Evidence = {
  requests: EFFECTS.map(() => 0),
  slots: EFFECTS.map(() => 0),
  alone: { bad: 0, total: 0 },
  judged: { bad: 0, total: 0 },
};

/**
 * Adds a slot. Given that x requests of a slot were bad in both versions, and that the new one had the share w of all
 * requests, each bad one is the new version's with chance wθ / (1 − w + wθ) when it fails θ times as often. So the
 * unknown ratio itself drops out, and with it load, changes of weight and incidents that hit both: the conditional test
 * of two Poisson means (Przyborowski and Wilenski 1940), as a sequential likelihood ratio (Wald 1945). Its exponential
 * is a test martingale when θ = tolerate, and falls in the mean when the new version is better.
 *
 * All bad requests of a slot as one trial, x in place of 1: by convexity that is a test martingale however the bad
 * requests of a slot hang together, since the new version's expected part of them is w in any case.
 */
export function gather(before: Evidence, fresh: Tally, old: Tally, { tolerate }: SequentialRule): Evidence {
  const judged = { bad: before.judged.bad + fresh.bad, total: before.judged.total + fresh.total };
  if (old.total === 0) {
    const alone = { bad: before.alone.bad + fresh.bad, total: before.alone.total + fresh.total };
    return { ...before, alone, judged };
  }
  const bad = fresh.bad + old.bad;
  if (bad === 0) return { ...before, judged };
  const share = fresh.total / (fresh.total + old.total);
  const gain = EFFECTS.map(
    (effect) =>
      fresh.bad * Math.log(effect) -
      bad * Math.log((1 + (tolerate * effect - 1) * share) / (1 + (tolerate - 1) * share)),
  );
  return {
    requests: before.requests.map((sum, index) => sum + (gain[index] ?? 0)),
    slots: before.slots.map((sum, index) => sum + (gain[index] ?? 0) / bad),
    alone: before.alone,
    judged,
  };
}

/** What the evidence comes to. Natural logarithms. */
export interface Weight {
  /**
   * Above 0 the evidence against the new version; from `failAt` on it fails. Its exponential is the odds against chance.
   * Below 0 the evidence for it; from `passAt` down it passes. 0: nothing is known.
   */
  logLikelihoodRatio: number;
  /** Evidence that it does not fail twice as often as tolerated. */
  relative: number;
  /** Evidence that its share of bad requests stays below `sloMax`. */
  absolute: number;
  inflation: Inflation;
}

/** Weighs the evidence as it stands. */
export function weigh(
  { evidence, dispersion, old }: { evidence: Evidence; dispersion: Dispersion; old: Tally },
  { tolerate, minRequests }: SequentialRule,
  { ignoreBelow, sloMax }: BadLimits,
): Weight {
  const found = inflation(dispersion);
  const { burst, all, caution } = found;
  const { alone, judged } = evidence;
  // The most that the old version's share may be, as far as its requests tell; too few of them tell nothing.
  const limit =
    old.total < minRequests
      ? undefined
      : Math.max(ignoreBelow, (ALONE_FACTOR * tolerate * (old.bad + PRIOR_BURST)) / old.total);
  const terms = EFFECTS.flatMap((effect, index): WeightedPower[] => {
    // For requests that came without any of the old version beside them.
    const gain = limit === undefined ? 0 : poissonGain(effect, alone.bad, alone.total * limit);
    const { requests, slots } = evidence;
    const weight = (WEIGHTS[index] ?? 0) / 2;
    return [
      [weight, ((requests[index] ?? 0) + gain) / all],
      [weight, ((slots[index] ?? 0) * burst + gain) / all],
    ];
  });
  const bearable = judged.total === 0 || judged.bad / judged.total < ignoreBelow;
  const against = bearable ? 0 : noted(meanOfPowers(terms));
  const relative = (-(evidence.requests[DETECTED] ?? 0) * caution) / all;
  const absolute = ((judged.total * fewer(sloMax) - judged.bad * perBad(sloMax)) * caution) / all;
  const halves: WeightedPower[] = [
    [1 / 2, relative],
    [1 / 2, absolute],
  ];
  const inFavour = old.total === 0 ? 0 : noted(meanOfPowers(halves));
  return { logLikelihoodRatio: against > 0 ? against : 0 - inFavour, relative, absolute, inflation: found };
}

const noted = (evidence: number) => (evidence > LEAST_EVIDENCE ? evidence : 0);

/**
 * Likelihood ratio of a share of sloMax/PASS_FACTOR against one of sloMax, for each request and for each bad one:
 * Wald's test of two shares.
 */
export const fewer = (sloMax: number): number => Math.log1p(-sloMax / PASS_FACTOR) - Math.log1p(-sloMax);
export const perBad = (sloMax: number): number => Math.log(PASS_FACTOR) + fewer(sloMax);

/** Log-likelihood ratio of a Poisson mean `effect` times the expected one, for so many bad requests. */
export const poissonGain = (effect: number, bad: number, expected: number): number =>
  bad * Math.log(effect) - expected * (effect - 1);

type WeightedPower = readonly [weight: number, exponent: number];

/** ln of the weighted mean of e to each of these. */
export function meanOfPowers(powers: readonly WeightedPower[]): number {
  return Math.log(
    powers.reduce((sum, [weight, exponent]) => sum + weight * Math.exp(Math.min(LARGEST_EXPONENT, exponent)), 0),
  );
}

import type { Counts, Verdict } from "../judge";
import type { Dispersion } from "./dispersion";
import { type Evidence, type Tally, type Weight, weigh } from "./evidence";
import { type BadLimits, type SequentialRule, USED_ALPHA } from "./rule";

/** One kind of bad request: how it comes in the old version, and what it says about the new one. */
export interface MetricState {
  /** The old version before the new one's first request. */
  dispersion: Dispersion;
  /** The old version in all slots. */
  old: Tally;
  evidence: Evidence;
}

/** What the sequential test remembers; as long as this whatever the length of a release. */
export interface SequentialState {
  /** End of the newest slot seen. */
  at: number | null;
  /** End of the slot with the new version's first requests. */
  firstAt: number | null;
  /** Requests of both versions in the slots that were judged. */
  seen: { new: Counts; old: Counts };
  errors: MetricState;
  slow: MetricState;
}

/** Where a release stands. Logarithms are natural. */
export interface Standing {
  decision: Verdict["decision"];
  /** Above 0 the evidence against the new version, below 0 the evidence for it: that of its worst metric. */
  logLikelihoodRatio: number;
  /** The new version is taken back from here on. */
  failAt: number;
  /** It passes from here on, a number below 0. */
  passAt: number;
  errors: Weight;
  slow?: Weight;
}

/** Where a release stands by what was seen so far. */
export function standingOf(rule: SequentialRule, state: SequentialState): Standing {
  const weightOf = (metric: MetricState, limits: BadLimits) => weigh(metric, rule, limits);
  const errors = weightOf(state.errors, rule.errors);
  const slow = rule.slow === undefined ? undefined : weightOf(state.slow, rule.slow);
  const ratio = Math.max(errors.logLikelihoodRatio, slow?.logLikelihoodRatio ?? Number.NEGATIVE_INFINITY);
  const { failAt, passAt } = boundariesOf(rule);
  const decision = ratio >= failAt ? "fail" : ratio <= passAt ? "pass" : "undecided";
  return { decision, logLikelihoodRatio: ratio, failAt, passAt, errors, ...(slow && { slow }) };
}

/** Where a metric decides. Several metrics share alpha equally (Bonferroni), however they depend on each other. */
export function boundariesOf({ alpha, beta, slow }: SequentialRule): { failAt: number; passAt: number } {
  const metrics = slow === undefined ? 1 : 2;
  return { failAt: Math.log(metrics / (USED_ALPHA * alpha)), passAt: Math.log(beta) };
}

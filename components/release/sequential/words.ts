import type { Counts } from "../judge";
import { percent } from "../percent";
import type { SequentialRule } from "./rule";
import type { SequentialState, Standing } from "./standing";

/**
 * A verdict in one sentence for whoever is on call: the counts first, then what they mean. "It" is the new version.
 */
export function describe(rule: SequentialRule, state: SequentialState, standing: Standing): string {
  const { seen, firstAt, at } = state;
  if (firstAt === null) return "it has answered no request yet";
  if (at !== null && at < firstAt + rule.warmUpSeconds) {
    return `it warms up: what it answers in its first ${amount(rule.warmUpSeconds)} s is not judged`;
  }
  const failed = shares("failed", seen.new, seen.old, "bad", "total");
  const parts =
    rule.slow === undefined ? [failed] : [failed, shares("were too slow", seen.new, seen.old, "slow", "timed")];
  if ((standing.slow?.logLikelihoodRatio ?? Number.NEGATIVE_INFINITY) > standing.errors.logLikelihoodRatio)
    parts.reverse();
  return `${parts.join("; ")}; ${meaning(rule, state, standing)}`;
}

function meaning(rule: SequentialRule, state: SequentialState, standing: Standing): string {
  const { decision, logLikelihoodRatio: ratio, failAt, passAt } = standing;
  if (decision === "fail") {
    // Ville's inequality read backwards: e^Λ releases of equal versions reach this once.
    return `by chance that happens in fewer than 1 of ${odds(ratio, failAt, rule.alpha)} releases`;
  }
  if (decision === "pass") {
    const limit = rule.slow === undefined ? `${percent(rule.errors.sloMax, 1)}` : "the limits";
    return standing.errors.relative >= -passAt
      ? "twice as many would have shown by now"
      : `it is surely below ${limit}`;
  }
  const { old, evidence } = state.errors;
  if (old.total === 0) return "the old version has no requests to compare it with";
  if (old.total < rule.minRequests && evidence.alone.total > 0 && evidence.alone.total === evidence.judged.total)
    return `the old version's ${amount(old.total)} requests are too few to compare it with`;
  if (rule.slow !== undefined && state.slow.evidence.judged.total === 0)
    return "how long its requests take is not known";
  if (rule.slow !== undefined && state.slow.old.total === 0)
    return "how long the old version's requests take is not known";
  const needed = `${amount(failAt)} take it back`;
  if (ratio > 0) return `the evidence against it is ${amount(ratio)}, ${needed}`;
  return `too few to be sure (evidence for it ${amount(Math.abs(ratio))} of ${amount(-passAt)})`;
}

function shares(what: string, fresh: Counts, old: Counts, part: "bad" | "slow", whole: "total" | "timed"): string {
  const [bad, total, oldBad, oldTotal] = [fresh[part] ?? 0, fresh[whole] ?? 0, old[part] ?? 0, old[whole] ?? 0];
  const ours = `${percent(bad, total)} of its ${amount(total)} request${total === 1 ? "" : "s"} ${what}`;
  return oldTotal === 0 ? ours : `${ours}, ${percent(oldBad, oldTotal)} of the old version's ${amount(oldTotal)}`;
}

const decimal = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const rounded = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 2 });

const amount = (count: number) => decimal.format(count);
/** Releases of equal versions until one looks like this; at the boundary 1/alpha. */
const odds = (ratio: number, failAt: number, alpha: number) => {
  const releases = Math.exp(ratio - failAt) / alpha;
  return releases > 1e8 ? "a hundred million" : rounded.format(Math.floor(releases));
};

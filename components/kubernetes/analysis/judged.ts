import { isSequential } from "../../release/judges";
import type { ReleasePlan } from "../../release/plan";
import { releasePromql } from "../../release/sequential/evaluators";
import { labelled, number, union } from "../../release/sequential/promql-text";
import { CODES } from "./decision";
import type { JudgedPromql } from "./judged-promql";
import type { ReleaseSelectors } from "./selectors";
import { thresholdPromql } from "./threshold-promql";

/** Times in seconds. */
export interface JudgedTimes {
  scrapeSeconds: number;
  /** Longest time from the new version's first request to the last look. */
  rolloutSeconds: number;
  lookSeconds: number;
}

/** The rule of a plan over the counters of both versions. Latency is judged where they tell it. */
export function judgedPromql(
  { rule }: Pick<ReleasePlan, "rule">,
  { canary, stable }: ReleaseSelectors,
  { scrapeSeconds, rolloutSeconds, lookSeconds }: JudgedTimes,
): JudgedPromql {
  const timed = canary.slow !== undefined && stable.slow !== undefined;
  if (!isSequential(rule)) {
    const metrics = [{ canary: canary.errors, stable: stable.errors, maxRatio: rule.maxErrorRatio }];
    if (rule.maxSlowRatio !== undefined && canary.slow !== undefined && stable.slow !== undefined) {
      metrics.push({ canary: canary.slow, stable: stable.slow, maxRatio: rule.maxSlowRatio });
    }
    return thresholdPromql({ rule, metrics, scrapeSeconds, lookbackSeconds: rolloutSeconds, lookSeconds });
  }
  const { slow, ...rest } = rule;
  const judged = slow !== undefined && timed ? rule : rest;
  const times = { scrapeSeconds, rolloutSeconds, longest: Number.POSITIVE_INFINITY };
  const metrics = releasePromql({ rule: judged, canary, stable, ...times });
  const [errors] = metrics;
  if (errors === undefined) throw new RangeError("a release has no metric to be judged by.");
  const { failAt, passAt } = errors;
  return {
    evidence:
      metrics.length === 1
        ? errors.query
        : `max(${union(metrics.map(({ metric, query }) => labelled(query, "q", metric)))})`,
    enough: metrics.map(({ enoughQuery }) => enoughQuery).join("*"),
    failAt,
    suspectAt: failAt / 2,
    passAt,
  };
}

/**
 * Where a release stands as one number, see CODES and standingOf. The evidence, which is long, is in there once: the
 * number of limits that it has reached, of which the first is below every number.
 */
export function standingPromql(judged: JudgedPromql, arriving: readonly string[]): string {
  const { evidence, enough, failAt, suspectAt, passAt } = judged;
  const limits = [Number.NEGATIVE_INFINITY, passAt === undefined ? Number.NEGATIVE_INFINITY : above(passAt)];
  const reached = [...limits, suspectAt, failAt].map((limit, index) =>
    labelled(`vector(${promNumber(limit)})`, "l", String(index)),
  );
  const there = arriving.map((expression) => `(count(${expression})>bool 0 or vector(0))`).join("*");
  return `sum(${union(reached)}<=bool scalar(${evidence}))+${CODES.tooFew}*(1-${enough})+${CODES.noData}*(1-${there})`;
}

/** The next number: what is at most `value` is below it. */
function above(value: number): number {
  const bits = new BigInt64Array(new Float64Array([value]).buffer);
  bits[0] = (bits[0] ?? 0n) + (value < 0 ? -1n : 1n);
  return new Float64Array(bits.buffer)[0] ?? value;
}

const promNumber = (value: number) => (value === Number.NEGATIVE_INFINITY ? "-Inf" : number(value));

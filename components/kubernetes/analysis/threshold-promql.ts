import type { ThresholdRule } from "../../release/plan";
import type { CounterSelectors, Rates } from "../../release/sequential/promql-rates";
import { judgedRates } from "../../release/sequential/promql-rates";
import { labelled, number, subquery, union } from "../../release/sequential/promql-text";
import type { JudgedPromql } from "./judged-promql";

/** What the threshold rule is written from. */
export interface ThresholdInput {
  rule: ThresholdRule;
  /** Counters of both versions: of failed requests, and with a latency objective of slow ones. */
  metrics: { canary: CounterSelectors; stable: CounterSelectors; maxRatio: number }[];
  scrapeSeconds: number;
  /** Time that counts as everything since the release began. */
  lookbackSeconds: number;
  /** Time between two looks. */
  lookSeconds: number;
}

/**
 * The threshold rule as PromQL, see thresholdJudge. It has no memory, so that a row of bad looks is asked for anew: the
 * evidence is the part of the last looks, so many as `consecutiveLooks`, that were bad, and 0 when the last was not.
 *
 * Two things differ from the judge of a Docker host: a look without requests in between ends a row where those of the
 * window are gone, and errors and slow requests each go by their own requests.
 */
export function thresholdPromql(input: ThresholdInput): JudgedPromql {
  const { rule, metrics, lookSeconds } = input;
  const parts = metrics.map((metric) => partOf(input, metric));
  const failing = parts.length === 1 ? (parts[0]?.failing ?? "") : `max(${each(parts.map((part) => part.failing))})`;
  const looks = rule.consecutiveLooks;
  const row = `sum_over_time((${failing})${subquery(looks * lookSeconds, lookSeconds)})/${looks}`;
  return {
    evidence: `(${failing})*${row}`,
    enough: parts.map((part) => part.enough).join("*"),
    // Between two numbers of looks, which are whole ones.
    failAt: 1 - 1 / (2 * looks),
    suspectAt: 1 / (2 * looks),
  };
}

const each = (parts: readonly string[]) => union(parts.map((part, index) => labelled(part, "q", String(index))));

function partOf(
  { rule, scrapeSeconds, lookbackSeconds }: ThresholdInput,
  { canary, stable, maxRatio }: ThresholdInput["metrics"][number],
): { failing: string; enough: string } {
  const judged = judgedRates({ canary, stable, scrapeSeconds, lookbackSeconds, warmUpSeconds: 0 });
  const sums = ({ bad, total }: Rates, seconds: number): Rates => {
    const sum = (rate: string) =>
      `round(${number(scrapeSeconds)}*sum_over_time(${rate}${subquery(seconds, scrapeSeconds)}))`;
    return { bad: sum(bad), total: sum(total) };
  };
  const recent = { fresh: sums(judged.canary, rule.windowSeconds), old: sums(judged.stable, rule.windowSeconds) };
  const all = { fresh: sums(judged.canary, lookbackSeconds), old: sums(judged.stable, lookbackSeconds) };
  const filled = `${recent.fresh.total}>=${rule.minRequests}`;
  const beside = `${filled} and ${recent.old.total}>=${rule.minRequests}`;
  // What the window holds where it is filled, otherwise everything.
  const either = (window: string, condition: string, whole: string) => `(${window} and ${condition} or ${whole})`;
  const total = either(recent.fresh.total, filled, all.fresh.total);
  const bad = either(recent.fresh.bad, filled, all.fresh.bad);
  const oldTotal = either(recent.old.total, beside, all.old.total);
  const oldBad = either(recent.old.bad, beside, all.old.bad);
  const worse = `(${bad}*clamp_min(${oldTotal},1)>bool ${number(rule.maxTimesOld)}*${oldBad}*${total})`;
  const alone = `(${oldTotal}==bool 0)`;
  return {
    failing: `(${total}>=bool ${rule.minRequests})*(${bad}>bool ${number(maxRatio)}*${total})*clamp_max(${alone}+${worse},1)`,
    enough: `(${total}>=bool ${rule.minRequests})`,
  };
}

import { duration, number, subquery } from "./promql-text";

/**
 * Selectors of counters of one version, as they stand in PromQL: `http_requests_total{revision="12"}`. Exactly one of
 * bad and good.
 */
export interface CounterSelectors {
  /** All requests. */
  total: string;
  /** Those that count against a version: server errors. */
  bad?: string;
  /** Those that do not: a bucket of a histogram counts the requests that were fast enough. */
  good?: string;
  /**
   * Series that are there exactly while copies of the version are: `kube_pod_info{pod=~"shop-7d4b9c-.+"}`. For counters
   * that outlive versions, such as a router's of a Service: what they gained at other times was another version's.
   */
  presence?: string;
}

/** Requests of one version in one slot as PromQL, per second. Always one element. */
export interface Rates {
  bad: string;
  total: string;
}

/**
 * Rates of one version in one slot; no series, and no number, are no requests. What is summed is made a count. A version
 * without the counter of good requests has none either: all of them would be bad, or none, and neither is known.
 */
export function rates({ bad, good, total, presence }: CounterSelectors, scrapeSeconds: number): Rates {
  const range = duration(2 * scrapeSeconds - 0.001);
  const sum = (selector: string) => `sum(irate(${selector}[${range}]))`;
  if ((bad === undefined) === (good === undefined)) {
    const got = bad === undefined ? "neither" : "both";
    throw new RangeError(`the selectors must have exactly one of bad and good (got ${got}). Name one of them.`);
  }
  const failed = good === undefined ? sum(bad ?? "") : `${sum(total)}-${sum(good)}`;
  const there = presence === undefined ? "" : ` and on()${presence}`;
  const known = good === undefined ? "" : ` and on()${good}>=0`;
  return { bad: `(${failed}>=0${there} or vector(0))`, total: `(${sum(total)}>=0${known}${there} or vector(0))` };
}

/** Only what came after the new version's warm-up. */
export function warmed(
  counted: Rates,
  { total, presence }: CounterSelectors,
  warmUpSeconds: number,
  window: string,
): Rates {
  if (warmUpSeconds === 0) return counted;
  const before = `offset ${duration(warmUpSeconds)}`;
  // A counter that outlives versions does not begin with the new one.
  const had = presence === undefined ? `sum(${total} ${before})` : `sum_over_time(${counted.total}${window} ${before})`;
  const warm = `(${had}>bool 0 or vector(0))`;
  return { bad: `(${counted.bad}*${warm})`, total: `(${counted.total}*${warm})` };
}

/** What counts are asked for. */
export interface CountsInput {
  canary: CounterSelectors;
  stable: CounterSelectors;
  scrapeSeconds: number;
  /** Time the counts are taken over. */
  lookbackSeconds: number;
  warmUpSeconds: number;
}

/** Rates of both versions in the slots that are judged: all since the new version's first request and its warm-up. */
export function judgedRates(input: CountsInput): { canary: Rates; stable: Rates } {
  const { canary, stable, scrapeSeconds, lookbackSeconds, warmUpSeconds } = input;
  const window = subquery(lookbackSeconds, scrapeSeconds);
  const [fresh, old] = [rates(canary, scrapeSeconds), rates(stable, scrapeSeconds)];
  const began = `(sum_over_time(${fresh.total}${window}${warmUpSeconds === 0 ? "" : ` offset ${duration(warmUpSeconds)}`})>bool 0 or vector(0))`;
  return {
    canary: warmed(fresh, canary, warmUpSeconds, window),
    stable: { bad: `(${old.bad}*${began})`, total: `(${old.total}*${began})` },
  };
}

/** Requests of both versions in the slots that are judged, as expressions with one value each. */
export interface CountsPromql {
  canary: Rates;
  stable: Rates;
}

/** How many requests a verdict rests on, and how many of them were bad. */
export function countsPromql(input: CountsInput): CountsPromql {
  const { scrapeSeconds, lookbackSeconds } = input;
  const count = (rate: string) =>
    `round(${number(scrapeSeconds)}*sum_over_time(${rate}${subquery(lookbackSeconds, scrapeSeconds)}))`;
  const { canary, stable } = judgedRates(input);
  const both = ({ bad, total }: Rates): Rates => ({ bad: count(bad), total: count(total) });
  return { canary: both(canary), stable: both(stable) };
}

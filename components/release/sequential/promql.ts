import { fewer, perBad } from "./evidence";
import { type CounterSelectors, rates, warmed } from "./promql-rates";
import { duration, labelled, number, numbered, subquery, union } from "./promql-text";
import {
  ALONE_FACTOR,
  type BadLimits,
  BLOCKS,
  DETECTED,
  EFFECTS,
  LARGEST_EXPONENT,
  LEAST_EVIDENCE,
  PRIOR_BURST,
  type SequentialRule,
  SPELL_WEIGHT,
  WEIGHTS,
} from "./rule";
import { disjoint } from "./selectors";
import { boundariesOf } from "./standing";

/** One metric to be judged. */
export interface PromqlInput {
  rule: SequentialRule;
  /** Limits of this metric: `rule.errors`, or `rule.slow`. */
  limits: BadLimits;
  canary: CounterSelectors;
  stable: CounterSelectors;
  /** Time between two scrapes of either version, above 0. */
  scrapeSeconds: number;
  /** Longest time from the new version's first request to the last look. */
  rolloutSeconds: number;
  /** Time the evidence is taken over. Defaults to `rolloutSeconds`. */
  lookbackSeconds?: number;
  /** Longest expression, in characters. Defaults to what the strictest evaluator takes. */
  longest?: number;
}

/** What an evaluator needs. */
export interface SequentialPromql {
  /** An expression with one value, always: above 0 evidence against the new version, below 0 for it. */
  query: string;
  /**
   * 1 when a gate may open that asks for no verdict: requests enough of both versions, and not half of the evidence that
   * takes a version back; otherwise 0.
   */
  gateQuery: string;
  /** 1 with requests enough of both versions; otherwise 0. Half of what `gateQuery` asks for. */
  enoughQuery: string;
  /** The new version is taken back at this value and above. */
  failAt: number;
  /** It passes at this value and below. */
  passAt: number;
}

/** Longest expression that the strictest evaluator takes: an alarm of CloudWatch. */
export const LONGEST_QUERY = 10_000;

/**
 * The sequential test as one PromQL expression: the same sums, the same inflation, the same mixture as the judge in
 * judge.ts, evaluated over everything since the new version came, so that it needs no state. It is made of functions
 * that Prometheus has had since 2.7, without `@`, for those who evaluate it elsewhere.
 *
 * PromQL has no names for parts of an expression, and what is said twice is evaluated twice. So values that belong
 * together are one vector told apart by a label: the evidence by effect and way of counting, the sums of the dispersion
 * by block and moment. A matrix times a vector is then a multiplication and a sum.
 *
 * Increments are those between two scrapes (`irate`, times the interval): `increase` would extrapolate, and turn whole
 * requests into fractions. Ranges end a millisecond early: Prometheus 2 takes both ends of a range, Prometheus 3 one.
 * @throws RangeError when the lookback is shorter than the rollout, when selectors may match both versions, or when the
 * expression gets too long.
 */
export function sequentialPromql(input: PromqlInput): SequentialPromql {
  const {
    rule,
    limits,
    canary,
    stable,
    scrapeSeconds,
    rolloutSeconds,
    lookbackSeconds = rolloutSeconds,
    longest = LONGEST_QUERY,
  } = input;
  if (!(scrapeSeconds > 0)) throw new RangeError(`scrapeSeconds must be above 0 (got ${scrapeSeconds}).`);
  if (!(lookbackSeconds >= rolloutSeconds)) {
    throw new RangeError(
      `lookbackSeconds is shorter than the rollout of ${rolloutSeconds} s (got ${lookbackSeconds}). Give at least ${rolloutSeconds}.`,
    );
  }
  for (const part of ["total", "bad", "good"] as const) {
    const [fresh, old] = [canary[part], stable[part]];
    if (fresh !== undefined && old !== undefined) disjoint(fresh, old);
  }
  const window = subquery(lookbackSeconds, scrapeSeconds);
  // What came before the release, as far as one can know without being told when it began.
  const past = (slots: number) =>
    `${subquery(rule.historySeconds, slots * scrapeSeconds)} offset ${duration(lookbackSeconds)}`;
  const everything = subquery(rule.historySeconds + lookbackSeconds, scrapeSeconds);
  const { bad: xs, total: ns } = rates(stable, scrapeSeconds);
  const { bad: xc, total: nc } = warmed(rates(canary, scrapeSeconds), canary, rule.warmUpSeconds, window);
  const seconds = number(scrapeSeconds);
  const inWindow = (expression: string) => `sum_over_time((${expression})${window})`;

  const oldBad = `${seconds}*sum_over_time(${xs}${past(1)})`;
  const oldTotal = `${seconds}*sum_over_time(${ns}${past(1)})`;
  const seenTotal = `${seconds}*sum_over_time(${ns}${everything})`;
  const inflated = dispersion(xs, ns, oldBad, oldTotal, scrapeSeconds, past);
  const caution = `(1+${PRIOR_BURST * PRIOR_BURST - PRIOR_BURST}/(${oldBad}+${PRIOR_BURST}))`;
  const scales = union([
    labelled(`vector(${seconds})`, "w", WAYS.requests),
    labelled(`max(${inflated("burst")})`, "w", WAYS.slots),
    labelled(`-${seconds}*${caution}`, "w", WAYS.relative),
  ]);
  const usual = `${number(ALONE_FACTOR * rule.tolerate)}*(${seconds}*sum_over_time(${xs}${everything})+${PRIOR_BURST})/clamp_min(${seenTotal},1)`;
  const limit = `clamp_min(${usual},${number(limits.ignoreBelow)})`;
  // The row of the doubling has effect 1, of which no request tells anything.
  const effects = numbered([...EFFECTS, 1]);
  const without = `*(${ns}==bool 0)`;
  const gain =
    `(ln(${effects})*scalar(${inWindow(xc + without)})` +
    `-(${effects}-1)*scalar(${inWindow(nc + without)}*${limit}))` +
    `*scalar(${seconds}*(${seenTotal}>=bool ${rule.minRequests}))`;
  const sums = inWindow(gains(xc, nc, xs, ns, rule.tolerate, scrapeSeconds));
  const absolute = inWindow(`${number(fewer(limits.sloMax))}*${nc}-${number(perBad(limits.sloMax))}*${xc}`);
  const evidence = union([
    `(${sums}*on(w)group_left()${scales}+on(e)group_left()(${gain}))`,
    labelled(`${seconds}*${caution}*${absolute}`, "w", WAYS.absolute),
  ]);
  const powers = `exp(clamp_max(${evidence}/scalar(max(${inflated("all")})),${LARGEST_EXPONENT}))`;
  // The mean over the rows of each side: one side for the new version, one against it.
  const mean = `ln(sum by(s)(label_replace(${powers},"s","$1","w","(.).")*on(e)group_left()${ROW_WEIGHTS}))`;
  const ratio = `sum_over_time(${xc}${window})/sum_over_time(${nc}${window})`;
  const signs = union([
    labelled(`(${ratio}>=bool ${number(limits.ignoreBelow)})>0`, "s", AGAINST),
    labelled(`(${seenTotal}>bool 0)*-1<0`, "s", FOR),
  ]);
  const query = `max((${mean}>${LEAST_EVIDENCE})*on(s)${signs})or vector(0)`;
  const boundaries = boundariesOf(rule);
  const enough = `(${seconds}*${inWindow(nc)}>=bool ${rule.minRequests})*(${seenTotal}>=bool ${rule.minRequests})`;
  const gateQuery = `((${query})<bool ${boundaries.failAt / 2})*${enough}`;
  if (query.length > longest) {
    throw new RangeError(
      `the expression is longer than ${longest} characters (got ${query.length}). Shorten the selectors, or record them under short names.`,
    );
  }
  return { query, gateQuery, enoughQuery: enough, ...boundaries };
}

/** Sides of the evidence, and its rows: the first letter of a row is its side. */
const AGAINST = "a";
const FOR = "f";
const WAYS = { requests: "ar", slots: "as", relative: "fr", absolute: "fa" };
/** Weights of the rows in the mean of their side, by effect; two ways of counting, and two rows for the new version. */
const ROW_WEIGHTS = union([
  ...EFFECTS.map((effect, index) => labelled(`vector(${(WEIGHTS[index] ?? 0) / 2})`, "e", number(effect))),
  labelled("vector(0.5)", "e", "1"),
  "vector(0.5)",
]);

/** What a slot says, by effect and way of counting: `gather` of evidence.ts. */
function gains(xc: string, nc: string, xs: string, ns: string, tolerate: number, scrapeSeconds: number): string {
  const doubling = labelled(labelled(`vector(${EFFECTS[DETECTED]})`, "e", "1"), "w", WAYS.relative);
  const effects = `(${[WAYS.requests, WAYS.slots].map((way) => labelled(numbered(EFFECTS), "w", way)).join(" or ")} or ${doubling})`;
  // A request in one slot, as a rate.
  const one = `1/${number(scrapeSeconds)}`;
  const share = `scalar(${nc}/clamp_min(${nc}+${ns},${one}))`;
  const tolerated = tolerate === 1 ? "" : `/(1+${number(tolerate - 1)}*${share})`;
  const expected = `ln((1+(${number(tolerate)}*${effects}-1)*${share})${tolerated})`;
  const trials = union([
    labelled("vector(1)", "w", WAYS.requests),
    labelled(`clamp_min(${xc}+${xs},${one})`, "w", WAYS.slots),
    labelled("vector(1)", "w", WAYS.relative),
  ]);
  // Beside no old version a comparison says nothing.
  return (
    `(ln(${effects})*scalar(${xc})-${expected}*scalar(${xc}+${xs}))` +
    `*scalar(${ns}>bool 0)/on(w)group_left()${trials}`
  );
}

/** Inflation of the variance, as candidates of which the largest counts: `inflation` of dispersion.ts. */
function dispersion(
  xs: string,
  ns: string,
  oldBad: string,
  oldTotal: string,
  scrapeSeconds: number,
  past: (slots: number) => string,
): (use: "burst" | "all") => string {
  const inBlock = (count: string, slots: number) =>
    slots === 1 ? count : `sum_over_time(${count}${subquery(slots * scrapeSeconds, scrapeSeconds)})`;
  const ratio = `(${oldBad}/clamp_min(${oldTotal},1))`;
  // Pearson's squares by block, from the moments of bad and total: (x − rn)² = x² + (−r)·2xn + (−r)²·n².
  const squares = (blocks: readonly number[]) => {
    const sums = blocks.map((slots) => {
      const [x, n] = [inBlock(xs, slots), inBlock(ns, slots)];
      const moments = [`${x}^2`, `2*${x}*${n}`, `${n}^2`].map((moment, power) =>
        labelled(`sum_over_time((${moment})${past(slots)})`, "m", String(power)),
      );
      return labelled(union(moments), "b", String(slots));
    });
    const powers = union([0, 1, 2].map((power) => labelled(`vector(${power})`, "m", String(power))));
    const weights = `(-scalar(${ratio}))^${powers}`;
    const inflated = `(${number(scrapeSeconds ** 2)}*sum by(b)(${union(sums)}*on(m)group_left()(${weights}))+${PRIOR_BURST * PRIOR_BURST})`;
    return `clamp_min(${inflated}/scalar(${oldBad}+${PRIOR_BURST}),1)`;
  };
  const [first, ...longer] = BLOCKS;
  const candidates = union([
    labelled(labelled("vector(1)", "b", String(first)), "c", "0"),
    ...longer.map((slots, index) => {
      const blocks = `sum_over_time((${inBlock(ns, slots)}>bool 0)${past(slots)})`;
      const noise = `-${SPELL_WEIGHT - 1}-${SPELL_WEIGHT}*sqrt(2/${blocks})`;
      const weights = [labelled(`vector(${SPELL_WEIGHT})`, "b", String(slots)), labelled(noise, "b", String(first))];
      return labelled(union(weights), "c", String(index + 1));
    }),
  ]);
  return (use) => (use === "burst" ? squares([first]) : `sum by(c)(${candidates}*on(b)group_left()${squares(BLOCKS)})`);
}

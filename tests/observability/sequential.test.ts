import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import type { Counts, Slot } from "../../components/release/judge";
import { sequentialJudge } from "../../components/release/sequential/judge";
import { sequentialPromql } from "../../components/release/sequential/promql";
import type { SequentialRule } from "../../components/release/sequential/rule";
import { standingOf } from "../../components/release/sequential/standing";
import { usualRule } from "../../components/release/testing/sequential-rule";
import { type CounterHistory, type History, histories } from "./histories";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "headgate-sequential-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const HISTORIES = 200;
const PRESENCE_HISTORIES = 60;

/** What the counters of one version gained in one slot, where both of its scrapes are there. */
function gained(history: History, version: "canary" | "stable", index: number): Counts {
  const sum = (bad: boolean) =>
    history.series
      .filter((series) => series.version === version && (!bad || series.bad))
      .reduce((total, { values }) => {
        const [before, now] = [values[index - 1], values[index]];
        if (typeof before !== "number" || typeof now !== "number" || Number.isNaN(now - before)) return total;
        return total + (now < before ? now : now - before);
      }, 0);
  return { total: sum(false), bad: sum(true) };
}

/** The judge's own word at the end of a history. */
function reference(rule: SequentialRule, history: History, upTo: number) {
  const judge = sequentialJudge(rule, history.scrapeSeconds);
  let state = judge.initial();
  for (let index = 1; index <= upTo; index++) {
    const at = index * history.scrapeSeconds;
    const slot: Slot = { at, new: gained(history, "canary", index), old: gained(history, "stable", index) };
    state = judge.look(state, slot).state;
  }
  const standing = standingOf(rule, state);
  const { evidence, old } = state.errors;
  const unsuspected = standing.logLikelihoodRatio < standing.failAt / 2;
  const enough = evidence.judged.total >= rule.minRequests && old.total >= rule.minRequests;
  return { ...standing, gate: Number(unsuspected && enough) };
}

/** Runs tests of expressions in Prometheus. */
async function passes(name: string, tests: object[]): Promise<void> {
  const file = join(folder, `${name}.yml`);
  writeFileSync(file, JSON.stringify({ rule_files: [], evaluation_interval: "5s", tests }));
  const { stdout, stderr } = await run("promtool", ["test", "rules", file], { maxBuffer: 1e9 }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  expect(`${stdout}${stderr}`.replaceAll(/expr: .*/g, "").slice(0, 4000)).toContain("SUCCESS");
}

/** An expression that must be 1 at the end of a slot. */
const isOne = (expr: string, seconds: number) => ({
  expr,
  eval_time: `${seconds}s`,
  exp_samples: [{ labels: "{}", value: 1 }],
});

const written = (values: readonly (number | undefined)[]) =>
  values.map((value) => (value === undefined ? "_" : String(value))).join(" ");

test(`Prometheus says of ${HISTORIES} histories what the judge says, to nine digits`, async () => {
  const decisions = { pass: 0, fail: 0, undecided: 0 };
  const tests = histories(HISTORIES).map((history) => {
    const { rule, scrapeSeconds, series } = history;
    const selectors = (revision: string) => ({
      total: `http_requests_total{revision="${revision}"}`,
      bad: `http_requests_total{code=~"5..",revision="${revision}"}`,
    });
    const looks = [Math.floor(history.slots * 0.8), history.slots];
    return {
      interval: `${scrapeSeconds}s`,
      input_series: series.map(({ version, pod, bad, values }) => ({
        series: `http_requests_total{revision="${version === "canary" ? 2 : 1}",pod="${pod}",code="${bad ? 503 : 200}"}`,
        values: written(values),
      })),
      promql_expr_test: looks.flatMap((index) => {
        const { logLikelihoodRatio: expected, decision, gate } = reference(rule, history, index);
        decisions[decision]++;
        // What comes before the lookback is history: the new version's first slot is the first of the release.
        const first = Array.from({ length: index }, (_, slot) => slot + 1).find(
          (slot) => gained(history, "canary", slot).total > 0,
        );
        const { query, gateQuery, failAt, passAt } = sequentialPromql({
          rule,
          limits: rule.errors,
          canary: selectors("2"),
          stable: selectors("1"),
          scrapeSeconds,
          rolloutSeconds: (index + 1 - (first ?? index)) * scrapeSeconds,
        });
        const tolerance = Math.max(1e-12, Math.abs(expected) * 1e-9);
        const is = (expr: string) => isOne(expr, index * scrapeSeconds);
        const verdict =
          decision === "fail"
            ? `(${query}) >= bool ${failAt}`
            : decision === "pass"
              ? `(${query}) <= bool ${passAt}`
              : `((${query}) < bool ${failAt}) * ((${query}) > bool ${passAt})`;
        return [
          is(`abs((${query}) - ${expected}) <= bool ${tolerance}`),
          is(verdict),
          is(`(${gateQuery}) == bool ${gate}`),
        ];
      }),
    };
  });
  await passes("histories", tests);
  // The histories must be of all kinds, or the agreement says little.
  expect(Math.min(...Object.values(decisions))).toBeGreaterThan(HISTORIES / 10);
}, 600_000);

test("Prometheus knows of no slow request, and of no fast one, without the bucket of the objective", async () => {
  const [slots, bornAt, scrapeSeconds] = [320, 240, 15];
  const slow = { ignoreBelow: 0.05, sloMax: 0.05 };
  const rule: SequentialRule = { ...usualRule, slow };
  const of = (revision: string) => ({
    total: `seconds_count{revision="${revision}"}`,
    good: `seconds_bucket{le="0.5",revision="${revision}"}`,
  });
  const { query, gateQuery, passAt } = sequentialPromql({
    rule,
    limits: slow,
    canary: of("2"),
    stable: of("1"),
    scrapeSeconds,
    rolloutSeconds: (slots - bornAt) * scrapeSeconds,
    longest: Number.POSITIVE_INFINITY,
  });
  const growing = (from: number, step: number) =>
    written(Array.from({ length: slots + 1 }, (_, index) => (index < from ? undefined : (index - from) * step)));
  const bounds = [["0.5", "0.5"] as const, ["0.4", "0.4"] as const, ["0.4", "0.5"] as const, ["0.5", "0.4"] as const];
  const tests = bounds.map(([fresh, old]) => {
    const known = fresh === "0.5" && old === "0.5";
    return {
      interval: `${scrapeSeconds}s`,
      input_series: [
        { series: 'seconds_count{revision="1"}', values: growing(0, 1000) },
        { series: `seconds_bucket{le="${old}",revision="1"}`, values: growing(0, 995) },
        { series: 'seconds_count{revision="2"}', values: growing(bornAt, 200) },
        { series: `seconds_bucket{le="${fresh}",revision="2"}`, values: growing(bornAt, 199) },
      ],
      promql_expr_test: [
        isOne(known ? `(${query})<=bool ${passAt}` : `(${query})==bool 0`, slots * scrapeSeconds),
        isOne(`(${gateQuery})==bool ${Number(known)}`, slots * scrapeSeconds),
      ],
    };
  });
  await passes("buckets", tests);
}, 600_000);

/** The same counter where an earlier, bad version used it until the scrape with this index. */
function usedBefore({ bad, values }: CounterHistory, until: number): (number | undefined)[] {
  let earlier = 0;
  return values.map((value, index) => {
    const before = values[index - 1];
    if (index > 0 && index <= until) earlier += bad ? 40 : 60;
    if (typeof before === "number" && typeof value === "number" && value < before) earlier = 0;
    return value === undefined ? undefined : value + earlier;
  });
}

test("What an earlier version did to a router's counters does not count against the next one", async () => {
  const tests = histories(PRESENCE_HISTORIES).flatMap((history) => {
    const { rule, scrapeSeconds, series, slots } = history;
    const first = Array.from({ length: slots }, (_, slot) => slot + 1).find(
      (slot) => gained(history, "canary", slot).total > 0,
    );
    // Nothing can come before a pod.
    if (first === undefined || first < 6) return [];
    const bornAt = first - 1;
    const own = (revision: string) => ({
      total: `http_requests_total{revision="${revision}"}`,
      bad: `http_requests_total{code=~"5..",revision="${revision}"}`,
    });
    const input = {
      rule,
      limits: rule.errors,
      stable: own("1"),
      scrapeSeconds,
      // The earlier version is not long gone.
      rolloutSeconds: (slots - 2) * scrapeSeconds,
      longest: Number.POSITIVE_INFINITY,
    };
    const clean = sequentialPromql({ ...input, canary: own("2") });
    const masked = sequentialPromql({
      ...input,
      canary: {
        total: 'router_requests_total{revision!="1",service="shop-canary"}',
        bad: 'router_requests_total{code=~"5..",revision!="1",service="shop-canary"}',
        presence: '{__name__=~"kube_pod_info|up",pod=~"shop-7d4b9c-.+"}',
      },
    });
    const pods = series.map(({ version, pod, bad, values }) => ({
      series: `http_requests_total{revision="${version === "canary" ? 2 : 1}",pod="${pod}",code="${bad ? 503 : 200}"}`,
      values: written(values),
    }));
    const router = series
      .filter(({ version }) => version === "canary")
      .map((counter) => ({
        series: `router_requests_total{service="shop-canary",pod="${counter.pod}",code="${counter.bad ? 503 : 200}"}`,
        values: written(usedBefore(counter, bornAt - 1)),
      }));
    const there = Array.from({ length: slots + 1 }, (_, index) => (index < bornAt ? undefined : 1));
    const presence = [
      { series: 'kube_pod_info{pod="shop-7d4b9c-x1"}', values: written(there) },
      { series: 'up{pod="shop-7d4b9c-x2"}', values: written(there) },
      { series: 'kube_pod_info{pod="shop-5f6a7b-x1"}', values: written(there.map(() => 1)) },
    ];
    const same = (one: string, other: string) =>
      isOne(`abs((${one}) - (${other})) <= bool (1e-12 + 1e-9 * abs(${other}))`, slots * scrapeSeconds);
    return [
      {
        interval: `${scrapeSeconds}s`,
        input_series: [...pods, ...router, ...presence],
        promql_expr_test: [same(masked.query, clean.query), same(masked.gateQuery, clean.gateQuery)],
      },
    ];
  });
  expect(tests.length).toBeGreaterThan(PRESENCE_HISTORIES / 2);
  await passes("presence", tests);
}, 600_000);

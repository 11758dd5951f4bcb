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
import { type History, histories } from "./histories";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "headgate-sequential-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const HISTORIES = 200;

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
  return { ...standing, gate: Number(unsuspected && evidence.judged.total >= rule.minRequests && old.total > 0) };
}

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
        values: values.map((value) => (value === undefined ? "_" : String(value))).join(" "),
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
        const is = (expr: string) => ({
          expr,
          eval_time: `${index * scrapeSeconds}s`,
          exp_samples: [{ labels: "{}", value: 1 }],
        });
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
  const file = join(folder, "histories.yml");
  writeFileSync(file, JSON.stringify({ rule_files: [], evaluation_interval: "5s", tests }));
  const { stdout, stderr } = await run("promtool", ["test", "rules", file], { maxBuffer: 1e9 }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  expect(`${stdout}${stderr}`.replaceAll(/expr: .*/g, "").slice(0, 4000)).toContain("SUCCESS");
  // The histories must be of all kinds, or the agreement says little.
  expect(Math.min(...Object.values(decisions))).toBeGreaterThan(HISTORIES / 10);
}, 600_000);

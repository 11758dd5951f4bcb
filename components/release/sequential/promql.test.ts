import { describe, expect, test } from "vitest";
import { usualRule } from "../testing/sequential-rule";
import { LONGEST_QUERY, type PromqlInput, sequentialPromql } from "./promql";

const rule = usualRule;
const selectors = (revision: string, more = "") => ({
  total: `http_requests_total{${more}revision="${revision}"}`,
  bad: `http_requests_total{${more}code=~"5..",revision="${revision}"}`,
});
const input: PromqlInput = {
  rule,
  limits: rule.errors,
  canary: selectors("2"),
  stable: selectors("1"),
  scrapeSeconds: 15,
  rolloutSeconds: 1200,
};

test("one expression, short enough for the strictest evaluator, with room for real selectors", () => {
  const named = (revision: string) => selectors(revision, 'namespace="shop",');
  const { query, failAt, passAt } = sequentialPromql({ ...input, canary: named("2"), stable: named("1") });
  expect(query.length).toBeLessThanOrEqual(LONGEST_QUERY);
  expect(query).toMatch(/^max\(.*\)\s?or vector\(0\)$/);
  expect(query).not.toContain("@");
  // ln 125: a fifth of alpha pays for the inflation being an estimate.
  expect(failAt).toBeCloseTo(4.828, 3);
  expect(passAt).toBeCloseTo(-2.996, 3);
});

test("brackets are closed, and ranges are whole numbers of units", () => {
  for (const scrapeSeconds of [0.5, 1, 5, 60]) {
    const { query } = sequentialPromql({
      ...input,
      scrapeSeconds,
      rule: { ...rule, tolerate: 1.25, warmUpSeconds: 60 },
    });
    for (const [open, close] of ["()", "{}", "[]"].map((pair) => [...pair])) {
      expect(query.split(open ?? "").length).toBe(query.split(close ?? "").length);
    }
    for (const [, range = ""] of query.matchAll(/\[([^\]]*)\]/g)) expect(range).toMatch(/^\d+(s|ms)(:\d+(s|ms))?$/);
  }
});

describe("what cannot be right is an error", () => {
  test.each<[Partial<PromqlInput>, string]>([
    [{ scrapeSeconds: 0 }, "scrapeSeconds must be above 0 (got 0)."],
    [{ lookbackSeconds: 600 }, "lookbackSeconds is shorter than the rollout of 1200 s (got 600). Give at least 1200."],
    [{ stable: selectors("2") }, "the selectors may match both versions"],
    [{ canary: { total: "requests_total", bad: "errors_total" } }, "the selectors may match both versions"],
    [
      { canary: { total: 'r{v=~"a|b"}', bad: 'e{v=~"a|b"}' }, stable: { total: 'r{v="a"}', bad: 'e{v="a"}' } },
      "the selectors may match both versions",
    ],
    [
      { canary: selectors("2", `namespace="${"n".repeat(400)}",`) },
      "the expression is longer than 10000 characters (got ",
    ],
  ])("%j", (change, message) => {
    expect(() => sequentialPromql({ ...input, ...change })).toThrow(message);
  });

  test("versions told apart by a value, or by its absence, are apart", () => {
    const by = (matcher: string) => ({ total: `r{${matcher}}`, bad: `e{code="500",${matcher}}` });
    const apart = (canary: string, stable: string) => () =>
      sequentialPromql({ ...input, canary: by(canary), stable: by(stable) });
    expect(apart('v="2"', 'v="1"')).not.toThrow();
    expect(apart('v="2"', 'v!="2"')).not.toThrow();
    expect(apart('v="2"', 'v!="1"')).toThrow("may match both");
    expect(apart('hash="{{args.canary-hash}}"', 'hash="{{args.stable-hash}}"')).not.toThrow();
  });
});

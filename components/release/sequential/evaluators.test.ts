import type { MetricAlarmArgs } from "@pulumi/aws/cloudwatch";
import type { monitoring } from "@pulumi/gcp/types/input";
import { expect, test } from "vitest";
import { usualRule } from "../testing/sequential-rule";
import {
  argoConditions,
  cloudMonitoringCondition,
  cloudWatchAlarm,
  type ReleaseMetrics,
  releasePromql,
} from "./evaluators";
import { LONGEST_QUERY } from "./promql";

// The type annotations are a test: a field that a provider does not take is an error of the compiler.

const rule = usualRule;
const version = (revision: string) => ({
  errors: { total: `requests{r="${revision}"}`, bad: `requests{code=~"5..",r="${revision}"}` },
  slow: { total: `seconds_count{r="${revision}"}`, good: `seconds_bucket{le="0.5",r="${revision}"}` },
});
const metrics: ReleaseMetrics = {
  rule,
  canary: version("2"),
  stable: version("1"),
  scrapeSeconds: 15,
  rolloutSeconds: 1500,
};

test("one expression for errors, and one for slow requests where they are judged, each short enough", () => {
  expect(releasePromql(metrics).map(({ metric }) => metric)).toEqual(["errors"]);
  const both = releasePromql({ ...metrics, rule: { ...rule, slow: { ignoreBelow: 0.01, sloMax: 0.01 } } });
  expect(both.map(({ metric }) => metric)).toEqual(["errors", "slow"]);
  for (const { query, failAt } of both) {
    expect(query.length).toBeLessThanOrEqual(LONGEST_QUERY);
    // Two metrics share alpha.
    expect(failAt).toBeCloseTo(Math.log(250), 12);
  }
  // Without the bucket all requests would be slow, or none.
  expect(both[1]?.query).toContain(
    '(sum(irate(seconds_count{r="1"}[29999ms]))>=0 and on()seconds_bucket{le="0.5",r="1"}>=0 or vector(0))',
  );
  // Slow requests are those that the bucket does not hold.
  expect(both[1]?.query).toContain(
    'sum(irate(seconds_count{r="1"}[29999ms]))-sum(irate(seconds_bucket{le="0.5",r="1"}[29999ms]))',
  );
});

test("a gate needs requests enough of both versions, and no suspicion", () => {
  const [{ query, gateQuery } = { query: "", gateQuery: "" }] = releasePromql(metrics);
  expect(gateQuery).toBe(
    `((${query})<bool ${Math.log(125) / 2})*(15*sum_over_time(((sum(irate(requests{r="2"}[29999ms]))>=0 or vector(0)))[1499999ms:15s])>=bool 50)` +
      '*(15*sum_over_time((sum(irate(requests{r="1"}[29999ms]))>=0 or vector(0))[5099999ms:15s])>=bool 50)',
  );
});

test("evaluators get their own fields", () => {
  const [errors] = releasePromql(metrics);
  if (errors === undefined) throw new Error("no expression");
  expect(argoConditions(errors)).toEqual({
    successCondition: `result[0] <= ${Math.log(0.05)}`,
    failureCondition: `result[0] >= ${Math.log(125)}`,
  });
  const alarm: Pick<MetricAlarmArgs, "evaluationCriteria" | "evaluationInterval"> = cloudWatchAlarm(errors);
  expect(alarm).toEqual({
    evaluationCriteria: {
      promqlCriteria: { query: `(${errors.query})>=${Math.log(125)}`, pendingPeriod: 0, recoveryPeriod: 600 },
    },
    evaluationInterval: 60,
  });
  const condition: monitoring.AlertPolicyCondition = cloudMonitoringCondition(errors);
  expect(condition).toMatchObject({
    displayName: "The new version fails more often",
    conditionPrometheusQueryLanguage: { duration: "0s", evaluationInterval: "60s" },
  });
});

test.each<[Partial<ReleaseMetrics>, string]>([
  [
    { rule: { ...rule, slow: { ignoreBelow: 0.01, sloMax: 0.01 } }, canary: { errors: version("2").errors } },
    "the selectors of slow requests are missing (got none). Name the histogram's count and bucket.",
  ],
  [
    { canary: { errors: { total: 'requests{r="2"}' } } },
    "the selectors must have exactly one of bad and good (got neither). Name one of them.",
  ],
  [
    { canary: { errors: { ...version("2").errors, good: 'requests{code="200",r="2"}' } } },
    "the selectors must have exactly one of bad and good (got both). Name one of them.",
  ],
  [{ lookbackSeconds: 1499 }, "lookbackSeconds is shorter than the rollout of 1500 s (got 1499). Give at least 1500."],
])("what cannot be right is an error: %j", (change, message) => {
  expect(() => releasePromql({ ...metrics, ...change })).toThrow(message);
});

import { expect, test } from "vitest";
import { numberOf, numbersAt, numbersBetween } from "./numbers";
import type { AnalysisRun } from "./objects";

const time = (second: number) => new Date((1_700_000_000 + second) * 1000).toISOString();
const at = (second: number) => 1_700_000_000 + second;
/** A run with one value of a metric for each second. */
function run(metrics: Record<string, Record<number, number>>, failureCondition?: string): AnalysisRun {
  return {
    metadata: { name: "shop-2" },
    spec: { metrics: [{ name: "evidence", ...(failureCondition !== undefined && { failureCondition }) }] },
    status: {
      metricResults: Object.entries(metrics).map(([name, values]) => ({
        name,
        measurements: Object.entries(values).map(([second, value]) => ({
          finishedAt: time(Number(second)),
          value: `[${value}]`,
        })),
      })),
    },
  };
}
const background = run(
  {
    "new-requests": { 10: 100, 20: 200, 30: 500 },
    "new-failed": { 10: 1, 20: 1, 30: 6 },
    "old-requests": { 10: 900, 20: 1800, 30: 2700 },
    "old-failed": { 10: 0, 20: 2, 30: 3 },
    evidence: { 10: 0.5, 20: -1, 30: 2 },
  },
  "result[0] >= 4.6",
);

test("numbers are those of the newest look until a moment", () => {
  expect(numbersAt([background], at(25))).toEqual({
    new: { total: 200, bad: 1 },
    old: { total: 1800, bad: 2 },
    evidence: { value: -1, failAt: 4.6 },
  });
  expect(numbersAt([background], at(5))).toBeUndefined();
  expect(numbersAt([run({ "other-metric": { 1: 1 } })], at(5))).toBeUndefined();
});

test("a step has what was counted in it, the first one all until then", () => {
  expect(numbersBetween([background], at(20), at(30), false)).toMatchObject({
    new: { total: 300, bad: 5 },
    old: { total: 900, bad: 1 },
  });
  expect(numbersBetween([background], at(20), at(30), true)?.new).toEqual({ total: 500, bad: 6 });
});

test("counters that were lost do not make it negative", () => {
  const lost = run({ "new-requests": { 10: 100, 30: 40 }, "new-failed": { 10: 3, 30: 1 } });
  expect(numbersBetween([lost], at(20), at(30), false)?.new).toEqual({ total: 40, bad: 1 });
});

test("a gate's later look counts beside the one in the background", () => {
  const gate = run({ "new-requests": { 31: 510 }, "new-slow": { 31: 7 } });
  expect(numbersAt([background, gate], at(31))?.new).toEqual({ total: 510, bad: 6, slow: 7 });
});

test.each([
  ["[1.5]", 1.5],
  ["-3", -3],
  ["[]", undefined],
  ["", undefined],
  [undefined, undefined],
  ["[NaN]", undefined],
  ["[1,2]", undefined],
])("%s is %s", (text, value) => {
  expect(numberOf(text)).toBe(value);
});

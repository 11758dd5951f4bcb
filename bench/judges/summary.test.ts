import { expect, test } from "vitest";
import { checksOf } from "./checks";
import { compareAll, losses } from "./compare";
import { replaced } from "./docs";
import type { Cell } from "./grid";
import { badRequestsTable, lossesTable, percent, powerTable, table, timesOurs } from "./tables";
import { madeCell } from "./testing/cells";

const cell: Cell = { kind: "independent", requestsPerSecond: 100, errorRatio: 0.01, theta: 2 };
const equal: Cell = { ...cell, theta: 1 };
const better: Cell = { ...cell, theta: 0.5 };

test("A summary holds shares with their exact interval, delays and bad requests", () => {
  const { sequential, Kayenta } = madeCell(cell, {
    sequential: { rolledBack: 990, delaySeconds: 150, bad: 10 },
    Kayenta: { rolledBack: 10, delaySeconds: 600, bad: 60 },
  }).judges;
  // Clopper and Pearson's interval of 10 in 1000, and its mirror.
  expect(Kayenta).toMatchObject({ releases: 1000, rolledBack: 10, share: 0.01, medianDelay: 600, delay90: 600 });
  expect(Kayenta.low).toBeCloseTo(0.0048, 4);
  expect(Kayenta.high).toBeCloseTo(0.0183, 4);
  expect(sequential.low).toBeCloseTo(1 - 0.0183, 4);
  expect(sequential.high).toBeCloseTo(1 - 0.0048, 4);
  expect(sequential.badServed).toBeCloseTo(0.99 * 10 + 0.01 * 100, 9);
  expect(Kayenta.more).toBeCloseTo((10 * 50 + 980 * 90) / 1000, 9);
  expect(Kayenta.moreError).toBeGreaterThan(0);
  expect(sequential).toMatchObject({ more: 0, moreError: 0, passed: 0, medianPass: null });
});

test("Only a judge that spares equally good versions is compared, and it is better beyond two standard errors", () => {
  const comparisons = compareAll([
    madeCell(equal, { "ratio 1.5": { rolledBack: 20 }, "Flagger 99 %": { rolledBack: 19 } }),
    madeCell(cell, {
      sequential: { rolledBack: 500, bad: 50 },
      "ratio 1.5": { rolledBack: 1000, bad: 1 },
      "Flagger 99 %": { rolledBack: 900, bad: 40 },
      Kayenta: { rolledBack: 100, bad: 40 },
      "Argo 95 %, limit 0": { rolledBack: 501, bad: 50 },
      "Argo 95 %, limit 3": { rolledBack: 500, bad: 50 },
    }),
  ]);
  const by = Object.fromEntries(comparisons.map((each) => [each.judge, each]));
  expect(by["ratio 1.5"]).toBeUndefined();
  expect(by["Flagger 99 %"]).toMatchObject({ fewerBad: "theirs", findsMore: true, falseShare: 0.019 });
  expect(by["Kayenta"]).toMatchObject({ fewerBad: "ours", findsMore: false });
  expect(by["Argo 95 %, limit 0"]).toMatchObject({ fewerBad: "theirs by chance", findsMore: false });
  expect(by["Argo 95 %, limit 3"]).toMatchObject({ fewerBad: "same" });
  expect(losses(comparisons).map(({ judge }) => judge)).toEqual(["Argo 95 %, limit 0", "Flagger 99 %"]);
  expect(lossesTable(comparisons)).toContain("| 100 req/s, 1 %, 2 ×, independent | Flagger 99 % | 50 / 300");
  expect(badRequestsTable(comparisons)).toMatch(/\| Flagger 99 % +\| 1 +\| 0 +\| 1 +\| 0 /);
});

test("The checks fail where they should", () => {
  const good = madeCell(equal, { sequential: { rolledBack: 2 } });
  const found = madeCell(cell, {
    sequential: { rolledBack: 995, delaySeconds: 200 },
    Kayenta: { rolledBack: 1000, delaySeconds: 600 },
  });
  const states = (cells: Parameters<typeof checksOf>[0]) => checksOf(cells).map(({ state }) => state);
  expect(states([good, found])).toEqual(["passed", "open", "passed", "passed", "figure", "passed"]);
  // A thousand releases cannot tell; ten thousand with the same share can.
  const many = madeCell(better, { sequential: { rolledBack: 13 } });
  expect(states([many, found])[0]).toBe("open");
  many.judges.sequential.releases = 10_000;
  const [failed] = checksOf([many, found]);
  expect(failed?.state).toBe("failed");
  expect(failed?.found).toContain("above: rps=100 p=0.01 theta=0.5 kind=independent");
  // Eleven of a thousand are below the limit, but not surely.
  expect(states([madeCell(better, { sequential: { rolledBack: 11 } }), found])[0]).toBe("open");
  const bursts = madeCell({ ...equal, kind: "bursts of 5" }, { sequential: { rolledBack: 2 } });
  expect(states([bursts, found]).slice(0, 2)).toEqual(["open", "passed"]);
  const late = madeCell(cell, {
    sequential: { rolledBack: 989, delaySeconds: 201 },
    Kayenta: { rolledBack: 1000, delaySeconds: 600 },
  });
  expect(states([good, late]).slice(2, 4)).toEqual(["failed", "failed"]);
  expect(states([good]).slice(2, 4)).toEqual(["open", "open"]);
  expect(states([{ ...good, releasesPerSecond: 1999 }]).at(-1)).toBe("failed");
});

test("Tables are padded, and a judge that cannot be trusted stands in brackets", () => {
  expect(table(["a", "long head"], [["first", "1"]])).toBe(
    ["| a     | long head |", "| ----- | --------- |", "| first | 1         |"].join("\n"),
  );
  const text = powerTable(
    [
      madeCell(equal, { "ratio 1.5": { rolledBack: 500 } }),
      madeCell(cell, { sequential: { rolledBack: 1000, delaySeconds: 45 }, "ratio 1.5": { rolledBack: 970 } }),
    ],
    0.01,
  );
  expect(text).toMatch(/\| 2 × at 100 req\/s +\| 100 \/ 45 +\| 0 .*\| \(97 \/ 300\) \| 0 +\|/);
});

test("Shares are short, and bad requests are compared with none as with half of one in all releases", () => {
  expect([0, 0.0003, 0.0012, 0.01, 0.0125, 0.97, 0.9996, 1].map(percent)).toEqual([
    "0",
    "0.03",
    "0.1",
    "1",
    "1.3",
    "97",
    "100",
    "100",
  ]);
  const { Kayenta } = madeCell(cell, { sequential: { rolledBack: 1000, bad: 10 } }).judges;
  expect(timesOurs(Kayenta)).toBeCloseTo(10, 9);
  expect(timesOurs({ ...Kayenta, badServed: 0, more: 0 })).toBe(1);
});

test("What stands between the marks is replaced, and nothing else", () => {
  const [begin, end] = ["begin", "end"].map((word) => `<!-- written by bench/judges --write-docs: ${word} -->`);
  const text = `before\n\n${begin}\n\nold\n\n${end}\nafter\n`;
  expect(replaced(text, "new")).toBe(`before\n\n${begin}\n\nnew\n\n${end}\nafter\n`);
  expect(() => replaced("no marks", "new")).toThrow("analysis.md lacks its marks");
});

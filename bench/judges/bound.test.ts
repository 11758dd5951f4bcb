import fc from "fast-check";
import { expect, test } from "vitest";
import { fewestBadRequests, valueAt } from "./bound";
import { type Cell, RELEASE_SECONDS, SHARES, SLOT_SECONDS } from "./grid";
import { RULES } from "./judges";
import { emptyTotals, sumUp, until } from "./outcome";
import { Random } from "./random";
import { emptyRelease, simulate } from "./simulate";

const alone = (cell: Omit<Cell, "kind">): Cell => ({ kind: "independent", ...cell });

test("Of two slots the best rule is known: stop after the first where what is left outweighs the price", () => {
  const [means, theta, price] = [[0.7, 1.3], 2, 1.1];
  let value = 0;
  for (let bad = 0, chance = Math.exp(-1.4); bad < 40; bad++, chance *= 1.4 / bad) {
    value += chance * Math.max(0, 2.6 - price / (2 ** bad * Math.exp(-0.7)));
  }
  expect(valueAt(means, theta, price)).toBeCloseTo(value, 9);
});

test("For nothing, a rule stops after the first slot; for a high price, never", () => {
  expect(valueAt([1, 2, 3], 3, 0)).toBeCloseTo(15, 9);
  expect(valueAt([1, 2, 3], 3, 1e12)).toBeCloseTo(0, 6);
});

test("No rule that stops at the first bad request of the first slots does better than the bound", () => {
  const cells = fc.record({
    requestsPerSecond: fc.double({ min: 0.05, max: 5, noNaN: true }),
    errorRatio: fc.constantFrom(0.0001, 0.001, 0.01),
    theta: fc.constantFrom(1.25, 2, 5),
  });
  fc.assert(
    fc.property(cells, fc.integer({ min: 1, max: SHARES.length }), (cell, slots) => {
      const means = SHARES.map((share) => cell.requestsPerSecond * SLOT_SECONDS * share * cell.errorRatio);
      const all = cell.theta * means.reduce((sum, mean) => sum + mean, 0);
      let [seen, left, saved] = [0, all, 0];
      for (const mean of means.slice(0, slots)) {
        left -= cell.theta * mean;
        saved += Math.exp(-cell.theta * seen) * (1 - Math.exp(-cell.theta * mean)) * left;
        seen += mean;
      }
      const falseShare = 1 - Math.exp(-seen);
      expect(all - saved).toBeGreaterThanOrEqual(fewestBadRequests(alone(cell), falseShare) - 1e-9 * all);
    }),
    { numRuns: 15 },
  );
});

test("A judge that takes back more than 1.2 % of good versions saves what none that keeps 1.2 % can", () => {
  const cell = alone({ requestsPerSecond: 1, errorRatio: 0.001, theta: 1.25 });
  const judge = "Argo 95 %, limit 0";
  expect(stopped(judge, { ...cell, theta: 1 }, 10_000).share).toBeGreaterThan(0.014);
  const { saved, error } = stopped(judge, cell, 60_000);
  const most = fewestBadRequests(cell, 0) - fewestBadRequests(cell, 0.012);
  expect(most).toBeCloseTo(0.00909, 5);
  expect(saved - 3 * error).toBeGreaterThan(most);
});

/** Share of releases that a judge takes back, and bad requests that this saves, with the standard error of the mean. */
function stopped(judge: keyof typeof RULES, cell: Cell, releases: number) {
  const [random, release, totals] = [new Random("bound"), emptyRelease(), emptyTotals()];
  let [found, sum, squares] = [0, 0, 0];
  for (let number = 0; number < releases; number++) {
    simulate(cell, random, release);
    sumUp(release, totals);
    const at = RULES[judge]?.(totals, 0).rolledBackAt;
    if (at === undefined) continue;
    const saved = until(totals.newBad, RELEASE_SECONDS) - until(totals.newBad, at);
    found += 1;
    sum += saved;
    squares += saved ** 2;
  }
  const mean = sum / releases;
  return { share: found / releases, saved: mean, error: Math.sqrt((squares / releases - mean ** 2) / releases) };
}

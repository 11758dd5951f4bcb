import { expect, test } from "vitest";
import { CHUNK_RELEASES, type Chunk, KAYENTA_RELEASES, runChunk } from "./chunk";
import { CELLS, type Cell } from "./grid";
import { JUDGES } from "./judges";
import { run } from "./run";
import { addTally, badServed, count, emptyTally, quantileOf } from "./tally";
import { totalsOf } from "./testing/totals";

const cells: Cell[] = [
  { kind: "independent", requestsPerSecond: 10, errorRatio: 0.01, theta: 5 },
  { kind: "bursts of 5", requestsPerSecond: 1, errorRatio: 0.01, theta: 1 },
];

test("Neither the number of workers nor the order of cells changes a result", async () => {
  const results = async (threads: number, of: Cell[]) =>
    (await run({ cells: of, runs: 600, seed: 1, threads })).map(({ cell, judges }) => ({ cell, judges }));
  const [one, two] = [await results(1, cells), await results(2, [...cells].reverse())];
  expect([...two].reverse()).toEqual(one);
  expect(one[0]?.judges.sequential.releases).toBe(600);
  expect(one[0]?.judges.sequential.share).toBeGreaterThan(0.9);
  expect(one[0]?.judges.sequential.more).toBe(0);
  expect(one[1]?.judges.sequential.share).toBeLessThan(0.02);
});

test("A chunk depends on its cell, its number and the seed alone", () => {
  const [cell] = cells as [Cell];
  const tallies = (chunk: Partial<Chunk>) => runChunk({ cell, index: 0, releases: 50, seed: 1, ...chunk }).tallies;
  expect(tallies({})).toEqual(tallies({}));
  expect(tallies({ seed: 2 })).not.toEqual(tallies({}));
  expect(tallies({ index: 1 })).not.toEqual(tallies({}));
  // Kayenta sees the first releases of a cell only.
  expect(tallies({}).Kayenta.releases).toBe(50);
  expect(tallies({ index: KAYENTA_RELEASES / CHUNK_RELEASES }).Kayenta.releases).toBe(0);
});

test("The grid holds each cell once", () => {
  expect(CELLS).toHaveLength(7 * 5 * 4 * 6);
  expect(new Set(CELLS.map((cell) => JSON.stringify(cell))).size).toBe(CELLS.length);
  expect(JUDGES[0]).toBe("sequential");
});

test("Bad requests count up to the end of the slot in which a release was taken back, or to its end", () => {
  const totals = totalsOf(() => ({ newTotal: 10, newBad: 1 }));
  expect(badServed({ rolledBackAt: 30 }, totals)).toBe(2);
  expect(badServed({ rolledBackAt: 70 }, totals)).toBe(4);
  expect(badServed({}, totals)).toBe(80);
});

test("Tallies add up, and quantiles are those of what was counted", () => {
  const [one, two] = [emptyTally(), emptyTally()];
  count(one, { rolledBackAt: 60, passedAt: 30 }, 5, 3);
  count(two, { rolledBackAt: 60 }, 5, 5);
  count(two, { rolledBackAt: 300 }, 9, 3);
  count(two, {}, 0, 0);
  addTally(one, two);
  expect(one).toEqual({
    ...{ releases: 4, rolledBack: 3, delays: { 60: 2, 300: 1 }, passes: { 30: 1 } },
    ...{ badServed: 19, more: 8, moreSquared: 40 },
  });
  expect(quantileOf(one.delays, 0.5)).toBe(60);
  expect(quantileOf(one.delays, 0.9)).toBe(300);
  expect(quantileOf({}, 0.5)).toBeUndefined();
});

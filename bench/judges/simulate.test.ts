import { expect, test } from "vitest";
import { type Cell, HISTORY_SLOTS, KINDS, SHARES, SLOTS } from "./grid";
import { Random } from "./random";
import { emptyRelease, type Release, simulate } from "./simulate";

const RELEASES = 250;
const PER_SLOT = 1500;

const cellOf = (kind: Cell["kind"], theta = 2): Cell => ({ kind, requestsPerSecond: 100, errorRatio: 0.01, theta });

/** Means per release of what `measure` gives. */
function meansOf(cell: Cell, measure: (release: Release) => number[]): number[] {
  const random = new Random(`means ${cell.kind}`);
  const release = emptyRelease();
  const sums: number[] = [];
  for (let number = 0; number < RELEASES; number++) {
    simulate(cell, random, release);
    measure(release).forEach((value, index) => {
      sums[index] = (sums[index] ?? 0) + value / RELEASES;
    });
  }
  return sums;
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
const newRequests = SHARES.reduce((total, share) => total + share * PER_SLOT, 0);
const oldRequests = PER_SLOT * (HISTORY_SLOTS + SLOTS) - newRequests;

/** How many times as many bad requests of the new version the kind gives as there would be without. */
const NEW_FACTOR: Partial<Record<Cell["kind"], number>> = {
  // 20 of 80 slots fail five times as often; which ones matters to shares, so that it is told below.
  incident: Number.NaN,
  "cold start": 1 + (2 * 4 * 0.1) / SHARES.reduce((total, share) => total + share, 0),
};

test.each(KINDS)("%s: requests and bad requests of both versions have the means asked for", (kind) => {
  const [newTotal = 0, newBad = 0, oldTotal = 0, oldBad = 0] = meansOf(cellOf(kind), (release) => [
    sum(release.newTotal),
    sum(release.newBad),
    sum(release.oldTotal),
    sum(release.oldBad),
  ]);
  expect(newTotal / newRequests).toBeCloseTo(1, kind === "diurnal" ? 1 : 2);
  expect(oldTotal / oldRequests).toBeCloseTo(1, kind === "diurnal" ? 1 : 2);
  if (kind === "incident") {
    expect(newBad / (0.02 * newTotal)).toBeGreaterThan(1.6);
    expect(oldBad / (0.01 * oldTotal)).toBeGreaterThan(1.1);
    return;
  }
  expect(newBad / newTotal / (0.02 * (NEW_FACTOR[kind] ?? 1))).toBeCloseTo(1, 1);
  expect(oldBad / oldTotal / 0.01).toBeCloseTo(1, 1);
});

test("The new version has no more than its share in each step", () => {
  const means = meansOf(cellOf("independent"), ({ newTotal, oldTotal }) => [
    (newTotal[0] ?? 0) / PER_SLOT,
    (newTotal[20] ?? 0) / PER_SLOT,
    (newTotal[59] ?? 0) / PER_SLOT,
    (newTotal[79] ?? 0) / PER_SLOT,
    (oldTotal[HISTORY_SLOTS + 79] ?? 0) / PER_SLOT,
  ]);
  [0.1, 0.25, 0.5, 0.75, 0.25].forEach((share, index) => {
    expect(means[index]).toBeCloseTo(share, 2);
  });
});

/** Variance over mean of the bad requests in the first slot of the history. */
function dispersionOf(kind: Cell["kind"]): number {
  const random = new Random(`dispersion ${kind}`);
  const release = emptyRelease();
  const values: number[] = [];
  for (let number = 0; number < 20 * RELEASES; number += 20) {
    simulate(cellOf(kind), random, release);
    for (let slot = 0; slot < HISTORY_SLOTS; slot += 12) values.push(release.oldBad[slot] ?? 0);
  }
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  return values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length / mean;
}

test("Bursts spread the bad requests of a slot by twice their mean size less one", () => {
  expect(dispersionOf("independent")).toBeCloseTo(1, 0.5);
  expect(dispersionOf("bursts of 2") / 3).toBeCloseTo(1, 0.5);
  expect(dispersionOf("bursts of 5") / 9).toBeCloseTo(1, 0.5);
  expect(dispersionOf("pod-correlated")).toBeGreaterThan(2);
});

test("The two pods of the first step fail at once now and then, the fifteen of the last seldom", () => {
  const random = new Random("pods");
  const release = emptyRelease();
  const often = { two: 0, fifteen: 0 };
  const high = (slot: number) => Number((release.newBad[slot] ?? 0) / (release.newTotal[slot] ?? 1) > 0.03);
  for (let number = 0; number < 4 * RELEASES; number++) {
    simulate({ ...cellOf("pod-correlated", 1), requestsPerSecond: 10_000 }, random, release);
    often.two += high(10) / (4 * RELEASES);
    often.fifteen += high(70) / (4 * RELEASES);
  }
  // One bad pod of two gives 5.5 times the usual ratio; of fifteen, six must be bad for three times the mean.
  expect(often.two).toBeCloseTo(1 - 0.95 ** 2, 1);
  expect(often.two).toBeGreaterThan(0.05);
  expect(often.fifteen).toBeLessThan(0.01);
});

test("A cold start harms the new version alone and only in its first minute", () => {
  const [cold = 0, warm = 0, old = 0] = meansOf(cellOf("cold start", 1), ({ newBad, oldBad }) => [
    sum(newBad.subarray(0, 4)),
    sum(newBad.subarray(4, 8)),
    sum(oldBad.subarray(HISTORY_SLOTS, HISTORY_SLOTS + 4)),
  ]);
  expect(cold / warm).toBeCloseTo(3, 0);
  expect(old / (4 * 0.9 * 15)).toBeCloseTo(1, 1);
});

test("An incident raises both versions by the same factor", () => {
  const random = new Random("incident");
  const release = emptyRelease();
  let [raised, usual] = [0, 0];
  for (let number = 0; number < RELEASES; number++) {
    simulate({ ...cellOf("incident", 1), requestsPerSecond: 10_000 }, random, release);
    // Of 15000 requests or more 1 % or 5 % fail: no slot is in doubt.
    release.newBad.forEach((bad, slot) => {
      const high = bad / (release.newTotal[slot] ?? 1) > 0.03;
      const oldHigh =
        (release.oldBad[HISTORY_SLOTS + slot] ?? 0) / (release.oldTotal[HISTORY_SLOTS + slot] ?? 1) > 0.03;
      expect(oldHigh).toBe(high);
      if (high) raised += 1;
      else usual += 1;
    });
  }
  expect(raised / (raised + usual)).toBe(0.25);
});

test("No version has more bad requests than requests, however much worse it is", () => {
  const release = emptyRelease();
  for (const kind of KINDS) {
    simulate({ kind, requestsPerSecond: 10, errorRatio: 0.05, theta: 40 }, new Random(kind), release);
    release.newBad.forEach((bad, slot) => {
      expect(bad).toBeLessThanOrEqual(release.newTotal[slot] ?? 0);
    });
  }
});

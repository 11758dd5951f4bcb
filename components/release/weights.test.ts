import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { serverWeights, shareOf } from "./weights";

const servers = fc.integer({ min: 1, max: 100 });
const share = fc.oneof(fc.integer({ min: 1, max: 99 }), fc.double({ min: 0.001, max: 99.999, noNaN: true }));

describe("serverWeights", () => {
  test("every whole percentage is exact with one new server for each old one", () => {
    for (let percent = 1; percent < 100; percent++) {
      for (const count of [1, 2, 3, 100])
        expect(shareOf(count, count, serverWeights(count, count, percent))).toBe(percent);
    }
  });

  test.each([
    [2, 2, 10, { new: 1, old: 9 }],
    [4, 1, 50, { new: 1, old: 4 }],
    [1, 4, 50, { new: 4, old: 1 }],
    [2, 2, 0.3, { new: 0, old: 1 }],
    [3, 2, 0, { new: 0, old: 1 }],
    [3, 2, 100, { new: 1, old: 0 }],
    [3, 0, 10, { new: 1, old: 0 }],
    [0, 2, 0, { new: 0, old: 1 }],
  ])("%d new and %d old servers at %d %%", (fresh, old, percent, weights) => {
    expect(serverWeights(fresh, old, percent)).toEqual(weights);
  });

  test("weights fit the gateway, and never give more than asked, nor a weight unit less", () => {
    fc.assert(
      fc.property(servers, servers, share, (fresh, old, percent) => {
        const weights = serverWeights(fresh, old, percent);
        expect(Number.isInteger(weights.new) && weights.new >= 0 && weights.new <= 256).toBe(true);
        expect(Number.isInteger(weights.old) && weights.old >= 1 && weights.old <= 256).toBe(true);
        const given = shareOf(fresh, old, weights);
        expect(given).toBeLessThanOrEqual(percent);
        const below = percent <= (100 * fresh) / (fresh + old);
        const unit = below ? fresh / (fresh + 256 * old) : old / (old + 256 * fresh);
        expect(percent - given).toBeLessThanOrEqual(100 * unit + 1e-9);
      }),
      { numRuns: 10_000 },
    );
  });

  test("no pair of weights comes nearer from below", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), share, (fresh, old, percent) => {
        let best = 0;
        for (let a = 1; a <= 256; a++) {
          for (let b = 1; b <= 256; b++) {
            const given = shareOf(fresh, old, { new: a, old: b });
            if (given <= percent && given > best) best = given;
          }
        }
        expect(shareOf(fresh, old, serverWeights(fresh, old, percent))).toBe(best);
      }),
      { numRuns: 100 },
    );
  });

  test("a larger share never gives less", () => {
    fc.assert(
      fc.property(servers, servers, share, share, (fresh, old, one, two) => {
        const given = (percent: number) => shareOf(fresh, old, serverWeights(fresh, old, percent));
        expect(given(Math.min(one, two))).toBeLessThanOrEqual(given(Math.max(one, two)));
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    [1, 1, -1],
    [1, 1, 101],
    [1, 1, Number.NaN],
    [-1, 1, 10],
    [1.5, 1, 10],
    [0, 2, 10],
    [0, 2, 100],
  ])("refuses %d new and %d old servers at %d %%", (fresh, old, percent) => {
    expect(() => serverWeights(fresh, old, percent)).toThrow(RangeError);
  });
});

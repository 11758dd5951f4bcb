import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { disperse, inflation, noDispersion } from "./dispersion";
import { PRIOR_BURST } from "./rule";

type SlotCounts = readonly [bad: number, total: number];

const SECONDS = 15;
const seenAfter = (slots: readonly SlotCounts[]) =>
  slots.reduce(
    (dispersion, [bad, total], index) => disperse(dispersion, (index + 1) * SECONDS, bad, total, SECONDS),
    noDispersion,
  );
const repeated = (slots: readonly SlotCounts[], times: number) => Array.from({ length: times }, () => slots).flat();

describe("inflation", () => {
  test("is caution alone before anything was seen", () => {
    expect(inflation(noDispersion)).toEqual({ burst: PRIOR_BURST, all: PRIOR_BURST, caution: PRIOR_BURST });
    expect(inflation(seenAfter(repeated([[0, 1000]], 240))).all).toBe(PRIOR_BURST);
  });

  test("is none for even errors, whatever the load", () => {
    const even = inflation(
      seenAfter(
        repeated(
          [
            [1, 100],
            [5, 500],
            [2, 200],
          ],
          80,
        ),
      ),
    );
    expect(even.burst).toBe(1);
    expect(even.all).toBe(1);
    expect(even.caution).toBeLessThan(1.02);
  });

  test("is the size of bursts that fill a slot and leave the others empty", () => {
    // Variance over mean of 20 errors in every tenth slot: 20 × 0.9.
    const { burst, all } = inflation(seenAfter(repeated([[20, 1000], ...repeated([[0, 1000]], 9)], 100)));
    expect(burst).toBeCloseTo(18, 0);
    expect(all).toBe(burst);
  });

  test("counts spells of several slots more than bursts of the same size", () => {
    const spell = [...repeated([[20, 1000]], 10), ...repeated([[0, 1000]], 90)];
    const { burst, all } = inflation(seenAfter(repeated(spell, 5)));
    expect(burst).toBeCloseTo(18, 0);
    expect(all).toBeGreaterThan(5 * burst);
  });

  test("does not count what a block of few slots shows by chance", () => {
    // One block and a bit: its noise is larger than anything it says.
    expect(inflation(seenAfter([...repeated([[3, 100]], 5), ...repeated([[6, 100]], 7)])).all).toBeLessThan(2.5);
  });
});

test("blocks end at multiples of their length, however the slots come", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 10, max: 99 })), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 0, max: 40 }),
      (slots, offset) => {
        const taken = slots.reduce(
          (dispersion, [bad, total], index) =>
            disperse(dispersion, (offset + index + 1) * SECONDS, bad, total, SECONDS),
          noDispersion,
        );
        const blocks = new Map<number, number>();
        slots.forEach(([bad], index) => {
          const block = Math.ceil((offset + index + 1) / 10);
          blocks.set(block, (blocks.get(block) ?? 0) + bad);
        });
        const complete = [...blocks].filter(([block]) => block * 10 <= offset + slots.length).map(([, bad]) => bad);
        expect(taken.blocks[1]?.count).toBe(complete.length);
        expect(taken.blocks[1]?.badBad).toBe(complete.reduce((sum, bad) => sum + bad * bad, 0));
        expect(taken.bad).toBe(slots.reduce((sum, [bad]) => sum + bad, 0));
      },
    ),
  );
});

test("a slot that is missing leaves its block as it is", () => {
  const slots = [1, 2, 3, 4, 5, 6, 7, 8, 9].reduce(
    (dispersion, slot) => disperse(dispersion, slot * SECONDS, 1, 10, SECONDS),
    noDispersion,
  );
  expect(slots.blocks[1]?.count).toBe(0);
  expect(disperse(slots, 11 * SECONDS, 1, 10, SECONDS).blocks[1]).toMatchObject({ count: 1, badBad: 81, bad: 1 });
});

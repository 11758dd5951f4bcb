import { expect, test } from "vitest";
import { flagger } from "./flagger";
import { totalsOf } from "./testing/totals";

const rule = flagger(0.99, 60, 5);
const good = { newTotal: 100, oldTotal: 900 };

test("The tick after the fifth failed check takes the release back", () => {
  // 2 of 100 in each slot: checks fail at 60, 120, 180, 240 and 300 s.
  expect(
    rule(
      totalsOf(() => ({ ...good, newBad: 2 })),
      0,
    ),
  ).toEqual({ rolledBackAt: 360 });
});

test("Failed checks add up over the release, and exactly 99 % is no failure", () => {
  const badMinutes = [0, 4, 8, 12, 16];
  const totals = totalsOf((slot) => ({ ...good, newBad: badMinutes.includes(Math.floor(slot / 4)) ? 2 : 1 }));
  // Minute 16 is checked at 17 min; the tick at 18 min takes it back.
  expect(rule(totals, 0)).toEqual({ rolledBackAt: 18 * 60 });
  expect(
    rule(
      totalsOf(() => ({ ...good, newBad: 1 })),
      0,
    ),
  ).toEqual({});
});

test("Five failed checks that are complete only at the end come too late", () => {
  const badMinutes = [0, 4, 8, 12, 19];
  const totals = totalsOf((slot) => ({ ...good, newBad: badMinutes.includes(Math.floor(slot / 4)) ? 2 : 0 }));
  expect(rule(totals, 0)).toEqual({});
});

test("No traffic is a failed check", () => {
  expect(
    rule(
      totalsOf(() => ({ oldTotal: 100 })),
      0,
    ),
  ).toEqual({ rolledBackAt: 360 });
  expect(
    rule(
      totalsOf(() => ({ oldTotal: 100 })),
      60,
    ),
  ).toEqual({ rolledBackAt: 420 });
});

import { expect, test } from "vitest";
import { argo, ratio, successRate } from "./argo";
import { totalsOf } from "./testing/totals";

const good = { newTotal: 10, oldTotal: 90 };

test("One measurement below the success rate ends a run whose failureLimit is 0", () => {
  // 40 requests in the first minute, 3 bad: 92.5 %.
  const totals = totalsOf((slot) => ({ ...good, newBad: slot === 0 ? 3 : 0 }));
  expect(successRate(0.95, 300, 0)(totals, 0)).toEqual({ rolledBackAt: 60 });
  // 2 bad are exactly 95 %, which is at least 95 %.
  const exact = totalsOf((slot) => ({ ...good, newBad: slot === 0 ? 2 : 0 }));
  expect(successRate(0.95, 300, 0)(exact, 0)).toEqual({});
});

test("Failed measurements add up: the one above failureLimit ends the run, and successes between reset nothing", () => {
  // Bad minutes 1, 4, 7 and 10, each seen by one measurement of one minute.
  const totals = totalsOf((slot) => ({ ...good, newBad: [0, 12, 24, 36].includes(slot) ? 4 : 0 }));
  expect(successRate(0.95, 60, 3)(totals, 0)).toEqual({ rolledBackAt: 600 });
  expect(successRate(0.95, 60, 4)(totals, 0)).toEqual({});
});

test("A measurement looks back over its whole window and no further", () => {
  // 30 bad of 200 requests in 5 minutes; from minute 6 on 160 and fewer of them are in the window of 5 minutes.
  const totals = totalsOf((slot) => ({ ...good, newBad: slot < 3 ? 10 : 0 }));
  // Measured at 1..5 min within the window of 5 min: 30/40, 30/80, 30/120, 30/160, 30/200 all fail; at 6 min 0/200.
  expect(successRate(0.95, 300, 3)(totals, 0)).toEqual({ rolledBackAt: 240 });
  expect(successRate(0.95, 300, 4)(totals, 0)).toEqual({ rolledBackAt: 300 });
  expect(successRate(0.95, 300, 5)(totals, 0)).toEqual({});
});

test("Without any request of the new version the fifth error in sequence aborts, taken again every ten seconds", () => {
  const never = totalsOf(() => ({ oldTotal: 100 }));
  expect(successRate(0.95, 300, 3)(never, 0)).toEqual({ rolledBackAt: 100 });
  // The first request comes in the slot that ends at 90 s: the errors at 60, 70 and 80 s are forgotten.
  const late = totalsOf((slot) => ({ oldTotal: 100, newTotal: slot >= 5 ? 10 : 0 }));
  expect(successRate(0.95, 300, 3)(late, 0)).toEqual({});
});

test("A measurement between errors starts their count again", () => {
  // Requests in the slots that end at 90, 180, 270 … s: before each, three measurements of 15 s find none.
  const totals = totalsOf((slot) => ({ oldTotal: 100, newTotal: slot % 6 === 5 ? 10 : 0 }));
  const measure = ({ newTotal }: { newTotal: number }) => (newTotal > 0 ? "successful" : "empty");
  expect(argo({ windowSeconds: 15, failureLimit: 0, measure })(totals, 0)).toEqual({});
});

test("A window without requests is NaN and failed once the new version has answered before", () => {
  // Requests in the first two minutes only; a window of 2 min is empty from 4 min on: 4, 5, 6 and 7 min fail.
  const totals = totalsOf((slot) => ({ oldTotal: 100, newTotal: slot < 8 ? 10 : 0 }));
  expect(successRate(0.99, 120, 3)(totals, 0)).toEqual({ rolledBackAt: 420 });
});

test("What happened in the wait is not counted", () => {
  const totals = totalsOf((slot) => ({ ...good, newBad: slot < 4 ? 5 : 0 }));
  expect(successRate(0.95, 300, 0)(totals, 0)).toEqual({ rolledBackAt: 60 });
  expect(successRate(0.95, 300, 0)(totals, 60)).toEqual({});
});

test("The ratio rule ends a release whose error ratio was above so many times the old one's in four measurements", () => {
  // 4 of 40 against 18 of 360: twice as often.
  const twice = totalsOf((slot) => ({ ...good, newBad: slot % 4 === 0 ? 4 : 0, oldBad: slot % 4 === 0 ? 18 : 0 }));
  expect(ratio(1.5, 300, 3)(twice, 0)).toEqual({ rolledBackAt: 240 });
  // 3 of 16 against 1 of 8 is exactly 1.5 times as often, which is not above.
  const edge = totalsOf(() => ({ newTotal: 16, newBad: 3, oldTotal: 128, oldBad: 16 }));
  expect(ratio(1.5, 300, 3)(edge, 0)).toEqual({});
});

test("The ratio rule fails errors beside none of the old version, and nothing without requests", () => {
  expect(
    ratio(
      1.5,
      300,
      3,
    )(
      totalsOf((slot) => ({ ...good, newBad: slot === 0 ? 1 : 0 })),
      0,
    ),
  ).toEqual({
    rolledBackAt: 240,
  });
  expect(
    ratio(
      1.5,
      300,
      3,
    )(
      totalsOf(() => good),
      0,
    ),
  ).toEqual({});
  expect(
    ratio(
      1.5,
      300,
      3,
    )(
      totalsOf(() => ({ oldTotal: 100 })),
      0,
    ),
  ).toEqual({});
});

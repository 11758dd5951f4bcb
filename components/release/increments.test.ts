import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { increments, initialIncrements, type Series } from "./increments";
import { plausible } from "./judge";

const series = (samples: [at: number, value: number][], more: Partial<Series> = {}): Series => ({
  key: "requests",
  version: "new",
  counts: ["total"],
  samples: samples.map(([at, value]) => ({ at, value })),
  ...more,
});
const totals = (given: Series[], until = 1e6) =>
  increments(initialIncrements, given, 15, until).slots.map((slot) => [slot.at, slot.new.total]);

describe("increments", () => {
  test("running totals become requests in slots, the first value only a start", () => {
    expect(
      totals([
        series([
          [15, 100],
          [30, 104],
          [45, 104],
          [60, 110],
        ]),
      ]),
    ).toEqual([
      [15, 0],
      [30, 4],
      [45, 0],
      [60, 6],
    ]);
  });

  test("a counter that began within the release counts from its first value", () => {
    expect(
      totals([
        series(
          [
            [15, 3],
            [30, 4],
          ],
          { startsAtZero: true },
        ),
      ]),
    ).toEqual([
      [15, 3],
      [30, 1],
    ]);
  });

  test("a counter that began anew counts from zero", () => {
    expect(
      totals([
        series([
          [15, 100],
          [30, 110],
          [45, 3],
          [60, 5],
        ]),
      ]).map(([, total]) => total),
    ).toEqual([0, 10, 3, 2]);
  });

  test("a missing scrape is made up for by the next one", () => {
    expect(
      totals([
        series([
          [15, 0],
          [30, 5],
          [75, 50],
        ]),
      ]),
    ).toEqual([
      [15, 0],
      [30, 5],
      [75, 45],
    ]);
  });

  test("a slot comes when it is over", () => {
    const given = [
      series([
        [15, 0],
        [29, 5],
        [44, 9],
      ]),
    ];
    expect(totals(given, 29.9)).toEqual([[15, 0]]);
    expect(totals(given, 30)).toEqual([
      [15, 0],
      [30, 5],
    ]);
  });

  test("errors count as requests too, versions apart, and slow ones are those that are not fast", () => {
    const given = [
      series(
        [
          [15, 0],
          [30, 90],
        ],
        { key: "2xx" },
      ),
      series(
        [
          [15, 0],
          [30, 10],
        ],
        { key: "5xx", counts: ["total", "bad"] },
      ),
      series(
        [
          [15, 0],
          [30, 100],
        ],
        { key: "count", counts: ["timed"] },
      ),
      series(
        [
          [15, 0],
          [30, 97],
        ],
        { key: "le", counts: ["fast"] },
      ),
      series(
        [
          [15, 7],
          [30, 9],
        ],
        { key: "old", version: "old" },
      ),
    ];
    expect(increments(initialIncrements, given, 15, 30).slots.at(-1)).toEqual({
      at: 30,
      new: { total: 100, bad: 10, timed: 100, slow: 3 },
      old: { total: 2, bad: 0 },
    });
  });

  test("without the bucket of fast requests nobody knows the slow ones", () => {
    const count = series(
      [
        [15, 0],
        [30, 100],
      ],
      { key: "count", counts: ["timed"] },
    );
    const slot = increments(initialIncrements, [count], 15, 30).slots.at(-1);
    expect(slot?.new).toEqual({ total: 0, bad: 0, timed: 100 });
  });

  test("of two values for one time the larger counts, once", () => {
    const both: [number, number][] = [
      [30, 5],
      [30, 3],
    ];
    for (const twice of [both, both.toReversed()]) {
      expect(totals([series([[15, 0], ...twice, [45, 6]])]).map(([, total]) => total)).toEqual([0, 5, 1]);
    }
  });

  test("values that are no count are left out", () => {
    const given = series([
      [15, 1],
      [30, Number.NaN],
      [45, -4],
      [60, Number.POSITIVE_INFINITY],
      [75, 6],
      [Number.NaN, 9],
    ]);
    expect(totals([given])).toEqual([
      [15, 0],
      [75, 5],
    ]);
  });

  test.each([0, -15, Number.NaN])("slots of %d seconds are refused", (slotSeconds) => {
    expect(() => increments(initialIncrements, [], slotSeconds, 0)).toThrow(RangeError);
  });
});

describe("properties", () => {
  /** Counters as they really are: events, restarts that forget, scrapes at some times that may be missing. */
  const happenings = fc.array(
    fc.record({
      seconds: fc.integer({ min: 1, max: 40 }),
      events: fc.nat(50),
      restarts: fc.boolean(),
      lost: fc.nat(9),
      scraped: fc.boolean(),
    }),
    { maxLength: 30 },
  );
  const counters = fc.array(
    fc.record({
      happenings,
      before: fc.nat(1000),
      startsAtZero: fc.boolean(),
      version: fc.constantFrom("new" as const, "old" as const),
      counts: fc.constantFrom(
        ["total"] as const,
        ["total", "bad"] as const,
        ["timed"] as const,
        ["timed", "fast"] as const,
        ["fast"] as const,
      ),
    }),
    { maxLength: 5 },
  );

  interface World {
    given: Series[];
    /** Events that truly happened since counting began. */
    happened: number;
    end: number;
  }
  const worlds: fc.Arbitrary<World> = counters.map((list) => {
    const world: World = { given: [], happened: 0, end: 0 };
    for (const [index, counter] of list.entries()) {
      let at = 0;
      let value = counter.startsAtZero ? 0 : counter.before;
      let started = counter.startsAtZero;
      const samples: { at: number; value: number }[] = [];
      for (const { seconds, events, restarts, lost, scraped } of counter.happenings) {
        at += seconds;
        if (restarts) {
          // Requests after the last scrape happened, but went with the old process.
          if (started) world.happened += lost;
          value = 0;
        }
        value += events;
        if (started) world.happened += events;
        if (!scraped) continue;
        started = true;
        samples.push({ at, value });
      }
      world.end = Math.max(world.end, at);
      world.given.push({ ...counter, key: `c${index}`, samples });
    }
    return world;
  });
  const everything = (slots: ReturnType<typeof increments>["slots"]) =>
    slots.flatMap((slot) => [slot.new, slot.old]).reduce((sum, { total, timed = 0 }) => sum + total + timed, 0);

  test("nothing is negative, more bad than there are, or counted that did not happen", () => {
    fc.assert(
      fc.property(worlds, ({ given, happened, end }) => {
        const { slots } = increments(initialIncrements, given, 15, end + 15);
        expect(slots.every((slot) => plausible(slot.new) && plausible(slot.old))).toBe(true);
        expect(everything(slots)).toBeLessThanOrEqual(happened);
      }),
      { numRuns: 10_000 },
    );
  });

  test("without restarts everything that a scrape could tell is counted", () => {
    fc.assert(
      fc.property(
        counters.map((list) =>
          list.map((one) => ({ ...one, happenings: one.happenings.map((step) => ({ ...step, restarts: false })) })),
        ),
        (list) => {
          let visible = 0;
          const given = list.map(({ happenings: steps, ...counter }, index): Series => {
            let value = counter.startsAtZero ? 0 : counter.before;
            let at = 0;
            const samples = steps.flatMap(({ seconds, events, scraped }) => {
              at += seconds;
              value += events;
              return scraped ? [{ at, value }] : [];
            });
            const from = counter.startsAtZero ? 0 : samples[0]?.value;
            // Fast requests are no requests of their own: they only lessen the slow ones.
            const counted = samples.length > 0 && counter.counts[0] !== "fast";
            visible += !counted ? 0 : (samples.at(-1)?.value ?? 0) - (from ?? 0);
            return { ...counter, key: `c${index}`, samples };
          });
          expect(everything(increments(initialIncrements, given, 15, 1e6).slots)).toBe(visible);
        },
      ),
      { numRuns: 10_000 },
    );
  });

  test("handed over in pieces, twice and in any order, everything comes once and in the same slots", () => {
    fc.assert(
      fc.property(worlds, fc.array(fc.nat(600), { maxLength: 6 }), fc.nat(), ({ given, end }, cuts, seed) => {
        const whole = increments(initialIncrements, given, 15, end + 15);
        let state = initialIncrements;
        const slots = [];
        for (const until of [...cuts.sort((a, b) => a - b), end + 15]) {
          // All that was scraped until now, again and again, as a query over a range gives it.
          const seen = given.map((one, index) => {
            const samples = one.samples.filter((sample) => sample.at <= until);
            return { ...one, samples: (seed + index) % 2 ? [...samples, ...samples].reverse() : samples };
          });
          const shuffled = seed % 3 === 0 ? seen.reverse() : seen;
          const next = increments(state, shuffled, 15, until);
          slots.push(...next.slots);
          state = JSON.parse(JSON.stringify(next.state));
        }
        expect(slots).toEqual(whole.slots);
        expect(state.slotAt).toEqual(whole.state.slotAt);
        expect(state.last).toEqual(whole.state.last);
      }),
      { numRuns: 5_000 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Counts, noCounts, type Slot, type Verdict } from "./judge";
import type { ThresholdRule } from "./plan";
import { type ThresholdState, thresholdJudge } from "./threshold";

const rule: ThresholdRule = {
  maxErrorRatio: 0.01,
  maxTimesOld: 2,
  minRequests: 50,
  consecutiveLooks: 3,
  windowSeconds: 60,
};

/** Slots of 15 seconds, from pairs of [new, old], each [total, bad] or counts. */
type Pair = [total: number, bad: number];
const counts = (pair: Pair | Counts): Counts => (Array.isArray(pair) ? { total: pair[0], bad: pair[1] } : pair);
const slots = (pairs: [fresh: Pair | Counts, old: Pair | Counts][]): Slot[] =>
  pairs.map(([fresh, old], index) => ({ at: 15 * (index + 1), new: counts(fresh), old: counts(old) }));

function run(seen: Slot[], by = rule): { verdicts: Verdict[]; state: ThresholdState } {
  const judge = thresholdJudge(by);
  let state = judge.initial();
  const verdicts = seen.map((slot) => {
    const next = judge.look(state, slot);
    state = next.state;
    return next.verdict;
  });
  return { verdicts, state };
}
const decisions = (pairs: [Pair | Counts, Pair | Counts][], by = rule) =>
  run(slots(pairs), by).verdicts.map((verdict) => verdict.decision);
const last = (pairs: [Pair | Counts, Pair | Counts][], by = rule) => run(slots(pairs), by).verdicts.at(-1);
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe("decisions", () => {
  test("a good version passes", () => {
    expect(
      decisions(
        times(3, [
          [100, 0],
          [900, 1],
        ]),
      ),
    ).toEqual(["pass", "pass", "pass"]);
  });

  test("a bad version fails at the third look in a row", () => {
    expect(
      decisions(
        times(3, [
          [100, 5],
          [900, 1],
        ]),
      ),
    ).toEqual(["undecided", "undecided", "fail"]);
  });

  test("a good look in between begins the row anew", () => {
    const bad: [Pair, Pair] = [
      [100, 5],
      [900, 1],
    ];
    const fine: [Pair, Pair] = [
      [100_000, 0],
      [900, 1],
    ];
    const window = { ...rule, windowSeconds: 15 };
    expect(decisions([bad, bad, fine, bad, bad, bad], window)).toEqual([
      "undecided",
      "undecided",
      "pass",
      "undecided",
      "undecided",
      "fail",
    ]);
  });

  test("an error ratio of exactly the limit is no reason, one above is", () => {
    expect(
      decisions(
        times(4, [
          [100, 1],
          [100, 0],
        ]),
      ),
    ).not.toContain("fail");
    expect(
      decisions(
        times(4, [
          [100, 2],
          [100, 0],
        ]),
      ),
    ).toContain("fail");
  });

  test("a version that is bad in itself, but not twice as bad as the old one, passes", () => {
    expect(
      decisions(
        times(4, [
          [100, 8],
          [900, 36],
        ]),
      ),
    ).toEqual(times(4, "pass"));
    expect(
      decisions(
        times(4, [
          [100, 9],
          [900, 36],
        ]),
      ),
    ).toContain("fail");
  });

  test("a first version has only the limit", () => {
    expect(
      decisions(
        times(3, [
          [100, 2],
          [0, 0],
        ]),
      ),
    ).toEqual(["undecided", "undecided", "fail"]);
    expect(
      decisions(
        times(3, [
          [100, 1],
          [0, 0],
        ]),
      ),
    ).toEqual(times(3, "pass"));
  });

  test("at 100 % the old version keeps its say by what it did before", () => {
    const sharing = times<[Pair, Pair]>(8, [
      [100, 3],
      [900, 27],
    ]);
    const alone = times<[Pair, Pair]>(8, [
      [1000, 30],
      [0, 0],
    ]);
    expect(decisions([...sharing, ...alone])).not.toContain("fail");
  });

  test("below the minimum nothing is decided, whatever the errors", () => {
    expect(
      decisions(
        times(4, [
          [12, 12],
          [900, 0],
        ]),
      ),
    ).toEqual(times(4, "undecided"));
    expect(
      decisions(
        times(7, [
          [12, 12],
          [900, 0],
        ]),
      ).at(-1),
    ).toBe("fail");
  });

  test("a window that low traffic never fills is replaced by all since the beginning", () => {
    // Four slots of 2 requests are in the window; 50 are reached with the 25th slot.
    const quiet = decisions(
      times(26, [
        [2, 0],
        [20, 0],
      ]),
    );
    expect(quiet.slice(0, 24)).toEqual(times(24, "undecided"));
    expect(quiet.slice(24)).toEqual(["pass", "pass"]);
  });

  test("a full window forgets older errors", () => {
    expect(
      decisions([
        [
          [100, 50],
          [900, 0],
        ],
        ...times<[Pair, Pair]>(4, [
          [100, 0],
          [900, 0],
        ]),
      ]).at(-1),
    ).toBe("pass");
  });

  test("slots without requests of the new version neither add to a row nor end it", () => {
    const bad: [Pair, Pair] = [
      [100, 5],
      [900, 1],
    ];
    const idle: [Pair, Pair] = [
      [0, 0],
      [900, 0],
    ];
    expect(decisions([bad, idle, idle, idle, idle, bad, idle, bad])).toEqual([...times(7, "undecided"), "fail"]);
  });

  test("more errors than requests, or more slow ones than timed, are no look", () => {
    expect(
      decisions(
        times(4, [
          [100, 101],
          [900, 0],
        ]),
      ),
    ).toEqual(times(4, "undecided"));
    expect(decisions(times(4, [{ total: 100, bad: 0, timed: 5, slow: 6 }, [900, 0]]))).toEqual(times(4, "undecided"));
    expect(
      last([
        [
          [100, 101],
          [900, 0],
        ],
      ])?.reason,
    ).toBe("the counts of the last slot make no sense, so that it was left out");
  });

  test("a slot twice, or an older one, is no new look", () => {
    const [slot] = slots([
      [
        [100, 50],
        [900, 1],
      ],
    ]);
    if (!slot) throw new Error("no slot");
    const { state, verdicts } = run([slot, slot, slot, { ...slot, at: slot.at - 1 }]);
    expect(verdicts.map((verdict) => verdict.decision)).toEqual(times(4, "undecided"));
    expect(state.badLooks).toBe(1);
  });
});

describe("slow requests", () => {
  const timing = { ...rule, maxSlowRatio: 0.05 };
  const timed = (total: number, bad: number, seen: number, slow: number): Counts => ({ total, bad, timed: seen, slow });

  test("too many fail the release, with the reason first", () => {
    const seen = times<[Counts, Counts]>(3, [timed(100, 0, 100, 20), timed(900, 0, 900, 9)]);
    expect(decisions(seen, timing)).toEqual(["undecided", "undecided", "fail"]);
    expect(last(seen, timing)?.reason).toBe(
      "20 % of its 300 requests were too slow, 1 % of the old version's 2,700 (limit 5 %, at most 2 times the old); 0 % of its 300 requests failed, 0 % of the old version's 2,700 (limit 1 %, at most 2 times the old)",
    );
  });

  test("no more than twice the old version's pass", () => {
    expect(decisions(times(3, [timed(100, 0, 100, 20), timed(900, 0, 900, 90)]), timing)).toEqual(times(3, "pass"));
  });

  test("without times nothing passes, and errors still fail", () => {
    const blind = times<[Pair, Pair]>(3, [
      [100, 0],
      [900, 0],
    ]);
    expect(decisions(blind, timing)).toEqual(times(3, "undecided"));
    expect(last(blind, timing)?.reason).toBe("the time of 0 of its requests is known, of the 50 needed");
    expect(
      decisions(
        times(3, [
          [100, 9],
          [900, 0],
        ]),
        timing,
      ).at(-1),
    ).toBe("fail");
  });

  test("times without the bucket of the objective are missing, and not all slow", () => {
    const unknown: Counts = { total: 100, bad: 0, timed: 100 };
    expect(decisions(times(3, [unknown, timed(900, 0, 900, 9)]), timing)).toEqual(times(3, "undecided"));
    expect(decisions(times(3, [unknown, { ...unknown, total: 900, timed: 900 }]), timing)).toEqual(
      times(3, "undecided"),
    );
  });

  test("a good look at the errors ends their row, though times are missing", () => {
    const window = { ...timing, windowSeconds: 15 };
    const bad: [Pair, Pair] = [
      [100, 9],
      [900, 0],
    ];
    const fine: [Pair, Pair] = [
      [100_000, 0],
      [900, 0],
    ];
    expect(decisions([bad, bad, fine, bad], window)).not.toContain("fail");
  });
});

describe("reasons", () => {
  test("a failure tells numbers, the old version's, and limits", () => {
    const verdict = last(
      times(3, [
        [940, 46],
        [8612, 9],
      ]),
    );
    expect(verdict).toEqual({
      decision: "fail",
      reason:
        "4.89 % of its 2,820 requests failed, 0.105 % of the old version's 25,836 (limit 1 %, at most 2 times the old)",
      new: { total: 2820, bad: 138 },
      old: { total: 25836, bad: 27 },
    });
  });

  test("a bad look tells how many there were", () => {
    expect(
      last([
        [
          [100, 5],
          [0, 0],
        ],
      ])?.reason,
    ).toBe("5 % of its 100 requests failed (limit 1 %); bad in 1 of 3 looks in a row");
  });

  test("too few requests are told", () => {
    expect(
      last([
        [
          [1, 0],
          [10, 0],
        ],
      ])?.reason,
    ).toBe("it has answered 1 of the 50 requests needed");
  });
});

describe("properties", () => {
  const count = fc.oneof(fc.nat(300), fc.nat(3));
  const sane: fc.Arbitrary<Counts> = fc
    .tuple(count, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([total, share]) => ({ total, bad: Math.floor(total * share * share) }));
  const history = fc
    .array(fc.record({ gap: fc.integer({ min: 1, max: 90 }), new: sane, old: sane }), { maxLength: 20 })
    .map((entries) =>
      entries.map(({ gap: _, ...slot }, index): Slot => {
        const at = entries.slice(0, index + 1).reduce((sum, { gap }) => sum + gap, 0);
        return { at, ...slot };
      }),
    );
  const rules: fc.Arbitrary<ThresholdRule> = fc.record({
    maxErrorRatio: fc.constantFrom(0, 0.01, 0.1, 1),
    maxTimesOld: fc.constantFrom(1, 2, 10),
    minRequests: fc.constantFrom(1, 10, 50),
    consecutiveLooks: fc.integer({ min: 1, max: 4 }),
    windowSeconds: fc.constantFrom(15, 60, 300),
  });
  const insane = fc.constantFrom(Number.NaN, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300);

  test("without requests of the new version nothing is ever decided", () => {
    fc.assert(
      fc.property(history, rules, (seen, by) => {
        const idle = seen.map((slot) => ({ ...slot, new: noCounts }));
        expect(run(idle, by).verdicts.every((verdict) => verdict.decision === "undecided")).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });

  test("a version without errors never fails, one whose every request fails never passes beside a good one", () => {
    fc.assert(
      fc.property(history, rules, (seen, by) => {
        const flawless = seen.map((slot) => ({ ...slot, new: { ...slot.new, bad: 0 } }));
        expect(run(flawless, by).verdicts.map((verdict) => verdict.decision)).not.toContain("fail");
        const broken = seen.map((slot) => ({
          ...slot,
          new: { ...slot.new, bad: slot.new.total },
          old: { ...slot.old, bad: 0 },
        }));
        const strict = { ...by, maxErrorRatio: Math.min(by.maxErrorRatio, 0.5) };
        expect(run(broken, strict).verdicts.map((verdict) => verdict.decision)).not.toContain("pass");
      }),
      { numRuns: 5_000 },
    );
  });

  test("counts that cannot be change nothing and decide nothing", () => {
    fc.assert(
      fc.property(history, rules, insane, fc.nat(), fc.nat(3), (seen, by, number, where, field) => {
        const broken: Counts = field % 2 === 0 ? { total: number, bad: 0 } : { total: 5, bad: number };
        const at = (seen.at(-1)?.at ?? 0) + 15;
        const slot: Slot =
          field < 2 ? { at, new: broken, old: noCounts } : { at, new: { total: 9, bad: 0 }, old: broken };
        const { state } = run(seen, by);
        const next = thresholdJudge(by).look(
          state,
          where % 5 === 0 ? { ...slot, new: noCounts, at: Number.NaN } : slot,
        );
        expect(next.state).toEqual(state);
        expect(next.verdict.decision).toBe("undecided");
      }),
      { numRuns: 10_000 },
    );
  });

  test("the judge goes on from a journal as if nothing had happened, and changes no state it was given", () => {
    fc.assert(
      fc.property(history, rules, (seen, by) => {
        const judge = thresholdJudge(by);
        let kept = judge.initial();
        let unchanged = true;
        const verdicts = seen.map((slot) => {
          const before = JSON.stringify(kept);
          const next = thresholdJudge(by).look(kept, slot);
          unchanged &&= JSON.stringify(kept) === before;
          kept = JSON.parse(JSON.stringify(next.state));
          return next.verdict;
        });
        expect(unchanged).toBe(true);
        expect(verdicts).toEqual(run(seen, by).verdicts);
        const spread = (kept.recent.at(-1)?.at ?? 0) - (kept.recent[0]?.at ?? 0);
        expect(spread).toBeLessThan(by.windowSeconds);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a fail comes only on a look at new requests, with so many looks before it", () => {
    fc.assert(
      fc.property(history, rules, (seen, by) => {
        const { verdicts } = run(seen, by);
        const first = verdicts.findIndex((verdict) => verdict.decision === "fail");
        if (first < 0) return;
        expect(seen[first]?.new.total).toBeGreaterThan(0);
        const looks = seen.slice(0, first + 1).filter((slot) => slot.new.total > 0);
        expect(looks.length).toBeGreaterThanOrEqual(by.consecutiveLooks);
        const verdict = verdicts[first];
        if (!verdict) throw new Error("no verdict");
        expect(verdict.new.total).toBeGreaterThanOrEqual(by.minRequests);
        expect(verdict.new.bad / verdict.new.total).toBeGreaterThan(by.maxErrorRatio);
      }),
      { numRuns: 10_000 },
    );
  });
});

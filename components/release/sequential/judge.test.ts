import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Counts, Slot, Verdict } from "../judge";
import { usualRule } from "../testing/sequential-rule";
import { sequentialJudge } from "./judge";
import type { SequentialRule } from "./rule";
import { type SequentialState, standingOf } from "./standing";

const SECONDS = 15;
const rule = usualRule;
const slow = { ignoreBelow: 0.01, sloMax: 0.01 };

type Look = readonly [fresh: Partial<Counts>, old: Partial<Counts>];

/** Looks at slots from slot 1 on; history first. */
function judge(
  looks: readonly Look[],
  asked: Partial<SequentialRule> = {},
): { state: SequentialState; verdict: Verdict } {
  const by = sequentialJudge({ ...rule, ...asked }, SECONDS);
  let result: { state: SequentialState; verdict: Verdict } = {
    state: by.initial(),
    verdict: { decision: "undecided", reason: "", new: { total: 0, bad: 0 }, old: { total: 0, bad: 0 } },
  };
  looks.forEach(([fresh, old], index) => {
    const counts = (given: Partial<Counts>) => ({ total: 0, bad: 0, ...given });
    result = by.look(result.state, { at: (index + 1) * SECONDS, new: counts(fresh), old: counts(old) });
  });
  return result;
}
const repeated = (look: Look, times: number): Look[] => Array.from({ length: times }, () => look);
/** An hour in which 0.2 % of the old version's requests failed, evenly. */
const past = repeated([{}, { total: 1500, bad: 3 }], 240);

describe("verdicts", () => {
  test("a version that fails ten times as often is taken back within two scrapes, with the odds", () => {
    const { verdict } = judge([
      ...past,
      ...repeated(
        [
          { total: 150, bad: 5 },
          { total: 1350, bad: 3 },
        ],
        2,
      ),
    ]);
    expect(verdict).toMatchObject({ decision: "fail", new: { total: 300, bad: 10 }, old: { total: 2700, bad: 6 } });
    expect(verdict.reason).toMatch(
      /^3\.33 % of its 300 requests failed, 0\.222 % of the old version's 2,700; by chance that happens in fewer than 1 of 22,000 releases$/,
    );
  });

  test("a version as good as the old one passes", () => {
    const { verdict, state } = judge([
      ...past,
      ...repeated(
        [
          { total: 750, bad: 1 },
          { total: 750, bad: 1 },
        ],
        40,
      ),
    ]);
    expect(verdict.decision).toBe("pass");
    expect(verdict.reason).toMatch(/; twice as many would have shown by now$/);
    expect(standingOf(rule, state).logLikelihoodRatio).toBeLessThan(Math.log(0.05));
  });

  test("a version without errors beside an old one without errors is surely below its limit", () => {
    const { verdict } = judge(repeated([{ total: 100 }, { total: 900 }], 12));
    expect(verdict).toMatchObject({ decision: "pass" });
    expect(verdict.reason).toBe(
      "0 % of its 1,200 requests failed, 0 % of the old version's 10,800; it is surely below 1 %",
    );
  });

  test("both versions failing alike is nobody's fault", () => {
    const incident = judge([
      ...past,
      ...repeated(
        [
          { total: 150, bad: 75 },
          { total: 1350, bad: 675 },
        ],
        20,
      ),
    ]);
    expect(incident.verdict.decision).not.toBe("fail");
  });

  test("a switch of all traffic at once is judged by what the old version did before", () => {
    expect(judge([...past, ...repeated([{ total: 1500, bad: 60 }, {}], 2)]).verdict.decision).toBe("fail");
    expect(judge([...past, ...repeated([{ total: 1500, bad: 3 }, {}], 20)]).verdict.decision).not.toBe("fail");
  });

  test("slow requests are judged beside errors, with half of alpha for each", () => {
    const timed = (late: number, total: number): Partial<Counts> => ({ total, timed: total, slow: late });
    const looks = [...past.map((): Look => [{}, timed(15, 1500)]), ...repeated([timed(40, 150), timed(13, 1350)], 2)];
    const { verdict, state } = judge(looks, { slow });
    expect(verdict.decision).toBe("fail");
    expect(verdict.reason).toMatch(
      /^26\.7 % of its 300 requests were too slow, 0\.963 % of the old version's 2,700; 0 % of/,
    );
    expect(standingOf({ ...rule, slow }, state).failAt).toBeCloseTo(Math.log(250), 12);
  });

  test("times that are missing never pass", () => {
    const { verdict } = judge(repeated([{ total: 1000 }, { total: 9000 }], 40), { slow });
    expect(verdict.decision).toBe("undecided");
    expect(verdict.clear).toBeUndefined();
    expect(verdict.reason).toMatch(/; how long its requests take is not known$/);
  });

  describe("a histogram without a bucket at the objective tells of no slow request, and of no fast one", () => {
    const times = (total: number, late?: number): Partial<Counts> => ({
      total,
      timed: total,
      ...(late !== undefined && { slow: late }),
    });
    test.each([
      ["either version", times(1000), times(9000), "how long its requests take is not known"],
      ["the new version", times(1000), times(9000, 20), "how long its requests take is not known"],
      ["the old version", times(1000, 2), times(9000), "how long the old version's requests take is not known"],
    ])("of %s", (_, fresh, old, reason) => {
      const looks = [...repeated([{}, old], 60), ...repeated([fresh, old], 40)];
      const { verdict } = judge(looks, { slow });
      expect(verdict.decision).toBe("undecided");
      expect(verdict.reason.endsWith(`; ${reason}`)).toBe(true);
    });
  });
});

describe("what is not known is never decided", () => {
  test.each<[string, Look[], string]>([
    ["no traffic at all", repeated([{}, {}], 100), "it has answered no request yet"],
    ["no traffic of the new version", past, "it has answered no request yet"],
    [
      "no old version",
      repeated([{ total: 1000, bad: 900 }, {}], 100),
      "the old version has no requests to compare it with",
    ],
  ])("%s", (_, looks, reason) => {
    const { verdict } = judge(looks);
    expect(verdict.decision).toBe("undecided");
    expect(verdict.clear).toBeUndefined();
    expect(verdict.reason).toMatch(new RegExp(`${reason}$`));
  });

  test("counts that cannot be are left out", () => {
    const by = sequentialJudge(rule, SECONDS);
    const slot = (change: object): Slot => ({
      at: 15,
      new: { total: 10, bad: 1 },
      old: { total: 90, bad: 1 },
      ...change,
    });
    for (const change of [
      { at: Number.NaN },
      { new: { total: Number.NaN, bad: 0 } },
      { new: { total: 1, bad: 2 } },
      { old: { total: -1, bad: 0 } },
      { old: { total: Number.POSITIVE_INFINITY, bad: 0 } },
    ]) {
      const { state, verdict } = by.look(by.initial(), slot(change));
      expect(state).toEqual(by.initial());
      expect(verdict.decision).toBe("undecided");
    }
  });

  test("what came in a gap, in which weights and errors changed, is not judged", () => {
    // Both versions fail alike, and five times as often while the new one has three quarters instead of a tenth.
    const quiet: Look = [
      { total: 150, bad: 1 },
      { total: 1350, bad: 9 },
    ];
    const incident: Look = [
      { total: 1125, bad: 37 },
      { total: 375, bad: 13 },
    ];
    const merged = (slots: number): Look => {
      const sum = (version: 0 | 1, part: "total" | "bad") =>
        slots * ((quiet[version][part] ?? 0) + (incident[version][part] ?? 0));
      return [
        { total: sum(0, "total"), bad: sum(0, "bad") },
        { total: sum(1, "total"), bad: sum(1, "bad") },
      ];
    };
    const by = sequentialJudge(rule, SECONDS);
    const afterGap = (missing: number) => {
      let { state } = judge(past);
      const at = (past.length + 1 + missing) * SECONDS;
      const [fresh, old] = merged(10);
      const slot = { at, new: { total: 0, bad: 0, ...fresh }, old: { total: 0, bad: 0, ...old } };
      const look = by.look(state, slot);
      state = by.look(look.state, { ...slot, at: at + SECONDS }).state;
      return { ...look, next: state };
    };
    expect(afterGap(3).verdict.decision).toBe("fail");
    const { verdict, next } = afterGap(4);
    expect(verdict).toMatchObject({ decision: "undecided", new: { total: 0, bad: 0 } });
    // The first slot after the gap is judged again.
    expect(next.seen.new.total).toBe(merged(10)[0].total);
    expect(judge([...past, ...repeated(quiet, 10), ...repeated(incident, 10)]).verdict.decision).not.toBe("fail");
  });

  test("a slot is taken once, in order", () => {
    const by = sequentialJudge(rule, SECONDS);
    const slot: Slot = { at: 30, new: { total: 10, bad: 5 }, old: { total: 90, bad: 0 } };
    const once = by.look(by.initial(), slot);
    expect(by.look(once.state, slot).state).toEqual(once.state);
    expect(by.look(once.state, { ...slot, at: 15 }).state).toEqual(once.state);
  });
});

describe("gates that ask for no verdict", () => {
  test("open with enough requests and no objection", () => {
    const few = judge([...past, [{ total: 49 }, { total: 441 }]]).verdict;
    expect(few).toMatchObject({ decision: "undecided" });
    expect(few.clear).toBeUndefined();
    expect(judge([...past, [{ total: 50 }, { total: 450 }]]).verdict).toMatchObject({
      decision: "undecided",
      clear: true,
    });
  });

  test("stay closed while the evidence is half-way to a rollback", () => {
    const { verdict } = judge([
      ...past,
      [
        { total: 150, bad: 4 },
        { total: 1350, bad: 2 },
      ],
    ]);
    expect(verdict).toMatchObject({ decision: "undecided", suspect: true });
    expect(verdict.clear).toBeUndefined();
    expect(verdict.reason).toMatch(/; the evidence against it is [\d.]+, 4\.8 take it back$/);
  });

  test("stay closed for a version that fails beside no old one", () => {
    expect(judge(repeated([{ total: 100, bad: 2 }, {}], 10)).verdict.clear).toBeUndefined();
    expect(judge(repeated([{ total: 100, bad: 1 }, {}], 10)).verdict.clear).toBe(true);
    // The old version's few requests say no more than none: by them nothing fails.
    const switched = (past: number, bad: number) =>
      judge([[{}, { total: past }], ...repeated([{ total: 20, bad }, {}], 6)]);
    expect(switched(49, 20).verdict).toMatchObject({ decision: "undecided" });
    expect(switched(49, 20).verdict.clear).toBeUndefined();
    expect(switched(49, 20).verdict.reason).toMatch(/; the old version's 49 requests are too few to compare it with$/);
    expect(switched(49, 0).verdict.clear).toBe(true);
    expect(switched(50, 20).verdict.decision).toBe("fail");
  });
});

test("the warm-up is not judged", () => {
  const cold: Look = [
    { total: 150, bad: 60 },
    { total: 1350, bad: 3 },
  ];
  const warm: Look = [
    { total: 150, bad: 0 },
    { total: 1350, bad: 3 },
  ];
  const looks = [...past, ...repeated(cold, 4)];
  expect(judge(looks).verdict.decision).toBe("fail");
  const { verdict } = judge(looks, { warmUpSeconds: 60 });
  expect(verdict).toMatchObject({ decision: "undecided", new: { total: 0, bad: 0 } });
  expect(verdict.reason).toBe("it warms up: what it answers in its first 60 s is not judged");
  const later = judge([...looks, ...repeated(warm, 4)], { warmUpSeconds: 60 });
  expect(later.verdict).toMatchObject({ new: { total: 600, bad: 0 } });
});

test("a version that tolerates more fails later", () => {
  const looks = [
    ...past,
    ...repeated(
      [
        { total: 150, bad: 1 },
        { total: 1350, bad: 3 },
      ],
      30,
    ),
  ];
  const at = (tolerate: number) =>
    standingOf({ ...rule, tolerate }, judge(looks, { tolerate }).state).logLikelihoodRatio;
  expect(at(1)).toBeGreaterThan(at(2));
  expect(at(2)).toBeGreaterThan(at(4));
});

const counts = fc.tuple(fc.nat(2000), fc.double({ min: 0, max: 1, noNaN: true })).map(([total, part]) => ({
  total,
  bad: Math.floor(total * part * part * part),
}));
const slots = fc.array(fc.record({ new: counts, old: counts }), { maxLength: 60 });

test("the state is plain JSON, and a look after a journal says the same", () => {
  fc.assert(
    fc.property(slots, fc.nat(59), (list, cut) => {
      const by = sequentialJudge({ ...rule, slow }, SECONDS);
      let [straight, resumed] = [by.initial(), by.initial()];
      list.forEach((slot, index) => {
        const look = { ...slot, at: index * SECONDS };
        straight = by.look(straight, look).state;
        if (index === cut) resumed = JSON.parse(JSON.stringify(resumed)) as SequentialState;
        resumed = by.look(resumed, look).state;
      });
      expect(resumed).toEqual(straight);
    }),
    { numRuns: 2_000 },
  );
});

test("more errors of the new version are never better for it, without bursts", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 20 }), (length, bad) => {
      const at = (failed: number) => {
        const looks = [
          ...past,
          ...repeated(
            [
              { total: 150, bad: failed },
              { total: 1350, bad: 3 },
            ],
            length,
          ),
        ];
        return standingOf(rule, judge(looks).state).logLikelihoodRatio;
      };
      expect(at(bad + 1)).toBeGreaterThanOrEqual(at(bad));
    }),
    { numRuns: 300 },
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OnNoData, OnUndecided } from "../../model/release";
import { type AnalysisMetric, type AnalysisTemplateSpec, ERROR_RETRY_SECONDS, UNLIMITED } from "./argo-analysis";
import {
  badConditions,
  errorLimit,
  gateConditions,
  looksWithin,
  type Outcome,
  outcomeOf,
  type Policies,
  type Standing,
  standingOf,
} from "./decision";
import { argoRun, type Phase } from "./testing/argo-run";

const INTERVAL = 30;
const WAIT_SECONDS = 60;
const CODE: Record<Standing, number[]> = {
  sure: [1, 11],
  clear: [2],
  undecided: [12],
  suspect: [3, 13],
  bad: [4, 14, 24, 34],
  noData: [0, 10, 20, 21, 22, 23, 30, 31, 32, 33],
};
const standings = Object.keys(CODE) as Standing[];

const policies: Policies[] = (["Failed", "Inconclusive"] as const).flatMap((whenBad) =>
  Object.values(OnUndecided).flatMap((onUndecided) =>
    Object.values(OnNoData).map((onNoData) => ({ whenBad, onUndecided, onNoData })),
  ),
);

function gateSpec(asked: Policies, waitSeconds = WAIT_SECONDS): AnalysisTemplateSpec {
  const conditions = gateConditions(asked, looksWithin(waitSeconds, INTERVAL));
  const metric = (name: "gate" | "wait"): AnalysisMetric => ({
    name,
    interval: `${INTERVAL}s`,
    consecutiveErrorLimit: errorLimit(asked, waitSeconds),
    ...conditions[name],
    provider: { prometheus: { query: "", timeout: 1 } },
  });
  return { args: [], metrics: [metric("gate"), metric("wait")], dryRun: [], measurementRetention: [] };
}

test("every number of the query means what it says", () => {
  for (const standing of standings) {
    for (const code of CODE[standing]) expect([code, standingOf(code)]).toEqual([code, standing]);
  }
});

describe("the decision table", () => {
  test.each<[Standing, Partial<Policies>, Outcome]>([
    ["sure", {}, "pass"],
    ["clear", {}, "pass"],
    ["bad", {}, "fail"],
    ["bad", { whenBad: "Inconclusive" }, "pause"],
    ["suspect", { onUndecided: "promote" }, "wait"],
    ["undecided", {}, "wait"],
    ["undecided", { onUndecided: "pause" }, "pause"],
    ["undecided", { onUndecided: "promote" }, "pass"],
    ["undecided", { onUndecided: "rollback" }, "fail"],
    ["undecided", { onUndecided: "rollback", whenBad: "Inconclusive" }, "pause"],
    ["noData", { onUndecided: "promote" }, "wait"],
    ["noData", { onNoData: "pause" }, "pause"],
    ["noData", { onNoData: "rollback" }, "fail"],
    ["noData", { onNoData: "rollback", whenBad: "Inconclusive" }, "pause"],
  ])("%s with %j: %s", (standing, asked, outcome) => {
    const usual: Policies = { whenBad: "Failed", onUndecided: "wait", onNoData: "wait" };
    expect(outcomeOf(standing, { ...usual, ...asked })).toBe(outcome);
  });

  test("nothing but requests that were seen and suffice, or the wish to go on without them, ever passes", () => {
    for (const asked of policies) {
      const passing = standings.filter((standing) => outcomeOf(standing, asked) === "pass");
      expect(passing).toEqual(asked.onUndecided === "promote" ? ["sure", "clear", "undecided"] : ["sure", "clear"]);
    }
  });
});

/** What must come of looks one after another, without a word of Argo's: undefined is Prometheus that does not answer. */
function expected(asked: Policies, looks: readonly (Standing | undefined)[]): Phase {
  const ends: Record<Exclude<Outcome, "wait">, Phase> = { pass: "Successful", fail: "Failed", pause: "Inconclusive" };
  const mostWaits = looksWithin(WAIT_SECONDS, INTERVAL);
  let [waits, silent] = [0, 0];
  for (const look of looks) {
    silent = look === undefined ? silent + 1 : 0;
    if (silent > errorLimit(asked, WAIT_SECONDS)) return "Error";
    if (look === undefined) continue;
    const outcome = outcomeOf(look, asked);
    if (outcome !== "wait") return ends[outcome];
    waits++;
    if (waits > mostWaits) return asked.whenBad === "Failed" ? "Failed" : "Inconclusive";
  }
  return "Running";
}

test("a gate in Argo does for all policies and all rows of looks what the table says", () => {
  const looks = [...standings, undefined];
  const rows = (length: number): (Standing | undefined)[][] =>
    length === 0 ? [[]] : rows(length - 1).flatMap((row) => looks.map((look) => [...row, look]));
  const seen = new Map<Phase, number>();
  for (const asked of policies) {
    const spec = gateSpec(asked);
    for (const row of rows(3)) {
      const next: Record<string, number> = {};
      const until = 10_000;
      const { phase } = argoRun(
        spec,
        {},
        (name) => {
          const index = next[name] ?? 0;
          next[name] = index + 1;
          const standing = row[index];
          // Behind the row nothing is said any more, which must change nothing.
          return standing === undefined ? undefined : [CODE[standing][index % CODE[standing].length] ?? Number.NaN];
        },
        until,
      );
      // Silence at the end is silence: it lasts as long as the run.
      const silence = Array.from<undefined>({ length: until / ERROR_RETRY_SECONDS });
      const wanted = expected(asked, [...row, ...silence]);
      if (phase !== wanted) expect({ asked, row, phase }).toEqual({ asked, row, phase: wanted });
      seen.set(phase, (seen.get(phase) ?? 0) + 1);
    }
  }
  expect([...seen.keys()].sort()).toEqual(["Error", "Failed", "Inconclusive", "Running", "Successful"]);
}, 60_000);

test("a version is waited for as long as was said, then taken back or paused", () => {
  const end = (asked: Policies, waitSeconds: number, standing: Standing) => {
    const { at, phase } = argoRun(gateSpec(asked, waitSeconds), {}, () => [CODE[standing][0] ?? 0], 10_000);
    return { at, phase };
  };
  const usual: Policies = { whenBad: "Failed", onUndecided: "wait", onNoData: "wait" };
  for (const waitSeconds of [0, 1, 29, 30, 31, 600]) {
    const at = Math.ceil(waitSeconds / INTERVAL) * INTERVAL;
    expect(end(usual, waitSeconds, "undecided")).toEqual({ at, phase: "Failed" });
    expect(end(usual, waitSeconds, "noData")).toEqual({ at, phase: "Failed" });
    expect(end(usual, waitSeconds, "suspect")).toEqual({ at, phase: "Failed" });
    expect(end({ ...usual, whenBad: "Inconclusive" }, waitSeconds, "suspect")).toEqual({ at, phase: "Inconclusive" });
  }
});

test("Prometheus that does not answer never passes and never blames", () => {
  for (const asked of policies) {
    const { phase, at } = argoRun(gateSpec(asked, 600), {}, () => undefined, 5000);
    if (asked.whenBad === "Inconclusive" || asked.onNoData === "pause") expect(phase).toBe("Running");
    else {
      expect({ phase, at }).toEqual({ phase: "Error", at: asked.onNoData === "rollback" ? 40 : 600 });
    }
  }
});

test("what two metrics see at different moments never opens a gate that the last look found closed", () => {
  const look = fc.constantFrom(...standings, undefined);
  fc.assert(
    fc.property(
      fc.constantFrom(...policies),
      fc.array(look, { maxLength: 8 }),
      fc.array(look, { maxLength: 8 }),
      (asked, ofGate, ofWait) => {
        const looks: Record<string, (Standing | undefined)[]> = { gate: [...ofGate], wait: [...ofWait] };
        const { phase, measured } = argoRun(
          gateSpec(asked),
          {},
          (name) => {
            const standing = looks[name]?.shift();
            return standing === undefined ? undefined : [CODE[standing][0] ?? Number.NaN];
          },
          2000,
        );
        const last = Object.values(measured).map((all) => all.at(-1)?.value?.[0]);
        const outcomes = last.map((code) => (code === undefined ? undefined : outcomeOf(standingOf(code), asked)));
        if (phase === "Successful") expect(outcomes).toEqual(["pass", "pass"]);
        if (phase === "Failed") expect(outcomes.some((outcome) => outcome === "fail" || outcome === "wait")).toBe(true);
        if (asked.whenBad === "Inconclusive") expect(["Failed", "Error"]).not.toContain(phase);
      },
    ),
    { numRuns: 2000 },
  );
});

describe("what speaks only of a bad version", () => {
  const spec = (whenBad: Policies["whenBad"], passAt?: number): AnalysisTemplateSpec => ({
    args: [],
    metrics: [
      {
        name: "evidence",
        interval: "30s",
        consecutiveErrorLimit: UNLIMITED,
        ...badConditions(whenBad, 4.8, passAt),
        provider: { prometheus: { query: "", timeout: 1 } },
      },
    ],
    dryRun: [],
    measurementRetention: [],
  });

  test.each<[Policies["whenBad"], number | undefined, Phase]>([
    ["Failed", -3, "Failed"],
    ["Failed", undefined, "Failed"],
    ["Inconclusive", -3, "Inconclusive"],
    ["Inconclusive", undefined, "Inconclusive"],
  ])("ends at once with a bad version: %s, passing at %s", (whenBad, passAt, phase) => {
    const values = [[-8], undefined, [0], [4.79], [], [4.81]];
    expect(argoRun(spec(whenBad, passAt), {}, (_, at) => values[Math.round(at / 30)], 1000)).toMatchObject({ phase });
  });

  test.each<["Failed" | "Inconclusive", number | undefined]>([
    ["Failed", -3],
    ["Failed", undefined],
    ["Inconclusive", -3],
  ])("and never otherwise: %s, passing at %s", (whenBad, passAt) => {
    for (const value of [[-8], [0], [4.79], [Number.NaN], [], undefined]) {
      expect(argoRun(spec(whenBad, passAt), {}, () => value, 100_000).phase).toBe("Running");
    }
  });
});

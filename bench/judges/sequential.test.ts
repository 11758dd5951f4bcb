import { expect, test } from "vitest";
import { judgeOf } from "../../components/release/judges";
import { type Cell, HISTORY_SLOTS, KINDS, SLOT_SECONDS, SLOTS } from "./grid";
import type { Outcome } from "./outcome";
import { Random } from "./random";
import { judgeSequentially, sequentialRule } from "./sequential";
import { emptyRelease, type Release, simulate } from "./simulate";

/** The judge as the guard asks it: history first, then slot by slot. */
function askJudge(cell: Cell, release: Release): Outcome {
  const judge = judgeOf(sequentialRule(cell), SLOT_SECONDS);
  let state = judge.initial();
  let passedAt: number | undefined;
  for (let index = 0; index < HISTORY_SLOTS + SLOTS; index++) {
    const slot = index - HISTORY_SLOTS;
    const looked = judge.look(state, {
      at: release.startsAt + (index + 1) * SLOT_SECONDS,
      new: { total: release.newTotal[slot] ?? 0, bad: release.newBad[slot] ?? 0 },
      old: { total: release.oldTotal[index] ?? 0, bad: release.oldBad[index] ?? 0 },
    });
    state = looked.state;
    const at = (slot + 1) * SLOT_SECONDS;
    if (looked.verdict.decision === "fail") return { rolledBackAt: at, ...(passedAt !== undefined && { passedAt }) };
    if (looked.verdict.decision === "pass") passedAt ??= at;
  }
  return passedAt === undefined ? {} : { passedAt };
}

test("The simulator decides as the judge that the guard asks", () => {
  const release = emptyRelease();
  const seen = { failed: 0, passed: 0, neither: 0 };
  for (const kind of KINDS) {
    for (const [requestsPerSecond, theta] of [
      [0.05, 1],
      [10, 1],
      [10, 5],
      [100, 2],
    ] as const) {
      const cell: Cell = { kind, requestsPerSecond, errorRatio: 0.01, theta };
      const random = new Random(`same ${kind} ${requestsPerSecond}`);
      for (let number = 0; number < 3; number++) {
        simulate(cell, random, release);
        const outcome = judgeSequentially(sequentialRule(cell), release);
        expect(outcome).toEqual(askJudge(cell, release));
        seen[outcome.rolledBackAt !== undefined ? "failed" : outcome.passedAt !== undefined ? "passed" : "neither"] +=
          1;
      }
    }
  }
  expect(Math.min(seen.failed, seen.passed, seen.neither)).toBeGreaterThan(5);
});

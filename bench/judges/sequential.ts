import { noCounts } from "../../components/release/judge";
import { disperse, noDispersion } from "../../components/release/sequential/dispersion";
import { gather, noEvidence } from "../../components/release/sequential/evidence";
import type { SequentialRule } from "../../components/release/sequential/rule";
import { standingOf } from "../../components/release/sequential/standing";
import { type Cell, HISTORY_SLOTS, SLOT_SECONDS, SLOTS, waitOf } from "./grid";
import type { Outcome } from "./outcome";
import type { Release } from "./simulate";

/** The defaults, but without limits that only an operator can know: what is compared is the statistics. */
export function sequentialRule(cell: Cell): SequentialRule {
  return {
    test: "sequential",
    alpha: 0.01,
    beta: 0.05,
    tolerate: 1,
    warmUpSeconds: waitOf(cell),
    historySeconds: 3600,
    minRequests: 50,
    errors: { ignoreBelow: 0, sloMax: 0.01 },
  };
}

const none = { bad: 0, total: 0 };
const nothing = { dispersion: noDispersion, old: none, evidence: noEvidence };

/**
 * The sequential test as it is used, looked at after each slot of the release: the judge's own functions, called without
 * the sentence it says at each look. A test holds both against each other.
 */
export function judgeSequentially(rule: SequentialRule, release: Release): Outcome {
  const { startsAt, oldTotal, oldBad, newTotal, newBad } = release;
  const beganAt = startsAt + HISTORY_SLOTS * SLOT_SECONDS;
  let dispersion = noDispersion;
  let evidence = noEvidence;
  let seenOld = none;
  let firstAt: number | null = null;
  let passedAt: number | undefined;
  for (let index = 0; index < HISTORY_SLOTS + SLOTS; index++) {
    const at = startsAt + (index + 1) * SLOT_SECONDS;
    const old = { bad: oldBad[index] ?? 0, total: oldTotal[index] ?? 0 };
    seenOld = { bad: seenOld.bad + old.bad, total: seenOld.total + old.total };
    if (firstAt === null && !((newTotal[index - HISTORY_SLOTS] ?? 0) > 0)) {
      dispersion = disperse(dispersion, at, old.bad, old.total, SLOT_SECONDS);
    }
    if (index < HISTORY_SLOTS) continue;
    const slot = index - HISTORY_SLOTS;
    const fresh = { bad: newBad[slot] ?? 0, total: newTotal[slot] ?? 0 };
    if (fresh.total > 0) firstAt ??= at;
    if (firstAt === null || at < firstAt + rule.warmUpSeconds) continue;
    evidence = gather(evidence, fresh, old, rule);
    const seen = { new: noCounts, old: noCounts };
    const { decision } = standingOf(rule, {
      at,
      firstAt,
      seen,
      errors: { dispersion, old: seenOld, evidence },
      slow: nothing,
    });
    if (decision === "fail") return { rolledBackAt: at - beganAt, ...(passedAt !== undefined && { passedAt }) };
    if (decision === "pass") passedAt ??= at - beganAt;
  }
  return passedAt === undefined ? {} : { passedAt };
}

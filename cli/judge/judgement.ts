import { type Counts, plausible, type Slot, type Verdict } from "../../components/release/judge";
import type { Inflation } from "../../components/release/sequential/dispersion";
import { endsGap, sequentialJudge } from "../../components/release/sequential/judge";
import { LARGEST_EXPONENT, type SequentialRule } from "../../components/release/sequential/rule";
import { standingOf } from "../../components/release/sequential/standing";
import type { Recording } from "./recording";

/** What the sequential test says about a release. Plain JSON; times in seconds, as they were recorded. */
export interface Judgement {
  verdict: Verdict["decision"];
  /**
   * End of the slot at which it was decided. Fail: the first at which it fails; nothing after it is looked at. Pass:
   * the first since which it passes until the end. Null when undecided.
   */
  at: number | null;
  /** Time from the canary's first slot to `at`; null when undecided. */
  secondsToVerdict: number | null;
  /** One sentence without its full stop; "it" is the canary. */
  reason: string;
  /** Undecided with at least half of the evidence that takes a version back. */
  suspect: boolean;
  /**
   * Natural logarithm of the evidence. Above 0 it is against the canary, which fails from `failAt` on; below 0 it is
   * for the canary, which passes from `passAt` downwards.
   */
  logLikelihoodRatio: number;
  failAt: number;
  passAt: number;
  /** Requests in the slots that were judged, and the share of the bad ones, 0 to 1; null without requests. */
  canaryRequests: number;
  canaryBad: number;
  canaryRate: number | null;
  stableRequests: number;
  stableBad: number;
  stableRate: number | null;
  /** Requests whose time is known, and the slow ones among them; with a latency objective only. */
  slow?: {
    canaryTimed: number;
    canarySlow: number;
    canaryRate: number | null;
    stableTimed: number;
    stableSlow: number;
    stableRate: number | null;
    inflation: Inflation;
  };
  /** By how much the evidence was shrunk because errors come together; 1 is not at all. */
  inflation: Inflation;
  /** Start of the canary's first slot; null when it had no request. */
  beganAt: number | null;
  /** End of the last slot that was looked at; null without slots. */
  endedAt: number | null;
  /** Slots looked at, those among them from before the canary's first request, and those whose counts cannot be. */
  slots: number;
  historySlots: number;
  leftOutSlots: number;
  /** Slots of the release that come after more missing scrapes than a judgement bears, and are not judged. */
  gapSlots: number;
  slotSeconds: number;
  rule: SequentialRule;
}

/** Where the release stood after a slot. */
export interface Look {
  slot: Slot;
  decision: Verdict["decision"];
  logLikelihoodRatio: number;
}

/**
 * Judges a recorded release slot by slot, as the guard does while it runs. Slots that end more than the rule's history
 * before the canary's first are not looked at.
 * @param onLook Told of every look.
 */
export function judgeRecording(
  rule: SequentialRule,
  { slots, slotSeconds }: Pick<Recording, "slots" | "slotSeconds">,
  onLook?: (look: Look) => void,
): Judgement {
  const first = slots.find((slot) => slot.new.total > 0);
  const beganAt = first === undefined ? null : first.at - slotSeconds;
  const judge = sequentialJudge(rule, slotSeconds);
  let state = judge.initial();
  let verdict: Verdict | undefined;
  let passedAt: number | null = null;
  const seen = { slots: 0, history: 0, leftOut: 0, gaps: 0 };
  for (const slot of slots) {
    if (beganAt !== null && slot.at <= beganAt - rule.historySeconds) continue;
    const gap = endsGap(state.at, slot.at, slotSeconds);
    ({ state, verdict } = judge.look(state, slot));
    seen.slots += 1;
    if (first === undefined || slot.at < first.at) seen.history += 1;
    else if (gap) seen.gaps += 1;
    if (!plausible(slot.new) || !plausible(slot.old)) seen.leftOut += 1;
    passedAt = verdict.decision === "pass" ? (passedAt ?? slot.at) : null;
    if (onLook !== undefined) {
      const logLikelihoodRatio = finite(standingOf(rule, state).logLikelihoodRatio);
      onLook({ slot, decision: verdict.decision, logLikelihoodRatio });
    }
    if (verdict.decision === "fail") break;
  }
  const standing = standingOf(rule, state);
  const { decision } = standing;
  const at = decision === "fail" ? state.at : passedAt;
  const { new: fresh, old } = state.seen;
  return {
    verdict: decision,
    at,
    secondsToVerdict: at === null || beganAt === null ? null : at - beganAt,
    reason: verdict?.reason ?? "there are no counts of either version",
    suspect: verdict?.suspect ?? false,
    logLikelihoodRatio: finite(standing.logLikelihoodRatio),
    failAt: standing.failAt,
    passAt: standing.passAt,
    canaryRequests: fresh.total,
    canaryBad: fresh.bad,
    canaryRate: rate(fresh.bad, fresh.total),
    stableRequests: old.total,
    stableBad: old.bad,
    stableRate: rate(old.bad, old.total),
    ...(standing.slow && { slow: { ...slowCounts(fresh, old), inflation: standing.slow.inflation } }),
    inflation: standing.errors.inflation,
    beganAt,
    endedAt: state.at,
    slots: seen.slots,
    historySlots: seen.history,
    leftOutSlots: seen.leftOut,
    gapSlots: seen.gaps,
    slotSeconds,
    rule,
  };
}

function slowCounts(fresh: Counts, old: Counts) {
  const { timed: canaryTimed = 0, slow: canarySlow = 0 } = fresh;
  const { timed: stableTimed = 0, slow: stableSlow = 0 } = old;
  const [canaryRate, stableRate] = [rate(canarySlow, canaryTimed), rate(stableSlow, stableTimed)];
  return { canaryTimed, canarySlow, canaryRate, stableTimed, stableSlow, stableRate };
}

const rate = (part: number, whole: number) => (whole === 0 ? null : part / whole);

/** JSON knows no infinity, and evidence below this is none in any case. No zero is negative. */
const finite = (evidence: number) => Math.max(-LARGEST_EXPONENT, Math.min(LARGEST_EXPONENT, evidence)) + 0;

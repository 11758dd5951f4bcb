import { addCounts, type Counts, type Judge, noCounts, plausible, type Slot, type Verdict } from "../judge";
import { disperse, noDispersion } from "./dispersion";
import { gather, noEvidence, type Tally } from "./evidence";
import { type BadLimits, MISSING_SCRAPES, type SequentialRule } from "./rule";
import { type MetricState, type SequentialState, standingOf } from "./standing";
import { describe } from "./words";

const nothing: MetricState = { dispersion: noDispersion, old: { bad: 0, total: 0 }, evidence: noEvidence };

/**
 * The sequential test of docs/analysis.md: may be looked at as often as one likes, and takes back a version that is as
 * good as the old one in at most `alpha` of all releases, however long they are (Ville 1939: a non-negative martingale
 * that starts at 1 ever reaches 1/α with a chance of at most α).
 *
 * A slot that ends a gap holds all requests since, of shares and incidents that are not known apart any more: one version
 * may have had most of its traffic in an incident of both. So it is not judged, as the expression for Prometheus knows
 * nothing of it.
 *
 * Slots before the new version's first request are the old version's history: they show how its errors come. Without
 * any the test assumes bursts of PRIOR_BURST, and is that much slower.
 */
export function sequentialJudge(rule: SequentialRule, slotSeconds: number): Judge<SequentialState> {
  return {
    initial: () => ({
      at: null,
      firstAt: null,
      seen: { new: noCounts, old: noCounts },
      errors: nothing,
      slow: nothing,
    }),
    look(state, slot) {
      if (!Number.isFinite(slot.at) || !plausible(slot.new) || !plausible(slot.old)) {
        const reason = "the counts of the last slot make no sense, so that it was left out";
        return { state, verdict: { decision: "undecided", reason, ...state.seen } };
      }
      const next = state.at !== null && slot.at <= state.at ? state : take(rule, slotSeconds, state, slot);
      return { state: next, verdict: verdictOf(rule, next) };
    },
  };
}

function take(rule: SequentialRule, slotSeconds: number, state: SequentialState, slot: Slot): SequentialState {
  const firstAt = state.firstAt ?? (slot.new.total > 0 ? slot.at : null);
  const warm = firstAt !== null && slot.at >= firstAt + rule.warmUpSeconds;
  const judged = warm && !endsGap(state.at, slot.at, slotSeconds);
  const metric = (state: MetricState, tally: (counts: Counts) => Tally): MetricState => {
    const { bad, total } = tally(slot.old);
    return {
      // From then on an incident of both versions would show in it, and hide a bad version.
      dispersion: firstAt === null ? disperse(state.dispersion, slot.at, bad, total, slotSeconds) : state.dispersion,
      old: { bad: state.old.bad + bad, total: state.old.total + total },
      evidence: judged ? gather(state.evidence, tally(slot.new), { bad, total }, rule) : state.evidence,
    };
  };
  return {
    at: slot.at,
    firstAt,
    seen: judged ? { new: addCounts(state.seen.new, slot.new), old: addCounts(state.seen.old, slot.old) } : state.seen,
    errors: metric(state.errors, ({ bad, total }) => ({ bad, total })),
    slow:
      rule.slow === undefined
        ? state.slow
        : metric(state.slow, ({ slow, timed = 0 }) =>
            slow === undefined ? { bad: 0, total: 0 } : { bad: slow, total: timed },
          ),
  };
}

/** Whether so many scrapes are missing before a slot that it is not judged. */
export function endsGap(before: number | null, at: number, slotSeconds: number): boolean {
  // Fractions of a second are not exact in binary.
  return before !== null && at - before > (MISSING_SCRAPES + 1 + 1e-6) * slotSeconds;
}

function verdictOf(rule: SequentialRule, state: SequentialState): Verdict {
  const standing = standingOf(rule, state);
  const { decision, logLikelihoodRatio, failAt } = standing;
  const verdict: Verdict = { decision, reason: describe(rule, state, standing), ...state.seen };
  if (decision !== "undecided") return verdict;
  if (logLikelihoodRatio >= failAt / 2) return { ...verdict, suspect: true };
  return unobjectionable(rule, state) ? { ...verdict, clear: true } : verdict;
}

/** Whether enough was seen for a gate that asks for no verdict. */
function unobjectionable({ minRequests, errors, slow }: SequentialRule, state: SequentialState): boolean {
  const enough = ({ evidence, old }: MetricState, { sloMax }: BadLimits) => {
    const { bad, total } = evidence.judged;
    // Beside too little of an old version nothing can fail, so that the new one must be good in itself.
    return total >= minRequests && (old.total >= minRequests || bad / total <= sloMax);
  };
  return enough(state.errors, errors) && (slow === undefined || enough(state.slow, slow));
}

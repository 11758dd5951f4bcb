import { addCounts, type Counts, type Judge, noCounts, plausible, type Slot, type Verdict } from "./judge";
import { percent } from "./percent";
import type { ThresholdRule } from "./plan";

/** What the threshold judge remembers. */
export interface ThresholdState {
  /** End of the newest slot seen. */
  at: number | null;
  /** Slots in which the new version answered, within the window of the newest of them. */
  recent: Slot[];
  /** Everything since the release began. */
  all: { new: Counts; old: Counts };
  /** Bad looks in a row. */
  badLooks: number;
}

/**
 * The threshold rule. The new version looks bad when the share of its requests that failed is above `maxErrorRatio`
 * and, where the old version had requests, above `maxTimesOld` times the old one's share; slow requests likewise with
 * `maxSlowRatio`. So many bad looks in a row as `consecutiveLooks` says fail the release.
 *
 * - The shares are taken over the slots of the last `windowSeconds`. When these hold fewer than `minRequests` of the
 *   new version, everything since the release began counts instead: at low traffic a window never fills, and waiting
 *   for it would mean never to decide. Below `minRequests` in all the judge is undecided.
 * - The old version is compared over the same slots, or since the release began when these hold fewer than
 *   `minRequests` of it: at 100 % it has none, and must not lose its say.
 * - A slot without requests of the new version is no look: it adds to no row of bad looks and ends none.
 * - With `maxSlowRatio`, `minRequests` timed requests are needed too: missing times never pass.
 * - A slot whose counts cannot be (negative, not a number, more errors than requests) is left out, and so is one that
 *   is not newer than the last.
 */
export function thresholdJudge(rule: ThresholdRule): Judge<ThresholdState> {
  return {
    initial: () => ({ at: null, recent: [], all: { new: noCounts, old: noCounts }, badLooks: 0 }),
    look(state, slot) {
      if (!Number.isFinite(slot.at) || !plausible(slot.new) || !plausible(slot.old)) {
        const reason = "the counts of the last slot make no sense, so that it was left out";
        return { state, verdict: { decision: "undecided", reason, ...state.all } };
      }
      if (state.at !== null && slot.at <= state.at) return { state, verdict: decide(rule, state) };
      const all = { new: addCounts(state.all.new, slot.new), old: addCounts(state.all.old, slot.old) };
      let next: ThresholdState = { ...state, at: slot.at, all };
      if (slot.new.total > 0) {
        next.recent = [...state.recent, slot].filter(({ at }) => at > slot.at - rule.windowSeconds);
        const { new: fresh, failing, slow } = evidenceOf(rule, next);
        if (failing || slow) next = { ...next, badLooks: state.badLooks + 1 };
        else if (fresh.total >= rule.minRequests) next = { ...next, badLooks: 0 };
      }
      return { state: next, verdict: decide(rule, next) };
    },
  };
}

interface Evidence {
  new: Counts;
  old: Counts;
  /** Whether there are requests enough to pass. */
  enough: boolean;
  failing: boolean;
  slow: boolean;
}

function evidenceOf(rule: ThresholdRule, { recent, all }: ThresholdState): Evidence {
  const timesNeeded = rule.maxSlowRatio === undefined ? 0 : rule.minRequests;
  const suffices = ({ total, timed = 0 }: Counts) => total >= rule.minRequests && timed >= timesNeeded;
  const windowed = recent.map((slot) => slot.new).reduce(addCounts, noCounts);
  const fresh = suffices(windowed) ? windowed : all.new;
  const beside = fresh === windowed ? recent.map((slot) => slot.old).reduce(addCounts, noCounts) : all.old;
  const old = suffices(beside) ? beside : all.old;
  const worse = (part: number, whole: number, oldPart: number, oldWhole: number, limit: number) =>
    whole >= rule.minRequests &&
    part / whole > limit &&
    (oldWhole === 0 || part / whole > (rule.maxTimesOld * oldPart) / oldWhole);
  return {
    new: fresh,
    old,
    enough: suffices(fresh),
    failing: worse(fresh.bad, fresh.total, old.bad, old.total, rule.maxErrorRatio),
    slow: worse(fresh.slow ?? 0, fresh.timed ?? 0, old.slow ?? 0, old.timed ?? 0, rule.maxSlowRatio ?? 1),
  };
}

function decide(rule: ThresholdRule, state: ThresholdState): Verdict {
  const evidence = evidenceOf(rule, state);
  const seen = { new: evidence.new, old: evidence.old };
  const reason = describe(rule, evidence);
  if (evidence.failing || evidence.slow) {
    if (state.badLooks >= rule.consecutiveLooks) return { decision: "fail", reason, ...seen };
    const row = `${reason}; bad in ${state.badLooks} of ${plural(rule.consecutiveLooks, "look")} in a row`;
    return { decision: "undecided", suspect: true, reason: row, ...seen };
  }
  if (evidence.enough) return { decision: "pass", reason, ...seen };
  const { total, timed = 0 } = evidence.new;
  const missing =
    total < rule.minRequests
      ? `it has answered ${amount(total)} of the ${plural(rule.minRequests, "request")} needed`
      : `the time of ${amount(timed)} of its requests is known, of the ${amount(rule.minRequests)} needed`;
  return { decision: "undecided", reason: missing, ...seen };
}

/** The numbers: first what is bad, then what is not. */
function describe(rule: ThresholdRule, evidence: Evidence): string {
  const { new: fresh, old } = evidence;
  const failed = compare("failed", fresh.bad, fresh.total, old.bad, old.total, rule.maxErrorRatio, rule.maxTimesOld);
  if (rule.maxSlowRatio === undefined) return failed;
  const [slow, timed, oldSlow, oldTimed] = [fresh.slow ?? 0, fresh.timed ?? 0, old.slow ?? 0, old.timed ?? 0];
  const late = compare("were too slow", slow, timed, oldSlow, oldTimed, rule.maxSlowRatio, rule.maxTimesOld);
  return evidence.failing || !evidence.slow ? `${failed}; ${late}` : `${late}; ${failed}`;
}

function compare(
  what: string,
  part: number,
  whole: number,
  oldPart: number,
  oldWhole: number,
  limit: number,
  times: number,
): string {
  const fresh = `${percent(part, whole)} of its ${plural(whole, "request")} ${what}`;
  if (oldWhole === 0) return `${fresh} (limit ${percent(limit, 1)})`;
  const before = `${percent(oldPart, oldWhole)} of the old version's ${amount(oldWhole)}`;
  return `${fresh}, ${before} (limit ${percent(limit, 1)}, at most ${amount(times)} times the old)`;
}

const decimal = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

const amount = (count: number) => decimal.format(count);
const plural = (count: number, noun: string) => `${amount(count)} ${noun}${count === 1 ? "" : "s"}`;

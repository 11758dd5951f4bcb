/** Requests of one version in one scrape slot (increments, not running totals). */
export interface Counts {
  total: number;
  /** Server errors among them. */
  bad: number;
  /** Requests seen by the duration histogram; absent without one. */
  timed?: number;
  /** Those slower than the objective; absent when the histogram has no bucket that ends there. */
  slow?: number;
}

/** What was seen of both versions in one scrape slot. */
export interface Slot {
  /** End of the slot, in seconds since 1970. */
  at: number;
  new: Counts;
  old: Counts;
}

/** What a judge says after a look. */
export interface Verdict {
  /** "pass": no objection. "fail": take the release back. "undecided": neither yet. */
  decision: "pass" | "fail" | "undecided";
  /** Undecided, but what was seen so far is against the new version: no policy may wave it through. */
  suspect?: boolean;
  /** Undecided, but seen enough without an objection for a gate that asks for no verdict. */
  clear?: boolean;
  /** One sentence for a person, without its full stop, with the numbers it rests on. "It" is the new version. */
  reason: string;
  /** The requests it rests on. */
  new: Counts;
  old: Counts;
}

/**
 * How a release is judged, the only way the guard asks. The state is plain JSON, to be kept in a journal between two
 * looks; a look changes nothing outside the state it returns.
 */
export interface Judge<State> {
  initial(): State;
  /** Looks at the next slot, in order of time. */
  look(state: State, slot: Slot): { state: State; verdict: Verdict };
}

/** No requests at all. */
export const noCounts: Counts = { total: 0, bad: 0 };

/** Sum of two counts. Timed and slow requests are absent when it is known of neither which were slow. */
export function addCounts(one: Counts, two: Counts): Counts {
  const sum = { total: one.total + two.total, bad: one.bad + two.bad };
  if (one.slow === undefined && two.slow === undefined) return sum;
  const timedOf = ({ timed = 0, slow }: Counts) => (slow === undefined ? 0 : timed);
  return { ...sum, timed: timedOf(one) + timedOf(two), slow: (one.slow ?? 0) + (two.slow ?? 0) };
}

/** Whether counts can be: finite, not negative, and no more bad or slow requests than there are. */
export function plausible({ total, bad, timed = 0, slow = 0 }: Counts): boolean {
  const numbers = [total, bad, timed, slow];
  return numbers.every((count) => count >= 0 && count <= Number.MAX_SAFE_INTEGER) && bad <= total && slow <= timed;
}

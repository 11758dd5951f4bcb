import type { Counts, Slot } from "./judge";

/** What a counter counts. "fast" are the timed requests within the latency objective. */
export type Counted = "total" | "bad" | "timed" | "fast";

/** A counter as it was scraped: its running total at some times, in any order. */
export interface Series {
  /** Identity: metric name and labels. */
  key: string;
  version: "new" | "old";
  /** What each increment adds to: a counter of server errors adds to "total" and "bad". */
  counts: readonly Counted[];
  /**
   * The counter began at zero within this release, so that its first value counts whole. Otherwise the first value
   * says only where to start from.
   */
  startsAtZero?: boolean;
  samples: readonly { at: number; value: number }[];
}

/** Where counting stands: plain JSON. */
export interface IncrementState {
  /** End of the newest slot that was handed out; its samples and older ones are counted. */
  slotAt: number | null;
  /** Last counted value of each series by key. */
  last: Record<string, number>;
}

export const initialIncrements: IncrementState = { slotAt: null, last: {} };

/**
 * Turns running totals into slots of requests, each slot once, in order.
 *
 * A slot comes when it is over at `until`, and only when a series was scraped in it: no slot means no data, a slot of
 * zeros means no requests. So scrapes may be handed over again and in any order: duplicates and late ones count once.
 * A value below the last one means that the counter began anew, and counts from zero; what the counter saw between the
 * last scrape and its restart is lost, never guessed. A scrape that is missing puts its requests into the next slot.
 * Values that are no finite number of at least zero are left out.
 */
export function increments(
  state: IncrementState,
  series: readonly Series[],
  slotSeconds: number,
  until: number,
): { state: IncrementState; slots: Slot[] } {
  if (!(slotSeconds > 0)) throw new RangeError(`Slots of ${slotSeconds} seconds are no slots.`);
  const over = Math.floor(until / slotSeconds) * slotSeconds;
  const last = new Map(Object.entries(state.last));
  const slots = new Map<number, Record<"new" | "old", Partial<Record<Counted, number>>>>();
  for (const one of series) {
    for (const { at, value } of inOrder(one.samples)) {
      const slotAt = Math.ceil(at / slotSeconds) * slotSeconds;
      if (slotAt > over || (state.slotAt !== null && slotAt <= state.slotAt)) continue;
      const before = last.get(one.key) ?? (one.startsAtZero ? 0 : value);
      last.set(one.key, value);
      const slot = slots.get(slotAt) ?? { new: {}, old: {} };
      slots.set(slotAt, slot);
      for (const counted of one.counts) {
        const sum = slot[one.version];
        sum[counted] = (sum[counted] ?? 0) + (value < before ? value : value - before);
      }
    }
  }
  const times = [...slots.keys()].sort((a, b) => a - b);
  return {
    state: { slotAt: times.at(-1) ?? state.slotAt, last: Object.fromEntries(last) },
    slots: times.map((at) => ({ at, new: countsOf(slots.get(at)?.new), old: countsOf(slots.get(at)?.old) })),
  };
}

/** Usable samples by time, one for each. */
function inOrder(samples: Series["samples"]): Series["samples"] {
  return samples
    .filter(({ at, value }) => Number.isFinite(at) && Number.isFinite(value) && value >= 0)
    .sort((a, b) => a.at - b.at || b.value - a.value)
    .filter(({ at }, index, sorted) => at !== sorted[index - 1]?.at);
}

function countsOf({ total = 0, bad = 0, timed, fast }: Partial<Record<Counted, number>> = {}): Counts {
  const counts = { total, bad };
  if (timed === undefined) return counts;
  // Without the bucket nobody knows which of them were slow: not all, and not none.
  return fast === undefined ? { ...counts, timed } : { ...counts, timed, slow: Math.max(0, timed - fast) };
}

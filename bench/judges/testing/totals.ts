import { HISTORY_SLOTS, SLOTS } from "../grid";
import { emptyTotals, sumUp, type Totals } from "../outcome";
import { emptyRelease } from "../simulate";

/** Requests of one slot; absent: none. */
export interface SlotCounts {
  newTotal?: number;
  newBad?: number;
  oldTotal?: number;
  oldBad?: number;
}

/** Totals of a release whose slots, from 0, are given. */
export function totalsOf(slotOf: (slot: number) => SlotCounts): Totals {
  const [release, totals] = [emptyRelease(), emptyTotals()];
  for (let slot = 0; slot < SLOTS; slot++) {
    const { newTotal = 0, newBad = 0, oldTotal = 0, oldBad = 0 } = slotOf(slot);
    release.newTotal[slot] = newTotal;
    release.newBad[slot] = newBad;
    release.oldTotal[HISTORY_SLOTS + slot] = oldTotal;
    release.oldBad[HISTORY_SLOTS + slot] = oldBad;
  }
  sumUp(release, totals);
  return totals;
}

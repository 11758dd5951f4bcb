import { SLOT_SECONDS, SLOTS } from "./grid";
import type { Release } from "./simulate";

/** What a judge made of a release. Seconds after the new version's first slot began. */
export interface Outcome {
  /** Absent: never taken back. */
  rolledBackAt?: number;
  /** First time the judge would have let it go on for good; absent: never, or it knows no such verdict. */
  passedAt?: number;
}

/** Requests and bad requests of both versions from the start of the release to the end of each slot. */
export interface Totals {
  newTotal: Float64Array;
  newBad: Float64Array;
  oldTotal: Float64Array;
  oldBad: Float64Array;
}

/** Decides about one release from its totals. `waitSeconds`: what was seen before that time is not judged. */
export type Decide = (totals: Totals, waitSeconds: number) => Outcome;

/** Room for the totals of one release. */
export function emptyTotals(): Totals {
  const room = () => new Float64Array(SLOTS + 1);
  return { newTotal: room(), newBad: room(), oldTotal: room(), oldBad: room() };
}

/** Sums up a release into `totals`. */
export function sumUp(release: Release, totals: Totals): void {
  const history = release.oldTotal.length - SLOTS;
  for (let slot = 0; slot < SLOTS; slot++) {
    totals.newTotal[slot + 1] = (totals.newTotal[slot] ?? 0) + (release.newTotal[slot] ?? 0);
    totals.newBad[slot + 1] = (totals.newBad[slot] ?? 0) + (release.newBad[slot] ?? 0);
    totals.oldTotal[slot + 1] = (totals.oldTotal[slot] ?? 0) + (release.oldTotal[history + slot] ?? 0);
    totals.oldBad[slot + 1] = (totals.oldBad[slot] ?? 0) + (release.oldBad[history + slot] ?? 0);
  }
}

/** Sum of a count over a window of time, by the slots that had ended. */
export function within(sums: Float64Array, fromSeconds: number, toSeconds: number): number {
  return until(sums, toSeconds) - until(sums, fromSeconds);
}

/** Sum of a count up to a time, by the slots that had ended. */
export function until(sums: Float64Array, seconds: number): number {
  return sums[Math.max(0, Math.min(SLOTS, Math.floor(seconds / SLOT_SECONDS)))] ?? 0;
}

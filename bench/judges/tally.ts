import { RELEASE_SECONDS } from "./grid";
import { type Outcome, type Totals, until } from "./outcome";

/** What one judge did in many releases. Plain JSON; sums of several tallies are again one. */
export interface Tally {
  releases: number;
  rolledBack: number;
  /** Releases by the seconds after which they were taken back. */
  delays: Record<number, number>;
  /** Releases by the seconds after which the judge would first have let them go on. */
  passes: Record<number, number>;
  /** Bad requests the new version answered until it was taken back, or until the end. */
  badServed: number;
  /** How many more than under the sequential test in the same releases: sum, and sum of squares. */
  more: number;
  moreSquared: number;
}

export function emptyTally(): Tally {
  return { releases: 0, rolledBack: 0, delays: {}, passes: {}, badServed: 0, more: 0, moreSquared: 0 };
}

/** Bad requests that were served before an outcome. */
export function badServed({ rolledBackAt = RELEASE_SECONDS }: Outcome, totals: Totals): number {
  return until(totals.newBad, rolledBackAt);
}

/** Adds one release to a tally. `sequentialBad`: bad requests served under the sequential test. */
export function count(tally: Tally, outcome: Outcome, bad: number, sequentialBad: number): void {
  tally.releases += 1;
  tally.badServed += bad;
  tally.more += bad - sequentialBad;
  tally.moreSquared += (bad - sequentialBad) ** 2;
  if (outcome.passedAt !== undefined) tally.passes[outcome.passedAt] = (tally.passes[outcome.passedAt] ?? 0) + 1;
  if (outcome.rolledBackAt === undefined) return;
  tally.rolledBack += 1;
  tally.delays[outcome.rolledBackAt] = (tally.delays[outcome.rolledBackAt] ?? 0) + 1;
}

/** Adds a tally to another. */
export function addTally(sum: Tally, part: Tally): void {
  sum.releases += part.releases;
  sum.rolledBack += part.rolledBack;
  sum.badServed += part.badServed;
  sum.more += part.more;
  sum.moreSquared += part.moreSquared;
  for (const kind of ["delays", "passes"] as const) {
    for (const [seconds, releases] of Object.entries(part[kind])) {
      sum[kind][Number(seconds)] = (sum[kind][Number(seconds)] ?? 0) + releases;
    }
  }
}

/** Smallest of the numbers that at least the share `quantile` of them does not exceed; undefined without any. */
export function quantileOf(counts: Record<number, number>, quantile: number): number | undefined {
  const sorted = Object.entries(counts)
    .map(([seconds, releases]) => [Number(seconds), releases] as const)
    .sort(([a], [b]) => a - b);
  let left = quantile * sorted.reduce((sum, [, releases]) => sum + releases, 0);
  for (const [seconds, releases] of sorted) {
    left -= releases;
    if (left <= 0) return seconds;
  }
  return undefined;
}

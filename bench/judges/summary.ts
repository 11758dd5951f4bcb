import { clopperPearson } from "../../cli/judge/interval";
import type { Cell } from "./grid";
import { JUDGES, type JudgeName } from "./judges";
import { quantileOf, type Tally } from "./tally";

/** What one judge did in one cell. Shares from 0 to 1, times in seconds after the new version's first slot began. */
export interface Summary {
  releases: number;
  rolledBack: number;
  /** Share that was taken back, with its exact 95 % interval. */
  share: number;
  low: number;
  high: number;
  /** Of those that were taken back; null when none was. */
  medianDelay: number | null;
  delay90: number | null;
  /** Bad requests the new version answered, in the mean of all releases. */
  badServed: number;
  /** How many more than under the sequential test in the same releases, and the standard error of that mean. */
  more: number;
  moreError: number;
  /** Share the judge would have let go on before the end, and the median time of that; null when it never would. */
  passed: number;
  medianPass: number | null;
}

/** One cell and all judges. */
export interface CellSummary {
  cell: Cell;
  judges: Record<JudgeName, Summary>;
  /** Releases that the simulator and the sequential test do per second of one core. */
  releasesPerSecond: number;
}

export function summarise(cell: Cell, tallies: Record<JudgeName, Tally>, seconds: number): CellSummary {
  const judges = Object.fromEntries(JUDGES.map((judge) => [judge, summaryOf(tallies[judge])]));
  const releasesPerSecond = tallies.sequential.releases / seconds;
  return { cell, judges: judges as Record<JudgeName, Summary>, releasesPerSecond };
}

function summaryOf({ releases, rolledBack, delays, passes, badServed, more, moreSquared }: Tally): Summary {
  const [low, high] = interval(rolledBack, releases);
  const mean = more / releases;
  const passed = Object.values(passes).reduce((sum, part) => sum + part, 0);
  return {
    releases,
    rolledBack,
    share: rolledBack / releases,
    low,
    high,
    medianDelay: quantileOf(delays, 0.5) ?? null,
    delay90: quantileOf(delays, 0.9) ?? null,
    badServed: badServed / releases,
    more: mean,
    moreError: Math.sqrt(Math.max(0, moreSquared / releases - mean * mean) / releases),
    passed: passed / releases,
    medianPass: quantileOf(passes, 0.5) ?? null,
  };
}

/** The exact interval; of few failures rather than of many successes, which costs less. */
function interval(found: number, all: number): [low: number, high: number] {
  if (found <= all / 2) return clopperPearson(found, all);
  const [low, high] = clopperPearson(all - found, all);
  return [1 - high, 1 - low];
}

import type { Cell } from "../grid";
import { JUDGES, type JudgeName } from "../judges";
import { type CellSummary, summarise } from "../summary";
import { count, emptyTally, type Tally } from "../tally";

/** What one judge does in made releases: it takes back so many of a thousand, after a delay. */
export interface Made {
  rolledBack: number;
  delaySeconds?: number;
  /** Bad requests in a release that is taken back; all others have 100. */
  bad?: number;
}

const RELEASES = 1000;

/** A cell in which every judge does what is given, and nothing where nothing is. */
export function madeCell(cell: Cell, made: Partial<Record<JudgeName, Made>>): CellSummary {
  const tallies = {} as Record<JudgeName, Tally>;
  const badOf = ({ rolledBack, bad = 50 }: Made, number: number) => (number < rolledBack ? bad : 100);
  const ours = made.sequential ?? { rolledBack: 0 };
  for (const judge of JUDGES) {
    const own = made[judge] ?? { rolledBack: 0 };
    tallies[judge] = emptyTally();
    for (let number = 0; number < RELEASES; number++) {
      const outcome = number < own.rolledBack ? { rolledBackAt: own.delaySeconds ?? 300 } : {};
      count(tallies[judge], outcome, badOf(own, number), badOf(ours, number));
    }
  }
  return summarise(cell, tallies, RELEASES / 4000);
}

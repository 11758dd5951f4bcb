import { CHUNK_RELEASES, type Chunk } from "./chunk";
import { type Cell, nameOf } from "./grid";
import { JUDGES, type JudgeName } from "./judges";
import { runAll } from "./pool";
import { type CellSummary, summarise } from "./summary";
import { addTally, emptyTally, type Tally } from "./tally";

/** What is compared, and how often. */
export interface RunOptions {
  cells: readonly Cell[];
  /** Releases in each cell. */
  runs: number;
  seed: number;
  threads: number;
  /** Told after each chunk; shares from 0 to 1. */
  progress?: (done: number) => void;
}

/** Runs all cells and sums up what each judge did. Neither threads nor the order of cells change a result. */
export async function run({ cells, runs, seed, threads, progress }: RunOptions): Promise<CellSummary[]> {
  const sums = new Map(cells.map((cell) => [nameOf(cell), { cell, tallies: emptyTallies(), seconds: 0 }]));
  const chunks = cells.flatMap((cell) => chunksOf(cell, runs, seed));
  let done = 0;
  await runAll(chunks, threads, ({ cell }, { tallies, seconds }) => {
    const sum = sums.get(nameOf(cell));
    if (sum) {
      for (const judge of JUDGES) addTally(sum.tallies[judge], tallies[judge]);
      sum.seconds += seconds;
    }
    done += 1;
    progress?.(done / chunks.length);
  });
  return [...sums.values()].map(({ cell, tallies, seconds }) => summarise(cell, tallies, seconds));
}

function chunksOf(cell: Cell, runs: number, seed: number): Chunk[] {
  return Array.from({ length: Math.ceil(runs / CHUNK_RELEASES) }, (_, index) => {
    const releases = Math.min(CHUNK_RELEASES, runs - index * CHUNK_RELEASES);
    return { cell, index, releases, seed };
  });
}

function emptyTallies(): Record<JudgeName, Tally> {
  return Object.fromEntries(JUDGES.map((judge) => [judge, emptyTally()])) as Record<JudgeName, Tally>;
}

import { type Cell, nameOf, waitOf } from "./grid";
import { JUDGES, type JudgeName, RULES } from "./judges";
import { kayenta } from "./kayenta";
import { emptyTotals, type Outcome, sumUp } from "./outcome";
import { Random } from "./random";
import { judgeSequentially, sequentialRule } from "./sequential";
import { emptyRelease, simulate } from "./simulate";
import { badServed, count, emptyTally, type Tally } from "./tally";

/** Releases that are simulated in one go; each such chunk has random numbers of its own. */
export const CHUNK_RELEASES = 500;
/** Kayenta's test costs more than all others together: it sees the first releases of each cell only. */
export const KAYENTA_RELEASES = 1000;

/** Part of a cell's releases. */
export interface Chunk {
  cell: Cell;
  /** From 0. */
  index: number;
  releases: number;
  seed: number;
}

export interface ChunkResult {
  tallies: Record<JudgeName, Tally>;
  /** Processor time of the simulation and the sequential test alone. */
  seconds: number;
}

/** Simulates the releases of a chunk and lets every judge decide about each. The same chunk gives the same result. */
export function runChunk({ cell, index, releases, seed }: Chunk): ChunkResult {
  const name = `seed=${seed} ${nameOf(cell)} chunk=${index}`;
  const random = new Random(name);
  const noise = new Random(`${name} noise`);
  const [release, totals, rule, wait] = [emptyRelease(), emptyTotals(), sequentialRule(cell), waitOf(cell)];
  const tallies = Object.fromEntries(JUDGES.map((judge) => [judge, emptyTally()])) as Record<JudgeName, Tally>;
  let microseconds = 0;
  for (let number = 0; number < releases; number++) {
    const before = process.threadCpuUsage();
    simulate(cell, random, release);
    const ours = judgeSequentially(rule, release);
    const { user, system } = process.threadCpuUsage(before);
    microseconds += user + system;
    sumUp(release, totals);
    const sequentialBad = badServed(ours, totals);
    const add = (judge: JudgeName, outcome: Outcome) =>
      count(tallies[judge], outcome, badServed(outcome, totals), sequentialBad);
    add("sequential", ours);
    for (const judge of JUDGES) {
      const decide = RULES[judge];
      if (decide) add(judge, decide(totals, wait));
    }
    if (index * CHUNK_RELEASES + number < KAYENTA_RELEASES) add("Kayenta", kayenta(totals, wait, noise));
  }
  return { tallies, seconds: microseconds / 1e6 };
}

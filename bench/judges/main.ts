import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../cli/command";
import { checksOf } from "./checks";
import { compareAll, losses } from "./compare";
import { type Results, writeDocs } from "./docs";
import { CELLS, nameOf } from "./grid";
import { HELP, type Options, optionsOf } from "./options";
import { run } from "./run";
import { falseRollbackTable, percent } from "./tables";

const PRINT_EVERY_MILLISECONDS = 15_000;

async function main(args: string[]): Promise<number> {
  const options = optionsOf(args);
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  const results = await resultsOf(options);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results)}\n`);
  if (options.writeDocs && results.cells.length < CELLS.length) {
    const got = `got ${results.cells.length} of ${CELLS.length} cells`;
    throw new UsageError(`judges: --write-docs needs the whole grid (${got}). Write --from's file without --only.`);
  }
  if (options.writeDocs) writeDocs(join(__dirname, "..", "..", "docs"), results);
  return print(results);
}

async function resultsOf({ cells, runs, seed, from }: Options): Promise<Results> {
  if (from !== undefined) return readResults(from);
  const started = Date.now();
  let printed = started;
  const progress = (done: number) => {
    if (Date.now() < printed + PRINT_EVERY_MILLISECONDS) return;
    printed = Date.now();
    const left = ((printed - started) / done) * (1 - done);
    console.error(`${percent(done)} % done in ${minutes(printed - started)}, about ${minutes(left)} left`);
  };
  const found = await run({ cells, runs, seed, threads: availableParallelism(), progress });
  console.error(`${cells.length} cells of ${runs} releases in ${minutes(Date.now() - started)}`);
  return { runs, seed, cells: found };
}

/** Results of an earlier --json. @throws UsageError */
function readResults(file: string): Results {
  try {
    const results = JSON.parse(readFileSync(file, "utf8")) as Results;
    if (Array.isArray(results.cells)) return results;
  } catch {
    // Told below, as what is no result at all.
  }
  throw new UsageError(`judges: --from is no file that --json wrote (got ${file}). Give one.`);
}

const minutes = (milliseconds: number) => `${(milliseconds / 60_000).toFixed(1)} min`;

/** Prints what was found. @returns Exit code. */
function print({ cells }: Results): number {
  if (cells.some(({ cell }) => cell.theta <= 1))
    console.log(`Good versions taken back\n${falseRollbackTable(cells)}\n`);
  const exceptions = losses(compareAll(cells));
  if (exceptions.length > 0) console.log("Where others do better");
  for (const { cell, judge, ours, theirs, fewerBad, findsMore } of exceptions) {
    const bad = `${theirs.badServed.toFixed(2)} bad requests against our ${ours.badServed.toFixed(2)} (fewer: ${fewerBad})`;
    const found = `${percent(theirs.share)} % found against ${percent(ours.share)} %${findsMore ? " (more)" : ""}`;
    console.log(`${nameOf(cell)}: ${judge}, ${bad}, ${found}`);
  }
  const checks = checksOf(cells);
  console.log("\nChecks");
  for (const { claim, state, found } of checks) console.log(`${state.padEnd(6)}  ${claim}: ${found}`);
  return checks.some(({ state }) => state === "failed") ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof UsageError ? error.message : error);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);

import { parseArgs } from "node:util";
import { UsageError } from "../../cli/command";
import { CELLS, type Cell, nameOf } from "./grid";

export const HELP = `usage: tsx bench/judges/main.ts [options]

Simulates releases and compares how judges decide about them; docs/analysis.md tells what and why.
The same options give the same numbers, whatever the machine and the number of its cores.

  --runs N        releases in each cell (default 10000; Kayenta sees at most the first 1000)
  --seed N        whole number the random numbers come from (default 1)
  --only PATTERN  only cells whose name matches this regular expression,
                  as in "rps=100 p=0.01 theta=2 kind=independent"
  --json FILE     writes all results to FILE
  --from FILE     takes the results of an earlier --json instead of simulating
  --write-docs    writes the tables and drawings of docs/analysis.md; needs the whole grid
  --help          prints this

The exit code is 1 when a check fails, and 2 when the options make no sense.`;

export interface Options {
  runs: number;
  seed: number;
  cells: readonly Cell[];
  json?: string;
  from?: string;
  writeDocs: boolean;
}

/** @returns undefined when help is asked for. @throws UsageError */
export function optionsOf(args: string[]): Options | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  if (values["write-docs"] && values.only !== undefined) {
    throw new UsageError(
      `judges: --write-docs needs the whole grid (got --only ${values.only}). Leave out one of them.`,
    );
  }
  return {
    runs: whole("--runs", values.runs, 1, 1_000_000),
    seed: whole("--seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
    cells: cellsOf(values.only),
    ...(values.json !== undefined && { json: values.json }),
    ...(values.from !== undefined && { from: values.from }),
    writeDocs: values["write-docs"] ?? false,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        runs: { type: "string", default: "10000" },
        seed: { type: "string", default: "1" },
        only: { type: "string" },
        json: { type: "string" },
        from: { type: "string" },
        "write-docs": { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError(`judges: ${error instanceof Error ? error.message : error} Try --help.`);
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(
    `judges: ${name} is no whole number from ${least} to ${most} (got ${JSON.stringify(text)}). Give one.`,
  );
}

function cellsOf(pattern: string | undefined): readonly Cell[] {
  if (pattern === undefined) return CELLS;
  let expression: RegExp;
  try {
    expression = new RegExp(pattern);
  } catch {
    throw new UsageError(
      `judges: --only is no regular expression (got ${JSON.stringify(pattern)}). Escape its brackets.`,
    );
  }
  const cells = CELLS.filter((cell) => expression.test(nameOf(cell)));
  if (cells.length > 0) return cells;
  throw new UsageError(
    `judges: --only matches no cell (got ${JSON.stringify(pattern)}). A cell's name is like "${nameOf(CELLS[0] as Cell)}".`,
  );
}

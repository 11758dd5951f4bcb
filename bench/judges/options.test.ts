import { expect, test } from "vitest";
import { UsageError } from "../../cli/command";
import { CELLS } from "./grid";
import { optionsOf } from "./options";

test("Without options the whole grid runs ten thousand times", () => {
  expect(optionsOf([])).toEqual({ runs: 10_000, seed: 1, cells: CELLS, writeDocs: false });
  expect(optionsOf(["--help"])).toBeUndefined();
});

test("--only takes the cells whose names match", () => {
  expect(optionsOf(["--only", "rps=100 p=0.01 theta=2 kind=independent"])?.cells).toHaveLength(1);
  expect(optionsOf(["--only", "theta=1 .*bursts"])?.cells).toHaveLength(40);
});

test.each([
  [["--runs", "0"], 'judges: --runs is no whole number from 1 to 1000000 (got "0"). Give one.'],
  [["--runs", "1e3"], 'judges: --runs is no whole number from 1 to 1000000 (got "1e3"). Give one.'],
  [["--seed", "-1"], "judges: "],
  [["--only", "["], 'judges: --only is no regular expression (got "["). Escape its brackets.'],
  [["--only", "zebra"], 'judges: --only matches no cell (got "zebra").'],
  [["--write-docs", "--only", "rps=1"], "judges: --write-docs needs the whole grid (got --only rps=1)."],
  [["--fast"], "judges: Unknown option '--fast'"],
])("%j is an error with its cure", (args, message) => {
  expect(() => optionsOf(args)).toThrow(UsageError);
  expect(() => optionsOf(args)).toThrow(message);
});

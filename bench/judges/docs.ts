import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KAYENTA_RELEASES } from "./chunk";
import { compareAll, losses, TRUSTED_BELOW } from "./compare";
import { badRequestsFigure, falseRollbackFigure, powerFigure } from "./figures";
import type { CellSummary } from "./summary";
import {
  badRequestsTable,
  checksTable,
  falseRollbackTable,
  kindTable,
  lossesSummary,
  lossesTable,
  passTable,
  percent,
  powerTable,
} from "./tables";

/** All that a run found; what --json writes and --from reads. */
export interface Results {
  /** Releases in each cell. */
  runs: number;
  seed: number;
  cells: CellSummary[];
}

const BEGIN = "<!-- written by bench/judges --write-docs: begin -->";
const END = "<!-- written by bench/judges --write-docs: end -->";

/** Writes the tables between the marks of docs/analysis.md, and the drawings beside it. */
export function writeDocs(folder: string, results: Results): void {
  const file = join(folder, "analysis.md");
  writeFileSync(file, replaced(readFileSync(file, "utf8"), section(results)));
  writeFileSync(join(folder, "analysis-false-rollbacks.svg"), falseRollbackFigure(results.cells));
  writeFileSync(join(folder, "analysis-power.svg"), powerFigure(results.cells));
  writeFileSync(join(folder, "analysis-bad-requests.svg"), badRequestsFigure(compareAll(results.cells)));
}

/** A text with another section between its marks. @throws when a mark is missing. */
export function replaced(text: string, content: string): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin)
    throw new Error(`analysis.md lacks its marks. Put these lines into it: ${BEGIN} ${END}`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${content}\n\n${text.slice(end)}`;
}

function section({ runs, seed, cells }: Results): string {
  const comparisons = compareAll(cells);
  const exceptions = losses(comparisons);
  const clear = exceptions.filter(({ fewerBad, findsMore }) => fewerBad === "theirs" || findsMore).length;
  const trust = percent(TRUSTED_BELOW);
  return [
    `${runs} releases in each of ${cells.length} cells, ${Math.min(runs, KAYENTA_RELEASES)} of them for Kayenta, seed ${seed}.`,
    "### Good versions taken back",
    "![Share of good versions that each judge takes back](analysis-false-rollbacks.svg)",
    falseRollbackTable(cells),
    "### Bad versions found, and how soon",
    "![Share of bad versions found and median delay, over the rate of requests](analysis-power.svg)",
    `In brackets: a judge that takes back ${trust} % or more of good versions with the same traffic. Old version with 1 % errors that come alone:`,
    powerTable(cells, 0.01),
    "With 0.1 %:",
    powerTable(cells, 0.001),
    "Twice as many errors at 100 requests per second and 1 %, for each way in which errors come:",
    kindTable(cells),
    "### Good versions that pass early",
    "Only the sequential test says of a good version that it passes. The others wait for the end. Errors that come alone:",
    passTable(cells),
    "### Bad requests answered",
    "![Bad requests under each judge as times those under the sequential test](analysis-bad-requests.svg)",
    `Every cell with a worse new version, against every judge that takes back fewer than ${trust} % of good versions there. "No difference": within two standard errors.`,
    badRequestsTable(comparisons),
    "### Where others do better",
    `In ${exceptions.length} of ${comparisons.length} comparisons another judge let the new version answer fewer bad requests, or found more bad versions; in ${clear} of them by more than chance. By the way errors come, and by effect:`,
    lossesSummary(comparisons),
    ["<details>", `<summary>All ${clear}, cell by cell</summary>`].join("\n"),
    lossesTable(comparisons),
    "</details>",
    "### What the program checks",
    checksTable(cells),
  ].join("\n\n");
}

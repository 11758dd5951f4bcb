import { checksOf } from "./checks";
import { type Comparison, isNull, losses, TRUSTED_BELOW } from "./compare";
import { type Cell, KINDS, nameOf, RATES, RATIOS, THETAS } from "./grid";
import { JUDGES, type JudgeName, OTHERS } from "./judges";
import type { CellSummary, Summary } from "./summary";

/** A share as percent, short: "0", "0.03", "1.2", "97". */
export function percent(share: number): string {
  const value = 100 * share;
  if (value === 0 || value >= 99.95) return String(Math.round(value));
  return value >= 10 ? value.toFixed(0) : String(Number(value.toFixed(value >= 0.1 ? 1 : 2)));
}

/** Markdown table with columns padded as the formatter of this repository pads them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

type Find = (cell: Cell) => CellSummary["judges"] | undefined;

function finder(cells: readonly CellSummary[]): Find {
  const byName = new Map(cells.map(({ cell, judges }) => [nameOf(cell), judges]));
  return (cell) => byName.get(nameOf(cell));
}

/** Mean and worst share of good versions taken back, by kind and by rate. */
export function falseRollbackTable(cells: readonly CellSummary[]): string {
  const good = cells.filter(({ cell }) => isNull(cell));
  const row = (name: string, of: (cell: Cell) => boolean) => {
    const chosen = good.filter(({ cell }) => of(cell));
    if (chosen.length === 0) return [];
    const shares = (judge: JudgeName) => chosen.map(({ judges }) => judges[judge].share);
    const means = JUDGES.map((judge) => {
      const found = shares(judge);
      const mean = found.reduce((sum, share) => sum + share, 0) / found.length;
      return `${percent(mean)} / ${percent(Math.max(...found))}`;
    });
    return [[name, ...means]];
  };
  return table(
    ["mean / worst cell, %", ...JUDGES],
    [
      ...KINDS.flatMap((kind) => row(kind, (cell) => cell.kind === kind)),
      ...RATES.flatMap((rate) => row(`${rate} req/s`, (cell) => cell.requestsPerSecond === rate)),
    ],
  );
}

/** Share of bad versions found and the median delay, for requests that fail alone. */
export function powerTable(cells: readonly CellSummary[], errorRatio: number): string {
  const find = finder(cells);
  const bad = THETAS.filter((theta) => theta > 1);
  const rows = bad.flatMap((theta) =>
    RATES.filter((rate) => rate >= 1).map((requestsPerSecond) =>
      powerRow(find, `${theta} × at ${requestsPerSecond} req/s`, {
        kind: "independent",
        requestsPerSecond,
        errorRatio,
        theta,
      }),
    ),
  );
  return table(["found, % / median s", ...JUDGES], rows);
}

/** The same for each kind, at one rate and effect. */
export function kindTable(cells: readonly CellSummary[]): string {
  const find = finder(cells);
  const rows = KINDS.map((kind) => powerRow(find, kind, { kind, requestsPerSecond: 100, errorRatio: 0.01, theta: 2 }));
  return table(["found, % / median s", ...JUDGES], rows);
}

function powerRow(find: Find, name: string, cell: Cell): string[] {
  const found = find(cell);
  const equal = find({ ...cell, theta: 1 });
  return [
    name,
    ...JUDGES.map((judge) => {
      if (found === undefined || equal === undefined) return "";
      const text = delayed(found[judge]);
      return equal[judge].share < TRUSTED_BELOW ? text : `(${text})`;
    }),
  ];
}

const delayed = ({ share, medianDelay }: Summary) =>
  medianDelay === null ? percent(share) : `${percent(share)} / ${medianDelay}`;

/** Share of good versions that pass before the end, and the median time of that. */
export function passTable(cells: readonly CellSummary[]): string {
  const find = finder(cells);
  const rows = RATES.map((requestsPerSecond) => [
    `${requestsPerSecond} req/s`,
    ...RATIOS.map((errorRatio) => {
      const ours = find({ kind: "independent", requestsPerSecond, errorRatio, theta: 1 })?.sequential;
      if (ours === undefined) return "";
      return ours.medianPass === null ? percent(ours.passed) : `${percent(ours.passed)} / ${ours.medianPass}`;
    }),
  ]);
  return table(["passed, % / median s", ...RATIOS.map((ratio) => `${percent(ratio)} % errors`)], rows);
}

/** Bad requests under each other judge, as times those under the sequential test. */
export function badRequestsTable(comparisons: readonly Comparison[]): string {
  const rows = OTHERS.map((judge) => {
    const own = comparisons.filter((comparison) => comparison.judge === judge);
    const count = (...sides: Comparison["fewerBad"][]) =>
      String(own.filter(({ fewerBad }) => sides.includes(fewerBad)).length);
    const logs = own.map(({ theirs }) => Math.log(timesOurs(theirs)));
    const mean = Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
    return [
      judge,
      String(own.length),
      count("ours"),
      count("theirs"),
      count("same", "ours by chance", "theirs by chance"),
      own.length === 0 ? "" : `${mean.toFixed(2)} ×`,
    ];
  });
  return table(["against", "cells", "ours fewer", "theirs fewer", "no difference", "theirs, times ours"], rows);
}

/** Bad requests under a judge over those under the sequential test in the same releases; none under both is 1. */
export function timesOurs({ badServed, more }: Summary): number {
  const [theirs, ours] = [badServed, badServed - more];
  if (theirs <= 0 && ours <= 0) return 1;
  // Half a bad request in all releases stands for none.
  return Math.max(theirs, 5e-5) / Math.max(ours, 5e-5);
}

/** Every cell in which another judge does better beyond chance. */
export function lossesTable(comparisons: readonly Comparison[]): string {
  const clear = losses(comparisons).filter(({ fewerBad, findsMore }) => fewerBad === "theirs" || findsMore);
  const rows = clear.map(({ cell, judge, ours, theirs, fewerBad }) => [
    `${cell.requestsPerSecond} req/s, ${percent(cell.errorRatio)} %, ${cell.theta} ×, ${cell.kind}`,
    judge,
    delayed(ours),
    delayed(theirs),
    amount(ours.badServed),
    `${amount(theirs.badServed)}${fewerBad === "theirs" ? " (fewer)" : ""}`,
  ]);
  return table(["cell", "judge", "ours: found, % / s", "theirs", "our bad requests", "theirs"], rows);
}

const amount = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(2));

/** How many of the exceptions each kind and each effect holds, against each judge. */
export function lossesSummary(comparisons: readonly Comparison[]): string {
  const clear = losses(comparisons).filter(({ fewerBad, findsMore }) => fewerBad === "theirs" || findsMore);
  const row = (name: string, of: (cell: Cell) => boolean) => [
    name,
    ...OTHERS.map((judge) => {
      const count = (list: readonly Comparison[]) =>
        list.filter((each) => each.judge === judge && of(each.cell)).length;
      return `${count(clear)} of ${count(comparisons)}`;
    }),
  ];
  return table(
    ["theirs better", ...OTHERS],
    [
      ...KINDS.map((kind) => row(kind, (cell) => cell.kind === kind)),
      ...THETAS.filter((theta) => theta > 1).map((theta) => row(`${theta} ×`, (cell) => cell.theta === theta)),
    ],
  );
}

/** What the program checked itself. */
export function checksTable(cells: readonly CellSummary[]): string {
  return table(
    ["check", "result", "found"],
    checksOf(cells).map(({ claim, state, found }) => [claim, state, found]),
  );
}

import { type Cell, nameOf } from "./grid";
import { type JudgeName, OTHERS } from "./judges";
import type { CellSummary, Summary } from "./summary";

/** A judge that takes back this share of good releases is no rival, however fast it is. */
export const TRUSTED_BELOW = 0.02;

/** Another judge against the sequential test, for one bad version. */
export interface Comparison {
  cell: Cell;
  judge: JudgeName;
  /** Share of equally good versions (theta 1, all else the same) that the other judge takes back. */
  falseShare: number;
  ours: Summary;
  theirs: Summary;
  /** Who lets the new version answer fewer bad requests: beyond two standard errors, or by so little that it may be chance. */
  fewerBad: "ours" | "theirs" | "same" | "ours by chance" | "theirs by chance";
  /** Whether it finds more of these bad versions, beyond both 95 % intervals. */
  findsMore: boolean;
}

export const isNull = ({ theta }: Cell): boolean => theta <= 1;

/** Every bad version with every judge that can be trusted with a good one of the same traffic. */
export function compareAll(cells: readonly CellSummary[]): Comparison[] {
  const byName = new Map(cells.map((summary) => [nameOf(summary.cell), summary]));
  return cells
    .filter(({ cell }) => !isNull(cell))
    .flatMap(({ cell, judges }) => {
      const equal = byName.get(nameOf({ ...cell, theta: 1 }));
      if (equal === undefined) return [];
      return OTHERS.flatMap((judge): Comparison[] => {
        const falseShare = equal.judges[judge].share;
        if (falseShare >= TRUSTED_BELOW) return [];
        const [ours, theirs] = [judges.sequential, judges[judge]];
        const findsMore = theirs.low > ours.high;
        return [{ cell, judge, falseShare, ours, theirs, fewerBad: fewerBad(theirs), findsMore }];
      });
    });
}

function fewerBad({ more, moreError }: Summary): Comparison["fewerBad"] {
  if (more === 0) return "same";
  const side = more > 0 ? "ours" : "theirs";
  return Math.abs(more) > 2 * moreError ? side : `${side} by chance`;
}

/** Where another judge does better: fewer bad requests, whether by chance or not, or more bad versions found. */
export const losses = (comparisons: readonly Comparison[]): Comparison[] =>
  comparisons.filter(({ fewerBad: side, findsMore }) => side.startsWith("theirs") || findsMore);

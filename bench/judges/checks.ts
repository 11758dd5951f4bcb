import { type Comparison, compareAll, isNull, losses } from "./compare";
import { type Kind, nameOf } from "./grid";
import type { CellSummary } from "./summary";

/** One thing the comparison must show. */
export interface Check {
  /** What must be. */
  claim: string;
  /** "open": this run is too small, or does not hold the cells. "figure": told, not demanded. */
  state: "passed" | "failed" | "open" | "figure";
  /** What was found. */
  found: string;
}

/** Releases a cell needs before a share of 1 % can be told from one of 1.2 %. */
const ENOUGH = 10_000;
const ALONE = { limit: 0.012, name: "requests that fail alone" };
const TOGETHER = { limit: 0.015, name: "requests that fail together" };
const COMES_TOGETHER: readonly Kind[] = ["bursts of 2", "bursts of 5", "pod-correlated"];
const TYPICAL = nameOf({ kind: "independent", requestsPerSecond: 100, errorRatio: 0.01, theta: 2 });
const LEAST_FOUND = 0.99;
const TIMES_FASTER = 3;
const LEAST_RELEASES_PER_SECOND = 2000;

export function checksOf(cells: readonly CellSummary[]): Check[] {
  return [
    falseRollbacks(cells, ALONE, (kind) => !COMES_TOGETHER.includes(kind)),
    falseRollbacks(cells, TOGETHER, (kind) => COMES_TOGETHER.includes(kind)),
    ...typical(cells),
    badRequests(compareAll(cells)),
    speed(cells),
  ];
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

function falseRollbacks(
  all: readonly CellSummary[],
  { limit, name }: typeof ALONE,
  of: (kind: Kind) => boolean,
): Check {
  const claim = `${name}: no cell takes back more than ${percent(limit)} of good versions, by the upper 95 % limit`;
  const cells = all.filter(({ cell }) => isNull(cell) && of(cell.kind));
  const worst = [...cells].sort((a, b) => b.judges.sequential.high - a.judges.sequential.high)[0];
  if (worst === undefined) return { claim, state: "open", found: "no such cell in this run" };
  const above = cells.filter(({ judges }) => judges.sequential.high > limit);
  // A small run leaves a wide interval.
  const state = above.length === 0 ? "passed" : worst.judges.sequential.releases < ENOUGH ? "open" : "failed";
  const { share, high } = worst.judges.sequential;
  const most = `most in ${nameOf(worst.cell)}: ${percent(share)}, at most ${percent(high)}`;
  const rest = state === "failed" ? `; above: ${above.map(({ cell }) => nameOf(cell)).join(", ")}` : "";
  return { claim, state, found: `${cells.length} cells, ${most}${rest}` };
}

function typical(cells: readonly CellSummary[]): Check[] {
  const found = cells.find(({ cell }) => nameOf(cell) === TYPICAL)?.judges;
  const claims = [
    `${TYPICAL} is found in at least ${100 * LEAST_FOUND} % of releases`,
    `there, the median delay is at least ${TIMES_FASTER} times shorter than Kayenta's`,
  ] as const;
  if (found === undefined) return claims.map((claim) => ({ claim, state: "open", found: "not in this run" }));
  const { share, medianDelay } = found.sequential;
  const delays = `${medianDelay} s against ${found.Kayenta.medianDelay} s`;
  const faster = medianDelay !== null && TIMES_FASTER * medianDelay <= (found.Kayenta.medianDelay ?? 0);
  return [
    { claim: claims[0], state: share >= LEAST_FOUND ? "passed" : "failed", found: percent(share) },
    { claim: claims[1], state: faster ? "passed" : "failed", found: delays },
  ];
}

function badRequests(comparisons: readonly Comparison[]): Check {
  const claim = "a bad version answers fewer bad requests than under any judge that spares good versions";
  const count = (side: string) => comparisons.filter(({ fewerBad }) => fewerBad === side).length;
  const found =
    `${comparisons.length} comparisons: ${count("ours")} fewer, ${count("theirs")} more; ` +
    `within two standard errors ${count("ours by chance")} fewer, ${count("theirs by chance")} more, ${count("same")} equal; ` +
    `${losses(comparisons).length} exceptions`;
  return { claim, state: "figure", found };
}

function speed(cells: readonly CellSummary[]): Check {
  const releases = cells.reduce((sum, { judges }) => sum + judges.sequential.releases, 0);
  const seconds = cells.reduce((sum, each) => sum + each.judges.sequential.releases / each.releasesPerSecond, 0);
  const rate = releases / seconds;
  return {
    claim: `one core simulates and tests at least ${LEAST_RELEASES_PER_SECOND} releases a second`,
    state: rate >= LEAST_RELEASES_PER_SECOND ? "passed" : "failed",
    found: `${Math.round(rate)} a second`,
  };
}

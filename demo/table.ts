import type { Counts } from "../components/release/judge";
import { count, outcomeOf, ratio, seconds, shortDigest, weight } from "./format";
import type { ShownRelease } from "./shown-release";

const HEAD = ["step", "weight", "hold", "held", "requests new", "requests old", "errors new", "errors old", "verdict"];
/** The last column is text; numbers stand under each other. */
const LAST = HEAD.length - 1;

/** The steps of each release as lines for a terminal: a heading, one line per step, the reason, an empty line. */
export function releaseTable(releases: readonly ShownRelease[]): string {
  const rows = releases.map(({ state }) =>
    state.steps.map((step, index) => [
      String(index + 1),
      weight(step.weight),
      seconds(state.plan.steps[index]?.holdSeconds ?? state.plan.bakeSeconds),
      step.endedAt === undefined ? "…" : seconds(step.endedAt - step.startedAt),
      count(step.new.total),
      count(step.old.total),
      errors(step.new),
      errors(step.old),
      step.verdict,
    ]),
  );
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...rows.flat().map((cells) => (cells[column] ?? "").length)),
  );
  const line = (cells: string[]) =>
    `  ${cells
      .map((cell, column) => (column === LAST ? cell : cell.padStart(widths[column] ?? 0)))
      .join("  ")}`.trimEnd();
  return releases
    .flatMap((release, index) => [
      heading(release),
      line(HEAD),
      ...(rows[index] ?? []).map(line),
      ...reason(release),
      "",
    ])
    .join("\n");
}

function heading({ version, state }: ShownRelease): string {
  const after = state.endedAt === undefined ? "" : ` after ${seconds(state.endedAt - state.startedAt)}`;
  return `${version}  ${shortDigest(state.candidate.digest)}  ${outcomeOf(state)}${after}`;
}

function reason({ state }: ShownRelease): string[] {
  return state.reason === undefined || state.outcome === "promoted" ? [] : [`  ${state.reason}`];
}

function errors(counts: Counts): string {
  return `${count(counts.bad)}  ${ratio(counts.bad, counts.total, 2).padStart(6)}`;
}

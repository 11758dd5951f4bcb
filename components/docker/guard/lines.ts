import type { Counts } from "../../release/judge";
import type { StepRecord } from "./protocol";

const count = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const share = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** "10 %   300 s   3,021 requests   0.10 % errors (old 0.12 %)" */
export function stepLine(step: StepRecord, now: number): string {
  const old = step.old.total === 0 ? "" : ` (old ${errors(step.old)})`;
  const seen = step.new.total === 0 ? "no requests" : `${errors(step.new)} errors${old}`;
  return [
    `${step.weight} %`.padStart(5),
    `${count.format((step.endedAt ?? now) - step.startedAt)} s`.padStart(7),
    `${count.format(step.new.total)} requests`.padStart(16),
    `  ${seen}`,
  ].join(" ");
}

function errors(counts: Counts): string {
  return `${share.format((100 * counts.bad) / counts.total)} %`;
}

/** "1 copy", "2 copies" */
export function copies(number: number): string {
  return number === 1 ? "1 copy" : `${number} copies`;
}

/** Whole seconds between two times. */
export function span(from: number, to: number): string {
  return `${count.format(to - from)} s`;
}

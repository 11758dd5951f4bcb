import type { SeenEvidence, StepRecord } from "./progress";

const count = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const share = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const tenths = new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** "10 %   300 s   3,021 requests   0.10 % errors (old 0.12 %)   evidence −1.2 of −3.0 / +4.6" */
export function stepLine(step: StepRecord, now: number): string {
  const time = [
    `${step.weight} %`.padStart(5),
    `${count.format((step.endedAt ?? now) - step.startedAt)} s`.padStart(7),
  ];
  if (step.verdict === "unjudged") return time.join(" ");
  return [...time, seenText(step)].join(" ");
}

/** "   3,021 requests   0.10 % errors (old 0.12 %)   evidence −1.2 of −3.0 / +4.6" */
export function seenText(step: StepRecord): string {
  const old = step.old.total === 0 ? "" : ` (old ${errors(step.old)})`;
  const seen = step.new.total === 0 ? "no requests" : `${errors(step.new)} errors${old}`;
  const evidence = step.evidence === undefined ? "" : `   ${evidenceText(step.evidence)}`;
  return `${`${count.format(step.new.total)} requests`.padStart(16)}   ${seen}${evidence}`;
}

/** "evidence −1.2 of −3.0 / +4.6" */
export function evidenceText({ value, failAt, passAt }: SeenEvidence): string {
  const limits = [passAt, failAt].flatMap((limit) => (limit === undefined ? [] : [signed(limit)]));
  return `evidence ${signed(value)}${limits.length === 0 ? "" : ` of ${limits.join(" / ")}`}`;
}

/** "+4.6", "−1.2" */
export function signed(value: number): string {
  const text = tenths.format(Math.abs(value));
  return text === "0.0" ? text : `${value < 0 ? "−" : "+"}${text}`;
}

function errors(counts: StepRecord["new"]): string {
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

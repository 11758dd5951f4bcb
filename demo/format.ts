import type { ReleaseState } from "../components/docker/guard/protocol";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDigits = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** "12,345" */
export function count(value: number): string {
  return whole.format(value);
}

/** "12 s" */
export function seconds(value: number): string {
  return `${whole.format(value)} s`;
}

/** "10 %": a weight, given in percent. */
export function weight(percent: number): string {
  return `${Number(percent.toFixed(1))} %`;
}

/** "4.9 %": how many of the total; "–" when there is no total. */
export function ratio(part: number, total: number, digits: 1 | 2 = 1): string {
  if (total === 0) return "–";
  return `${(digits === 1 ? oneDigit : twoDigits).format((100 * part) / total)} %`;
}

/** "sha256:9f2c1a7b": enough of a digest for a person. */
export function shortDigest(digest: string): string {
  return digest.slice(0, "sha256:".length + 8);
}

/** How a release ended, in words. */
export function outcomeOf({ outcome }: Pick<ReleaseState, "outcome">): string {
  return outcome === undefined ? "under way" : { promoted: "promoted", rolledBack: "taken back" }[outcome];
}

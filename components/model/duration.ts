const secondsPerUnit = new Map([
  ["ms", 0.001],
  ["s", 1],
  ["m", 60],
  ["h", 3600],
  ["d", 24 * 3600],
]);
const longestSeconds = 365 * 24 * 3600;

/**
 * Seconds of a duration such as "500ms", "300s", "5m", "1.5h" or "30d", at most one year.
 * @throws RangeError that says what was got and how to write it.
 */
export function parseDuration(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const seconds = Number(number) * (secondsPerUnit.get(unit ?? "") ?? Number.NaN);
  if (!(seconds <= longestSeconds)) {
    throw new RangeError(
      `${JSON.stringify(text)} is no duration of at most a year. Write a number with a unit: "300s", "5m".`,
    );
  }
  // 0.001 has no exact binary form; a thousandth of a millisecond is fine enough for every clock here.
  return Math.round(seconds * 1e6) / 1e6;
}

/** Duration with the largest unit that needs no fraction: 300 is "5m", 90 is "90s", 0.5 is "500ms". */
export function formatDuration(seconds: number): string {
  if (!(seconds >= 0 && seconds <= longestSeconds)) throw new RangeError(`${seconds} seconds are no duration.`);
  if (seconds === 0) return "0s";
  const unit = ["h", "m", "s"].find((name) => Number.isInteger(seconds / (secondsPerUnit.get(name) ?? 1))) ?? "ms";
  return unit === "ms" ? `${Math.round(seconds * 1e6) / 1e3}ms` : `${seconds / (secondsPerUnit.get(unit) ?? 1)}${unit}`;
}

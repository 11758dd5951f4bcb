import type { Outcome } from "./replay";
import { RULE_OPTIONS } from "./rule";
import { formatSpan, percent } from "./text";

/** What settings make of recorded releases, as a table: a row for each set of settings. */
export function replayText(outcomes: readonly Outcome[]): string {
  const [first] = outcomes;
  const options = RULE_OPTIONS.filter((option) => outcomes.some(({ settings }) => option in settings));
  const head = [
    ...options,
    "false alarms",
    "95 % interval",
    "found",
    "missed",
    "median delay",
    "passed good",
    "passed bad",
  ];
  const rows = outcomes.map((outcome) => [
    ...options.map((option) => outcome.settings[option] ?? ""),
    `${outcome.falseAlarms} of ${outcome.good}`,
    outcome.falseAlarmInterval?.map(percent).join(" to ") ?? "",
    `${outcome.found} of ${outcome.bad}`,
    `${outcome.missed}`,
    outcome.medianDelaySeconds === null ? "" : formatSpan(outcome.medianDelaySeconds),
    `${outcome.goodPassed} of ${outcome.good}`,
    `${outcome.badPassed} of ${outcome.bad}`,
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const releases = (first?.good ?? 0) + (first?.bad ?? 0);
  return [
    `${releases} releases, ${first?.good ?? 0} good and ${first?.bad ?? 0} bad`,
    line(head),
    ...rows.map(line),
  ].join("\n");
}

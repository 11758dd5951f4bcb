import type { Report } from "../report";
import { effectOf, messageOf, notJudgedText, resourceOf, standardText, summaryOf, waiverText, whereOf } from "./words";

/** A table for a pull request or a job's summary. */
export function markdownReport(report: Report): string {
  const rows = report.findings
    .filter(({ known }) => !known)
    .map((told) =>
      row([
        `${effectOf(told)}, ${told.severity}`,
        code(told.rule),
        code(resourceOf(told)),
        code(whereOf(told)),
        [escaped(messageOf(told)), escaped(waiverText(told))].filter((text) => text !== "").join("<br>"),
        escaped(told.fix),
        escaped(told.standards.map(standardText).join("; ")),
      ]),
    );
  const table = [
    row(["level", "rule", "resource", "place", "finding", "fix", "standards"]),
    "|---|---|---|---|---|---|---|",
  ];
  const notJudged = report.notJudged.map((each) => `- ${escaped(notJudgedText(each))}`);
  return [
    "## Policies",
    "",
    summaryOf(report),
    ...(rows.length > 0 ? ["", ...table, ...rows] : []),
    ...(notJudged.length > 0 ? ["", "Not judged, since no rule knows the type:", "", ...notJudged] : []),
    "",
  ].join("\n");
}

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** Names come from the files: they must not become markup. */
const escaped = (text: string): string =>
  text
    .replace(/[\r\n]+/g, " ")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/[\\`*_[\]|~#@]/g, "\\$&");

/** Backticks cannot be escaped in code, so that they are left out. */
const code = (text: string): string => `\`${text.replace(/[`\r\n]/g, "'").replace(/\|/g, "\\|")}\``;

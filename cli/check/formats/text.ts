import type { Report } from "../report";
import type { Told } from "../told";
import { effectOf, messageOf, notJudgedText, resourceOf, standardText, summaryOf, waiverText, whereOf } from "./words";

/** For a terminal: the findings that are new, what was not judged, and the counts. */
export function textReport(report: Report): string {
  const findings = report.findings.filter(({ known }) => !known).map(block);
  const notJudged = report.notJudged.map((each) => `  ${notJudgedText(each)}`);
  return [
    ...findings,
    ...(notJudged.length > 0 ? [`not judged, since no rule knows the type:\n${notJudged.join("\n")}\n`] : []),
    summaryOf(report),
  ].join("\n");
}

function block(told: Told): string {
  const { rule, severity, standards, fix } = told;
  const lines = [
    `${whereOf(told)}  ${effectOf(told)}  ${rule}  ${severity}  ${resourceOf(told)}`,
    `  ${messageOf(told)}`,
    `  fix: ${fix}`,
    ...(standards.length > 0 ? [`  from: ${standards.map(standardText).join("; ")}`] : []),
    ...(told.suppressed === undefined ? [] : [`  ${waiverText(told)}`]),
  ];
  return `${lines.join("\n")}\n`;
}

import type { Report } from "../report";
import { countsOf, effectOf } from "./words";

/** Everything, for programs. */
export function jsonReport(report: Report): string {
  const { environment, judged, gone, notJudged } = report;
  const findings = report.findings.map(({ place, ...told }) => ({
    ...told,
    effect: effectOf(told),
    ...(place !== undefined && { line: place.line, column: place.column }),
  }));
  return JSON.stringify({ environment, judged, ...countsOf(report), gone, findings, notJudged }, undefined, 2);
}

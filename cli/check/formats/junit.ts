import type { Report } from "../report";
import type { Told } from "../told";
import { isStopping } from "../told";
import { messageOf, resourceOf, standardText, summaryOf, waiverText, whereOf } from "./words";

/**
 * JUnit's XML: a suite for each rule that found something, a case for each finding. Mandatory ones fail; the others
 * are skipped cases that say why. A run without findings is one case that passes.
 */
export function junitReport(report: Report): string {
  const told = report.findings.filter(({ known }) => !known);
  const suites = [...Map.groupBy(told, ({ rule }) => rule)].map(([rule, findings]) => suite(rule, findings));
  const passed = `  <testsuite name="headgate" tests="1" failures="0" skipped="0">\n    <testcase classname="headgate" name="${attribute(summaryOf(report))}"/>\n  </testsuite>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="headgate check" tests="${told.length || 1}" failures="${told.filter(isStopping).length}">`,
    ...(suites.length > 0 ? suites : [passed]),
    "</testsuites>",
  ].join("\n");
}

function suite(rule: string, findings: readonly Told[]): string {
  const failures = findings.filter(isStopping).length;
  const counts = `tests="${findings.length}" failures="${failures}" skipped="${findings.length - failures}"`;
  return [`  <testsuite name="${attribute(rule)}" ${counts}>`, ...findings.map(testCase), "  </testsuite>"].join("\n");
}

function testCase(told: Told): string {
  const { rule, level, severity, fix, standards, resource, place } = told;
  const name = `${resourceOf(told)} ${told.path}`.trim();
  const file = resource.file === undefined ? "" : ` file="${attribute(resource.file)}"`;
  const line = place === undefined ? "" : ` line="${place.line}"`;
  const text = [whereOf(told), messageOf(told), `fix: ${fix}`, standards.map(standardText).join("; ")].join("\n");
  const message = attribute(messageOf(told));
  const result = isStopping(told)
    ? `<failure type="${severity}" message="${message}">${content(text)}</failure>`
    : `<skipped message="${attribute(told.suppressed === undefined ? `${level}: ${messageOf(told)}` : waiverText(told))}"/>`;
  return `    <testcase classname="${attribute(rule)}" name="${attribute(name)}"${file}${line}>${result}</testcase>`;
}

/** Whether XML 1.0 can hold a character in any form. */
const possible = (character: string): boolean => /[\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(character);

const content = (text: string): string =>
  Array.from(text, (character) => (possible(character) ? character : "\ufffd"))
    .join("")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");

const attribute = (text: string): string => content(text).replace(/"/g, "&quot;").replace(/\s/g, " ");

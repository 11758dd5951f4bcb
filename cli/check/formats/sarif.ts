import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { Finding, Rule } from "../../../policy";
import { WAIVER_HYGIENE } from "../../../policy/core/waiver-hygiene";
import type { Report } from "../report";
import type { Told } from "../told";
import { messageOf, standardText } from "./words";

/** Numbers by which code scanning sorts: critical from 9, high from 7, medium from 4. */
const SCORES: Readonly<Record<Finding["severity"], string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "3.0",
};

/** SARIF 2.1.0, for code scanning. Source: OASIS, Static Analysis Results Interchange Format. */
export function sarifReport(report: Report): string {
  const rules = [...report.rules, WAIVER_HYGIENE];
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "headgate", rules: rules.map(descriptor) } },
        columnKind: "utf16CodeUnits",
        results: report.findings.map((told) => result(told, indexes.get(told.rule) ?? -1)),
        properties: { environment: report.environment, notJudged: report.notJudged },
      },
    ],
  };
  return JSON.stringify(log, undefined, 2);
}

type Described = Pick<Rule, "id" | "title" | "why" | "remediation" | "severity" | "standards">;

function descriptor({ id, title, why, remediation, severity, standards }: Described) {
  const from = standards.map((standard) => `- ${standardText(standard)}`).join("\n");
  return {
    id,
    shortDescription: { text: `${title}.` },
    fullDescription: { text: why },
    help: { text: `${why} ${remediation}`, markdown: [why, remediation, ...(from === "" ? [] : [from])].join("\n\n") },
    properties: {
      "security-severity": SCORES[severity],
      tags: ["security", ...standards.map(standardText)],
    },
  };
}

function result(told: Told, ruleIndex: number) {
  const { resource, place, suppressed, fingerprint, known } = told;
  const line = place?.line ?? resource.line;
  return {
    ruleId: told.rule,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: told.level === "mandatory" ? "error" : "warning",
    message: { text: `${messageOf(told)}. ${told.fix}` },
    locations: [
      {
        ...(resource.file !== undefined && {
          physicalLocation: {
            artifactLocation: { uri: uriOf(resource.file) },
            ...(line !== undefined && {
              region: { startLine: line, ...(place !== undefined && { startColumn: place.column }) },
            }),
          },
        }),
        logicalLocations: [
          {
            name: resource.name,
            fullyQualifiedName: [resource.urn ?? `${resource.type}::${resource.name}`, told.path]
              .filter((part) => part !== "")
              .join("#"),
            kind: "resource",
          },
        ],
      },
    ],
    partialFingerprints: { "headgateFinding/v1": fingerprint },
    baselineState: known ? "unchanged" : "new",
    ...(suppressed !== undefined && {
      suppressions: [
        {
          kind: "external",
          status: "accepted",
          justification: `${suppressed.reason} (${suppressed.owner}, ${suppressed.ticket}, until ${suppressed.expires})`,
        },
      ],
    }),
    properties: { kind: told.kind, severity: told.severity, standards: told.standards.map(standardText) },
  };
}

/** Relative to where the command ran, so that code scanning finds the file in the repository. */
const uriOf = (file: string): string =>
  isAbsolute(file)
    ? pathToFileURL(file).href
    : file
        .split(/[\\/]/)
        .map(encodeURIComponent)
        .join("/")
        .replace(/^(\.\/)+/, "");

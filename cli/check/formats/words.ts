import type { Standard } from "../../../policy";
import type { NotJudged } from "../input";
import type { Report } from "../report";
import { isStopping, type Told } from "../told";

/** `deploy/shop.yml:12:9`, a URN, or the file alone. */
export function whereOf({ resource, place }: Told): string {
  const { file, urn, line } = resource;
  if (file === undefined) return urn ?? resource.name;
  if (place !== undefined) return `${file}:${place.line}:${place.column}`;
  return line === undefined ? file : `${file}:${line}`;
}

/** The resource in short: `Deployment shop`. */
export const resourceOf = ({ resource: { type, name } }: Told): string =>
  `${type.slice(type.lastIndexOf(":") + 1)} ${name}`;

/** `CIS Kubernetes Benchmark 1.10 5.2.2`. */
export const standardText = ({ name, version, section }: Standard): string =>
  [name, version, section].filter((word) => word !== undefined).join(" ");

/** What the finding does. */
export function effectOf(told: Told): string {
  if (told.suppressed !== undefined) return "waived";
  if (told.known) return "known";
  return told.level;
}

/** `path: message`, without the path where the message tells it. */
export const messageOf = ({ path, message, kind }: Told): string =>
  path === "" || kind === "unknown" ? message : `${path}: ${message}`;

/** The waiver that covers it, in a sentence. */
export const waiverText = ({ suppressed }: Told): string =>
  suppressed === undefined
    ? ""
    : `Waived until ${suppressed.expires} by ${suppressed.owner}, ${suppressed.ticket}: ${suppressed.reason}`;

export const notJudgedText = ({ type, why, count, file, line }: NotJudged & { count: number }): string => {
  const where = [file, line].filter((word) => word !== undefined && word !== "").join(":");
  const first = where === "" ? "" : `, ${count > 1 ? "first " : ""}${where}`;
  return `${type}${count > 1 ? ` (${count})` : ""}${first}${why === undefined ? "" : `: ${why}`}`;
};

export interface Counts {
  mandatory: number;
  advisory: number;
  waived: number;
  known: number;
}

export function countsOf({ findings }: Report): Counts {
  const count = (effect: string) => findings.filter((told) => effectOf(told) === effect).length;
  return {
    mandatory: findings.filter(isStopping).length,
    advisory: count("advisory"),
    waived: count("waived"),
    known: count("known"),
  };
}

/** The run in one line. */
export function summaryOf(report: Report): string {
  const { mandatory, advisory, waived, known } = countsOf(report);
  const resources = report.judged === 1 ? "1 resource" : `${report.judged} resources`;
  const parts = [
    `${resources} judged for ${report.environment}`,
    `${mandatory} mandatory`,
    `${advisory} advisory`,
    ...(waived > 0 ? [`${waived} waived`] : []),
    ...(known > 0 ? [`${known} known from the baseline`] : []),
    ...(report.gone > 0 ? [`${report.gone} of the baseline gone: write it anew`] : []),
  ];
  return parts.join(", ");
}

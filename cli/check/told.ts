import { createHash } from "node:crypto";
import { type Finding, stops } from "../../policy";
import type { Place } from "../places";

/** A finding with its place, as every format tells it. */
export interface Told extends Finding {
  place?: Place;
  /** The same from run to run, wherever in the file the object stands. */
  fingerprint: string;
  /** Whether the baseline has it: it is counted, and stops nothing. */
  known: boolean;
}

/** Whether the run ends with 1 for its sake. */
export const isStopping = (finding: Told): boolean => stops(finding) && !finding.known;

/** A finding's name from run to run. */
export function fingerprintOf({ rule, kind, resource, path, message }: Finding): string {
  const { type, name, urn, file } = resource;
  const identity = [rule, kind, urn ?? [file, type, name], path, message];
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32);
}

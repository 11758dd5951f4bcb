import type { Finding } from "./finding";
import { levels } from "./level";

/** What is told of the rule that watches over waivers. It looks at no resource: `applyWaivers` reports for it. */
export const WAIVER_HYGIENE = {
  id: "waiver-hygiene",
  title: "Waivers are in force, short and needed",
  severity: "medium",
  standards: [],
  levels: levels("mandatory", "mandatory"),
  why: "A waiver that outlives its reason lets the next violation pass unseen.",
  remediation: "Mend the resource and remove the waiver, or have it renewed.",
} as const;

/** What can be wrong with a waiver. */
export type Fault = "expired" | "too long" | "unmatched";

const texts: Record<Fault, { field: string; message: string }> = {
  expired: { field: "expires", message: "has expired" },
  "too long": { field: "expires", message: "is granted for longer than its rule's severity allows" },
  unmatched: { field: "resource", message: "covers no finding" },
};

export function hygieneFinding(fault: Fault, index: number, file: string | undefined): Finding {
  const { id, severity, remediation, standards } = WAIVER_HYGIENE;
  const name = `waivers[${index}]`;
  const { field, message } = texts[fault];
  return {
    rule: id,
    kind: "violation",
    level: "mandatory",
    severity,
    resource: { type: "headgate:policy:Waiver", name, ...(file !== undefined && { file }) },
    path: `${name}.${field}`,
    message: `${name} ${message}`,
    fix: remediation,
    standards,
  };
}

import type { Level, Severity } from "./level";
import type { Remedy } from "./remedy";
import type { Resource } from "./resource";
import type { Standard } from "./standard";

/** One thing that is wrong, or cannot be judged. Holds paths, names and fixed texts, never a property's value. */
export interface Finding {
  /** Id of the rule. */
  rule: string;
  /** What kind of finding this is: an `error` is a fault in the rule itself. */
  kind: "violation" | "unknown" | "error";
  level: Exclude<Level, "off">;
  severity: Severity;
  resource: Omit<Resource, "properties" | "provider" | "comments">;
  /** Path in the resource's properties; "" for the resource itself. */
  path: string;
  message: string;
  /** What to do. */
  fix: string;
  standards: readonly Standard[];
  /** What would meet the rule, where that only adds something. */
  remedy?: Remedy;
  /** The waiver that covers it: the finding is told and stops nothing. */
  suppressed?: { reason: string; owner: string; ticket: string; expires: string };
}

/** What a finding was seen in, for waivers that go by labels: findings themselves hold no values. */
export const seenIn = new WeakMap<Finding["resource"], Resource>();

/** Whether a run has to end with this. */
export const stops = ({ level, suppressed }: Finding): boolean => level === "mandatory" && suppressed === undefined;

import { holdsSecret, isRecord, isSecret, secretTexts, UNKNOWN, unwrap } from "../providers/shared/wire";

/** Stands in recorded inputs for a value that is not known during the run. */
export const UNKNOWN_VALUE = "(unknown)";

/** A resource the program declared. */
export interface RecordedResource {
  urn: string;
  type: string;
  name: string;
  /** Absent in a preview, and for components. */
  id: string | undefined;
  /** False for components. */
  custom: boolean;
  /** URN of the parent; empty without one. */
  parent: string;
  /** URNs the resource waits for. */
  dependencies: string[];
  protect: boolean;
  /** Whether the object stays when the resource goes. */
  retainOnDelete: boolean;
  /** Paths whose changes in the program are left out. */
  ignoreChanges: string[];
  /** Paths whose changes make a new object. */
  replaceOnChanges: string[];
  /** Provider the resource uses, as `urn::id`; empty for the default one. */
  provider: string;
  /** Inputs without secret wrappers. */
  inputs: Record<string, unknown>;
  /** What a component registered as its outputs. */
  outputs: Record<string, unknown>;
  /** Inputs as they went to the engine. */
  rawInputs: Record<string, unknown>;
}

/** Inputs without wrappers, with readable unknowns. */
export function plain(values: Record<string, unknown>): Record<string, unknown> {
  const readable = (value: unknown): unknown => {
    if (value === UNKNOWN) return UNKNOWN_VALUE;
    if (Array.isArray(value)) return value.map(readable);
    if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readable(item)]));
    return value;
  };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, readable(unwrap(value))]));
}

/**
 * Where the plain text of a secret stands outside a secret wrapper: `name: path` of each place. Secrets are the given
 * ones and every text that any resource marks as secret.
 */
export function leaks(resources: readonly RecordedResource[], known: readonly string[]): string[] {
  const secrets = new Set(known.filter((text) => text !== ""));
  for (const { rawInputs } of resources) for (const text of secretTexts(rawInputs)) secrets.add(text);
  const holds = (text: string) => holdsSecret(text, secrets);
  return resources.flatMap((resource) => {
    const found = paths(resource.rawInputs, "", holds).map((path) => `${resource.urn}: ${path}`);
    if (holds(resource.name)) {
      found.push(`${resource.urn}: the resource's name`);
    }
    return found;
  });
}

function paths(value: unknown, path: string, holds: (text: string) => boolean): string[] {
  if (isSecret(value)) return [];
  if (typeof value === "string") return holds(value) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => paths(item, `${path}[${index}]`, holds));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const at = path === "" ? key : `${path}.${key}`;
    return [...(holds(key) ? [`${at} (the key)`] : []), ...paths(item, at, holds)];
  });
}

import type { Key } from "./cursor";

/** A value for a place in a resource's properties that has none. */
export interface Remedy {
  keys: readonly Key[];
  value: unknown;
}

/**
 * Puts in what findings of one resource say would meet their rules. Nothing that is there is changed or taken away,
 * what is not known stays so, and a second time there is nothing to do.
 * @param properties The resource's, which are changed.
 * @param open What is in a value, where something else stands for it. Defaults to the value itself.
 * @returns Those that were put in.
 */
export function remediate<Found extends { remedy?: Remedy }>(
  properties: unknown,
  findings: readonly Found[],
  open: (value: unknown) => unknown = (value) => value,
): Found[] {
  return findings.filter(({ remedy }) => remedy !== undefined && put(properties, remedy.keys, remedy.value, open));
}

function put(
  place: unknown,
  [key, ...rest]: readonly Key[],
  value: unknown,
  open: (value: unknown) => unknown,
): boolean {
  const at = open(place);
  if (key === undefined || typeof at !== "object" || at === null) return false;
  if (Array.isArray(at) !== (typeof key === "number")) return false;
  const map = at as Record<Key, unknown>;
  const inner = Object.hasOwn(map, key) ? map[key] : undefined;
  if (inner !== undefined && inner !== null) return put(inner, rest, value, open);
  // What a list has no element for was not found in it.
  if ([key, ...rest].some((each) => typeof each === "number")) return false;
  map[key] = rest.reduceRight((whole: unknown, name) => ({ [name]: whole }), structuredClone(value));
  return true;
}

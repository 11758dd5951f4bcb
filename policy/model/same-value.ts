import type { Cursor } from "../core/cursor";

/**
 * Whether two places hold the same, whatever the order of their keys.
 * @throws UnknownValue, Unstated
 */
export function sameValue(a: Cursor, b: Cursor): boolean {
  const [one, two] = [a.read(), b.read()];
  if (typeof one !== "object" || typeof two !== "object" || one === null || two === null) return one === two;
  if (Array.isArray(one) !== Array.isArray(two)) return false;
  const [items, others] = [a.items(), b.items()];
  if (Array.isArray(one)) {
    return items.length === others.length && items.every((item, index) => sameValue(item, others[index] ?? b));
  }
  const [entries, keys] = [a.entries(), b.entries()];
  return (
    entries.length === keys.length &&
    entries.every(([key, entry]) => Object.hasOwn(two, key) && sameValue(entry, b.entry(key)))
  );
}

import { elementsOf } from "./anything";
import { nearest } from "./nearest";
import { describeValue, joinPath, type Problem } from "./problem";

/** The problem of a name that is not among the keys of the map called `map`; none for what is no text anyway. */
export function unknownName(name: unknown, known: readonly string[], map: string, path: string): Problem[] {
  if (typeof name !== "string" || name.trim() === "" || known.includes(name)) return [];
  const meant = nearest(name, known);
  const others = known.length === 0 ? `Add it to ${map}, which is empty` : `Known there: ${known.join(", ")}`;
  const fix = meant === undefined ? others : `Did you mean ${meant}?`;
  return [{ path, problem: `is no name in ${map}`, got: describeValue(name), fix }];
}

export const unknownNames = (
  names: readonly string[] | undefined,
  known: readonly string[],
  map: string,
  path: string,
): Problem[] => elementsOf(names).flatMap((name, index) => unknownName(name, known, map, joinPath(path, index)));

/** Elements of a list that stand in it twice. */
export function repeated(list: readonly string[] | undefined, path: string): Problem[] {
  const elements = elementsOf(list);
  return elements.flatMap((element, index): Problem[] => {
    const first = elements.indexOf(element);
    if (typeof element !== "string" || first === index) return [];
    const problem = `is the same as ${path.replace(/^.*\./, "")}[${first}]`;
    return [{ path: joinPath(path, index), problem, got: describeValue(element), fix: "Remove one of them" }];
  });
}

/** A list that means nothing without an element. */
export const empty = (list: readonly unknown[] | undefined, path: string, fix: string): Problem[] =>
  Array.isArray(list) && list.length === 0 ? [{ path, problem: "is empty", fix }] : [];

/** Seconds of a text that a duration was meant to be; NaN for anything else, which the schema tells. */
export function lenientSeconds(parse: (text: string) => number, value: unknown): number {
  try {
    return typeof value === "string" ? parse(value) : Number.NaN;
  } catch {
    return Number.NaN;
  }
}

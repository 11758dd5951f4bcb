import type { Cursor } from "../core/cursor";
import type { Job } from "./workflow";

/**
 * What `matrix.<keys>` of a job can be, by the keys in lower case; undefined where an expression gives the matrix or a
 * part of it.
 * @throws UnknownValue, Unstated
 */
export function matrixValues(job: Job, [name = "", ...below]: readonly string[]): Cursor[] | undefined {
  const matrix = job.at("strategy.matrix");
  if (matrix.text() !== undefined) return undefined;
  const found: Cursor[] = [];
  for (const [key, values] of matrix.entries()) {
    if (values.text() !== undefined) {
      if (key === "include" || key.toLowerCase() === name) return undefined;
      continue;
    }
    if (key.toLowerCase() === name) found.push(...values.items());
    if (key === "include") found.push(...values.items().flatMap((item) => named(item, name)));
  }
  const left = found.filter((value) => !isExcluded(matrix, name, value));
  return below.reduce((values, key) => values.flatMap((value) => named(value, key)), left);
}

/** Whether the matrix leaves a value out whatever stands beside it. */
const isExcluded = (matrix: Cursor, name: string, value: Cursor): boolean =>
  matrix.at("exclude").some((excluded) => {
    const [only, ...others] = excluded.present() ? excluded.entries() : [];
    if (only === undefined || others.length > 0 || only[0].toLowerCase() !== name) return false;
    return value.text() !== undefined && only[1].text() === value.text();
  });

const named = (map: Cursor, name: string): Cursor[] =>
  map.entries().flatMap(([key, value]) => (value.unknown || key.toLowerCase() === name ? [value] : []));

/** Every value in it that holds no others. */
export function leavesOf(cursor: Cursor): Cursor[] {
  const inside = [...cursor.items(), ...cursor.entries().map(([, value]) => value)];
  return cursor.unknown || inside.length === 0 ? [cursor] : inside.flatMap(leavesOf);
}

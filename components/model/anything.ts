// Rules see whatever a program without types, or a file, hands over: the schema tells its problems, they tell theirs.

/** A field of something that may be anything. */
export function part<T, K extends keyof NonNullable<T>>(value: T, key: K): NonNullable<T>[K] | undefined {
  return typeof value === "object" && value !== null ? (value as NonNullable<T>)[key] : undefined;
}

export const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !("__pulumiOutput" in value);

/** The entries of a map, none when it is none. */
export const entriesOf = <T>(map: Record<string, T> | undefined): [string, T][] =>
  isObject(map) ? (Object.entries(map) as [string, T][]) : [];

/** The elements of a list, none when it is none. */
export const elementsOf = <T>(list: readonly T[] | undefined): readonly T[] =>
  Array.isArray(list) ? Array.from(list) : [];

import fc from "fast-check";

/** Anything a program without types, or a configuration file, may hand over. */
const anything = fc.oneof(
  fc.anything({ withNullPrototype: true, withMap: true, withDate: true, withBigInt: true, withSparseArray: true }),
  fc.constantFrom<unknown>(
    0,
    -1,
    100,
    1e9,
    Number.NaN,
    "",
    "5",
    "-5s",
    "300s",
    "/x",
    null,
    undefined,
    [],
    {},
    "canary",
  ),
);

type Container = Record<PropertyKey, unknown>;
export interface Mutation {
  /** Chooses the place: each number a key of the value found so far, until a leaf or the end. */
  way: number[];
  surplus?: string | undefined;
  value: unknown;
}

export const mutations: fc.Arbitrary<Mutation> = fc.record({
  way: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
  surplus: fc.option(fc.string({ minLength: 1, maxLength: 8 }), { nil: undefined }),
  value: anything,
});

/** Changes one place of a copy and tells where. */
export function mutate(original: object, { way, surplus, value }: Mutation): { mutant: unknown; path: PropertyKey[] } {
  // Through JSON and not structuredClone, so that no two places of the copy hold one object.
  const mutant: unknown = JSON.parse(JSON.stringify(original));
  let place = mutant as Container;
  const path: PropertyKey[] = [];
  for (const [index, turn] of way.entries()) {
    const keys = Object.keys(place);
    const key = keys[turn % Math.max(1, keys.length)];
    const last = index === way.length - 1 || key === undefined || typeof place[key] !== "object";
    const chosen = last && surplus !== undefined && !Array.isArray(place) ? surplus : key;
    if (chosen === undefined) break;
    path.push(Array.isArray(place) ? Number(chosen) : chosen);
    if (last) {
      Object.defineProperty(place, chosen, { value, writable: true, enumerable: true, configurable: true });
      break;
    }
    place = place[chosen] as Container;
  }
  return { mutant, path };
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planRelease } from "../release/plan-release";
import { joinPath, type Problem } from "./problem";
import { releases, services } from "./testing/values";
import { checkRelease, checkService } from "./validate";

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
interface Mutation {
  /** Chooses the place: each number a key of the value found so far, until a leaf or the end. */
  way: number[];
  surplus?: string | undefined;
  value: unknown;
}

const mutations: fc.Arbitrary<Mutation> = fc.record({
  way: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
  surplus: fc.option(fc.string({ minLength: 1, maxLength: 8 }), { nil: undefined }),
  value: anything,
});

/** Changes one place of a copy and tells where. */
function mutate(original: object, { way, surplus, value }: Mutation): { mutant: unknown; path: PropertyKey[] } {
  const mutant: unknown = structuredClone(original);
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

/** The place itself, one inside it, or one around it (rules that weigh several settings name what holds them). */
function names(problem: Problem, path: string): boolean {
  return problem.path.startsWith(path) || path.startsWith(problem.path);
}

describe.each([
  ["service", services, (value: unknown) => checkService(value as never)],
  ["release", releases, (value: unknown) => checkRelease(value as never)],
] as const)("%s", (root, values, check) => {
  test("what the generator calls valid has no problem, also after a trip through JSON", () => {
    fc.assert(
      fc.property(values as fc.Arbitrary<object>, (value) => {
        expect(check(value)).toEqual([]);
        expect(check(JSON.parse(JSON.stringify(value)))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a changed place is either well or named, and nothing is ever thrown", () => {
    let refused = 0;
    fc.assert(
      fc.property(values as fc.Arbitrary<object>, mutations, (value, mutation) => {
        const { mutant, path } = mutate(value, mutation);
        const problems = check(mutant);
        if (problems.length === 0) {
          const service = { image: { build: { context: "." } }, port: 1, health: { readiness: { path: "/" } } };
          const input = root === "release" ? { release: mutant, service } : { release: {}, service: mutant };
          planRelease(input as never);
          return;
        }
        refused++;
        const named = joinPath(root, ...path);
        const others = problems.filter((problem) => !names(problem, named) && !isNeighbour(problem, named));
        expect(others, named).toEqual([]);
        for (const problem of problems) expect(problem.fix.length).toBeGreaterThan(5);
      }),
      { numRuns: 10_000 },
    );
    expect(refused).toBeGreaterThan(2_000);
  });
});

/** Settings that are weighed against each other: the blame may fall on the other one. */
function isNeighbour(problem: Problem, path: string): boolean {
  const parent = (text: string) => text.replace(/(\.steps)\[\d+\].*$|\.[^.[]*$/, "$1");
  const weighed = /\.(replicas|steps)\b/;
  return weighed.test(problem.path) && parent(problem.path) === parent(path);
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinPath, type Problem } from "../model/problem";
import { Target } from "../model/target";
import { releases, services } from "../model/testing/arbitraries";
import { mutate, mutations } from "../model/testing/mutations";
import { checkRelease, checkService } from "../model/validate";
import { compileRelease } from "./compile";

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
        const travelled = JSON.parse(JSON.stringify(value));
        expect(travelled).toEqual(value);
        expect(check(travelled)).toEqual([]);
      }),
      { numRuns: 10_000 },
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
          for (const target of Object.values(Target)) {
            if (root === "release") compileRelease(mutant as never, service, target);
            else compileRelease({}, mutant as never, target);
          }
          return;
        }
        refused++;
        const named = joinPath(root, ...path);
        const others = problems.filter((problem) => !names(problem, named) && !isNeighbour(problem, named));
        expect(others, named).toEqual([]);
        expect(problems.every((problem) => problem.fix.length > 5)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
    expect(refused).toBeGreaterThan(1_000);
  });
});

/** Settings that are weighed against each other: the blame may fall on the other one. */
function isNeighbour(problem: Problem, path: string): boolean {
  if (problem.path === "release.migration.reversible" && path === "release.onFailure") return true;
  const parent = (text: string) => text.replace(/(\.steps)\[\d+\].*$|\.[^.[]*$/, "$1");
  const weighed = /\.(replicas|steps|ports|volumes|scale|migration|freeze|hooks)\b/;
  return weighed.test(problem.path) && parent(problem.path) === parent(path);
}

import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinPath, type Problem } from "./problem";
import { deliveries, environments } from "./testing/delivery-arbitraries";
import { mutate, mutations } from "./testing/mutations";
import { pipelines } from "./testing/pipeline-arbitraries";
import { checkDelivery, checkEnvironment, checkPipeline } from "./validate";

/** Whether a problem is about a place: it stands there, inside, around, or its text names the setting. */
function blames(problem: Problem, root: string, path: readonly PropertyKey[]): boolean {
  const named = joinPath(root, ...path);
  if (problem.path.startsWith(named) || named.startsWith(problem.path)) return true;
  const said = `${problem.problem} ${problem.fix}`;
  return path.some((key) => typeof key === "string" && key.length > 2 && said.includes(key));
}

describe.each([
  ["delivery", deliveries, (value: unknown) => checkDelivery(value as never)],
  ["pipeline", pipelines(), (value: unknown) => checkPipeline(value as never)],
  ["environment", environments([], []), (value: unknown) => checkEnvironment(value as never)],
] as const)("%s", (root, values, check) => {
  test("what the generator calls valid has no problem, and a trip through JSON changes nothing", () => {
    fc.assert(
      fc.property(values as fc.Arbitrary<object>, (value) => {
        assert.deepEqual(check(value), []);
        const text = JSON.stringify(value);
        // The generator's records have no prototype, which the comparison would count.
        assert.deepEqual(JSON.parse(text), structuredClone(value));
      }),
      { numRuns: 10_000 },
    );
  }, 120_000);

  test("a changed place is either well or named, and nothing is ever thrown", () => {
    let refused = 0;
    fc.assert(
      fc.property(values as fc.Arbitrary<object>, mutations, (value, mutation) => {
        const { mutant, path } = mutate(value, mutation);
        const problems = check(mutant);
        if (problems.length === 0) return;
        refused++;
        const elsewhere = problems.filter((problem) => !blames(problem, root, path));
        assert.deepEqual(elsewhere, [], joinPath(root, ...path));
        assert(problems.every((problem) => problem.fix.length > 5));
      }),
      { numRuns: 10_000 },
    );
    expect(refused).toBeGreaterThan(3_000);
  }, 120_000);
});

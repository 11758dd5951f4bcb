import { InputPropertiesError, InputPropertyError, ResourceError, RunError } from "@pulumi/pulumi/errors";
import { expect, test } from "vitest";
import { ArgumentError, refuse } from "./errors";
import type { Problem } from "./problem";

const weight: Problem = {
  path: "release.canary.steps[1].weight",
  problem: "must be larger than the step before it",
  got: "10 after 25",
  fix: "Sort the steps by weight",
};
const replicas: Problem = {
  path: "service.replicas",
  problem: "cannot be fixed while replicas.max sets an autoscaler",
  got: "3",
  fix: "Remove replicas.count.",
};

test("one problem is one line", () => {
  expect(new ArgumentError("DockerService", "shop", [weight]).message).toBe(
    'DockerService "shop": release.canary.steps[1].weight must be larger than the step before it (got 10 after 25). Sort the steps by weight.',
  );
});

test("several problems are one line each below a count", () => {
  expect(new ArgumentError("KubernetesService", "shop", [weight, replicas]).message).toBe(
    [
      'KubernetesService "shop": 2 problems',
      "  release.canary.steps[1].weight must be larger than the step before it (got 10 after 25). Sort the steps by weight.",
      "  service.replicas cannot be fixed while replicas.max sets an autoscaler (got 3). Remove replicas.count.",
    ].join("\n"),
  );
});

test("a problem without a value has no brackets", () => {
  const { got: _, ...secret } = replicas;
  expect(new ArgumentError("DockerService", "shop", [secret]).message).not.toMatch(/[()]/);
});

test("Pulumi takes it for a resource error without a stack, and for an error about inputs", () => {
  const resource = {};
  const error: unknown = new ArgumentError("DockerService", "shop", [weight, replicas], resource);
  expect(error).toBeInstanceOf(Error);
  // The order in which Pulumi asks: a run error would hide the resource, an error named SyntaxError its message.
  expect(RunError.isInstance(error)).toBe(false);
  expect(InputPropertyError.isInstance(error)).toBe(false);
  if (!ResourceError.isInstance(error)) throw new Error("no resource error");
  expect(error.hideStack).toBe(true);
  expect(error.resource).toBe(resource);
  const inputs: unknown = error;
  if (!InputPropertiesError.isInstance(inputs)) throw new Error("no error about inputs");
  expect(inputs.errors).toEqual([
    { propertyPath: weight.path, reason: expect.stringContaining("(got 10 after 25). Sort the steps by weight.") },
    { propertyPath: replicas.path, reason: expect.stringContaining("Remove replicas.count.") },
  ]);
});

test("refuse throws only for problems", () => {
  expect(() => refuse("DockerService", "shop", [])).not.toThrow();
  expect(() => refuse("DockerService", "shop", [weight])).toThrow(ArgumentError);
});

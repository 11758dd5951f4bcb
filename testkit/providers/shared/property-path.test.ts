import { expect, it } from "vitest";
import { containsPath, formatPath, parsePath } from "./property-path";

it("reads and writes the engine's notation", () => {
  const notations: [string, (string | number)[]][] = [
    ["spec.replicas", ["spec", "replicas"]],
    ["spec.ports[0].port", ["spec", "ports", 0, "port"]],
    ['metadata.annotations["a.b/c"]', ["metadata", "annotations", "a.b/c"]],
    ['data["say \\"x\\""].y', ["data", 'say "x"', "y"]],
  ];
  for (const [text, path] of notations) {
    expect(parsePath(text)).toEqual(path);
    expect(formatPath(path)).toBe(text);
  }
});

it("knows what lies below a path", () => {
  const below = (outer: string, inner: string) => containsPath(parsePath(outer), parsePath(inner));
  expect(below("spec", "spec.replicas")).toBe(true);
  expect(below("spec.replicas", "spec.replicas")).toBe(true);
  expect(below("spec.containers[*].image", "spec.containers[3].image")).toBe(true);
  expect(below("spec.replicas", "spec")).toBe(false);
  expect(below("spec.rep", "spec.replicas")).toBe(false);
});

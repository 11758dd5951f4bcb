import { expect, it } from "vitest";
import { flag, list, map, number, object, parse, problems, sameValue, set, text } from "./shape";
import { UNKNOWN } from "./wire";

const shape = object(
  {
    name: text,
    size: number,
    on: flag,
    tags: set(text),
    args: list(text),
    env: map,
    deep: list(object({ id: text }, ["id"])),
  },
  ["name"],
);

it("names every value that does not fit, and every field it does not know", () => {
  expect(
    problems(shape, { size: "1", tags: [1], env: { A: 2 }, deep: [{ id: "x" }, { other: 1 }], extra: true }),
  ).toEqual([
    { path: "name", reason: "is missing" },
    { path: "size", reason: "must be a number" },
    { path: "tags[0]", reason: "must be a string" },
    { path: "env.A", reason: "must be a string" },
    { path: "deep[1].id", reason: "is missing" },
    { path: "deep[1].other", reason: "is not supported by the testkit's provider" },
    { path: "extra", reason: "is not supported by the testkit's provider" },
  ]);
});

it("lets unknown and absent values pass", () => {
  expect(problems(shape, { name: UNKNOWN, size: UNKNOWN, deep: UNKNOWN, tags: undefined, args: null })).toEqual([]);
});

it("parses what fits and refuses what does not", () => {
  expect(parse(shape, { name: "a", size: 1 }, "Thing")).toEqual({ name: "a", size: 1 });
  expect(() => parse(shape, {}, "Thing")).toThrow("Thing: name is missing.");
});

it("compares as the provider sees it", () => {
  expect(
    sameValue(shape, { name: "a", tags: ["x", "y"] }, { tags: ["y", "x"], name: "a", size: undefined, args: [] }),
  ).toBe(true);
  expect(sameValue(shape, { args: ["x", "y"] }, { args: ["y", "x"] })).toBe(false);
  expect(sameValue(shape, { tags: ["x", "x"] }, { tags: ["x"] })).toBe(false);
  expect(sameValue(text, "1", "2")).toBe(false);
});

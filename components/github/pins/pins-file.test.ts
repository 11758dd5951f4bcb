import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { actionPins } from "./pins";
import { readPins, writePins } from "./pins-file";

const pin = { tag: "v1.2.3", sha: "a".repeat(40), inputs: { name: { required: true } } };
const read = (value: unknown) => readPins(JSON.stringify(value), "pins.json");

test("the library's pins are read and written without a change", () => {
  const text = readFileSync(join(__dirname, "action-pins.json"), "utf8");
  expect(readPins(text, "action-pins.json")).toEqual(actionPins);
  expect(writePins(actionPins)).toBe(text);
});

test("the order of the pins does not change what is written", () => {
  expect(writePins({ "b/b": pin, "a/a": pin })).toBe(writePins({ "a/a": pin, "b/b": pin }));
});

test.each([
  ["no object", [pin], "it: Invalid input"],
  ["an action without an owner", { checkout: pin }, "checkout: must be an owner"],
  ["an action with a version", { "a/b@v1": pin }, "a/b@v1: must be an owner"],
  ["an action with an empty part", { "a/b//c": pin }, "a/b//c: must be an owner"],
  ["a short commit", { "a/b": { ...pin, sha: "abc" } }, "a/b: sha: must be a commit of 40"],
  ["half a version", { "a/b": { ...pin, tag: "v1" } }, 'a/b: tag: must be a full version such as "v7.0.1"'],
  ["no inputs", { "a/b": { ...pin, inputs: undefined } }, "a/b: inputs: Invalid input"],
  ["an unknown key", { "a/b": { ...pin, shaa: "" } }, 'a/b: Unrecognized key: "shaa"'],
])("%s is refused with its place", (_, value, said) => {
  expect(() => read(value)).toThrow(said);
});

test("several problems are told together", () => {
  expect(() => read({ "a/b": { ...pin, sha: "x" }, "c/d": { ...pin, tag: "1" } })).toThrow(/a\/b: sha[\s\S]*c\/d: tag/);
});

test("what is no JSON is refused", () => {
  expect(() => readPins("{", "pins.json")).toThrow(/^pins\.json is no JSON/);
});

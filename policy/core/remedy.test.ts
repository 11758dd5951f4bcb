import { expect, it } from "vitest";
import { UNKNOWN } from "./cursor";
import { type Remedy, remediate } from "./remedy";

const finding = (...keys: Remedy["keys"]) => ({ remedy: { keys, value: ["new"] } });
const after = (properties: unknown, ...findings: { remedy?: Remedy }[]) => ({
  done: remediate(properties, findings).length,
  properties,
});

it("puts a value in with the maps that are missing around it, nothing in the place of something", () => {
  expect(after({ a: { b: null }, c: 1 }, finding("a", "b", "d"))).toEqual({
    done: 1,
    properties: { a: { b: { d: ["new"] } }, c: 1 },
  });
  expect(after([{}], finding(0, "a"))).toEqual({ done: 1, properties: [{ a: ["new"] }] });
  for (const a of ["", 0, false, [], {}, "old", ["old"], UNKNOWN]) {
    expect(after({ a }, finding("a"))).toEqual({ done: 0, properties: { a } });
  }
});

it("does once what two findings ask for, each with a value of its own", () => {
  const one = finding("a");
  const properties = {} as { a?: string[] };
  expect(remediate(properties, [one, finding("a")])).toEqual([one]);
  properties.a?.push("more");
  expect(after({}, one).properties).toEqual({ a: ["new"] });
});

it("leaves what has another shape than the rule took it to have", () => {
  for (const a of ["text", 1, [], UNKNOWN])
    expect(after({ a }, finding("a", "b"))).toEqual({ done: 0, properties: { a } });
  for (const a of [{}, [], [null], undefined]) {
    expect(after({ a }, finding("a", 0, "b"))).toEqual({ done: 0, properties: { a } });
  }
  expect(after(undefined, finding("a")).done).toBe(0);
  expect(after({}, {}).done).toBe(0);
});

import { expect, test } from "vitest";
import { number, optional, strictFor, text } from "./fields";

interface Thing {
  size: number;
  label?: string;
}
const size = number({ min: 0, max: 9 });
const label = text("a label");

test("the compiler refuses a schema that does not know exactly the keys of its interface", () => {
  const right = strictFor<Thing>({ size, label: optional(label) }, "{ size: 1 }");
  expect(right.safeParse({ size: 1 }).success).toBe(true);
  // @ts-expect-error a key is missing
  strictFor<Thing>({ size }, "");
  // @ts-expect-error a key is surplus
  strictFor<Thing>({ size, label: optional(label), colour: label }, "");
  // @ts-expect-error a key may be left out, the schema demands it
  strictFor<Thing>({ size, label }, "");
  // @ts-expect-error a key is demanded, the schema lets it be left out
  strictFor<Thing>({ size: optional(size), label: optional(label) }, "");
  // @ts-expect-error a key has another type
  strictFor<Thing>({ size: label, label: optional(label) }, "");
});

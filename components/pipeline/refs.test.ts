import fc from "fast-check";
import { expect, test } from "vitest";
import { globsMeet } from "./refs";

const matches = (glob: string, name: string): boolean =>
  new RegExp(
    `^${glob
      .split("*")
      .map((part) => part.replace(/[.+?^$()|[\]\\{}]/g, "\\$&"))
      .join(".*")}$`,
  ).test(name);

test.each([
  ["main", "main", true],
  ["main", "develop", false],
  ["release/*", "release/1.x", true],
  ["release/*", "main", false],
  ["*", "anything", true],
  ["a*c", "*b*", true],
  ["a*b", "*c", false],
])("%s and %s: %s", (one, other, expected) => {
  expect(globsMeet(one, other)).toBe(expected);
  expect(globsMeet(other, one)).toBe(expected);
});

test("globs meet where some name matches both, and only there", () => {
  const letters = fc.constantFrom("a", "b", "*");
  const glob = fc.array(letters, { maxLength: 5 }).map((all) => all.join(""));
  const names = ["", ..."ab"].flatMap((a) => ["", ..."ab"].flatMap((b) => ["", ..."ab"].map((c) => a + b + c)));
  const every = new Set(names.flatMap((one) => names.flatMap((two) => [one + two, `${one}${two}a`, `${one}${two}b`])));
  fc.assert(
    fc.property(glob, glob, (one, other) => {
      const seen = [...every].some((name) => matches(one, name) && matches(other, name));
      // Two globs of five characters that meet do so in a name of at most eight.
      if (seen) expect(globsMeet(one, other)).toBe(true);
      else expect(globsMeet(one, other)).toBe(false);
    }),
    { numRuns: 300 },
  );
});

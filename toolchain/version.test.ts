import fc from "fast-check";
import { expect, test } from "vitest";
import { atLeast } from "./version";

test.each([
  ["v3.259.0", "3.250.0", true],
  ["3.250.0", "3.250.0", true],
  ["v3.250.0-alpha.1+dirty", "3.250.0", true],
  ["v3.249.9", "3.250.0", false],
  ["1.9.7", "1.21.0", false],
  ["1.26", "1.21.0", true],
  ["1.26rc1", "1.27.0", false],
  ["", "0.0.0", false],
  ["command not found", "3.250.0", false],
])("%s is at least %s: %s", (version, minimum, expected) => {
  expect(atLeast(version, minimum)).toBe(expected);
});

test("versions are ordered: one of two is at least the other, and both only if they are equal", () => {
  const part = fc.array(fc.nat(300), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(part, part, (a, b) => {
      const length = Math.max(a.length, b.length);
      const padded = (list: number[]): string => Array.from({ length }, (_, index) => list[index] ?? 0).join(".");
      const [up, down] = [atLeast(a.join("."), b.join(".")), atLeast(b.join("."), a.join("."))];
      expect(up || down).toBe(true);
      expect(up && down).toBe(padded(a) === padded(b));
    }),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { containerName, hostPrefix } from "./names";

const part = fc.string({ minLength: 1, maxLength: 50 });

test("A short name of plain letters stays readable", () => {
  expect(hostPrefix("shop", "dev", "edge")).toBe("shop-dev-edge");
});

test("A long or strange name is shortened with a hash", () => {
  expect(hostPrefix("headgate", "a-very-long-stack-name", "edge")).toMatch(/^headgate-a-very-long-stac-[0-9a-f]{6}$/);
  expect(hostPrefix("Shop", "dev", "edge")).toMatch(/^shop-dev-edge-[0-9a-f]{6}$/);
});

test("Prefixes are valid container names of at most 32 characters, the same for the same stack", () => {
  fc.assert(
    fc.property(part, part, part, (project, stack, host) => {
      const prefix = hostPrefix(project, stack, host);
      expect(prefix.length).toBeLessThanOrEqual(32);
      expect(containerName(prefix, "s", 1, 1)).toMatch(/^[a-z0-9-][a-z0-9-]*$/);
      expect(hostPrefix(project, stack, host)).toBe(prefix);
    }),
    { numRuns: 10_000 },
  );
});

test("Two stacks do not share a prefix, even when their names differ only in where a dash stands", () => {
  expect(hostPrefix("a-b", "c", "d")).not.toBe(hostPrefix("a", "b-c", "d"));
  fc.assert(
    fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (one, other) => {
      fc.pre(one.join("/") !== other.join("/"));
      expect(hostPrefix(...one)).not.toBe(hostPrefix(...other));
    }),
    { numRuns: 10_000 },
  );
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pinnedVersion, unusable } from "./engine";
import { requiredGo } from "./go";
import { checkout } from "./paths";

test("a pulumi is used if it is recent and has the Node.js language host beside it", () => {
  expect(unusable("v3.250.0", true)).toBeUndefined();
  expect(unusable("v3.300.1", true)).toBeUndefined();
  expect(unusable("v3.249.0", true)).toBe("v3.249.0 is older than 3.250.0");
  expect(unusable("v3.259.0", false)).toBe("pulumi-language-nodejs is not beside it");
  expect(unusable("", true)).toBe("unknown version is older than 3.250.0");
});

test("the versions come from the committed go.mod files", () => {
  const file = (folder: string): string => join(checkout, "toolchain", "go", folder, "go.mod");
  expect(pinnedVersion(readFileSync(file("pulumi"), "utf8"), "github.com/pulumi/pulumi/pkg/v3")).toBe("v3.259.0");
  expect(pinnedVersion(readFileSync(file("language-nodejs"), "utf8"), "github.com/pulumi/pulumi/sdk/v3")).toBe(
    "v3.68.0",
  );
  expect(requiredGo(file("pulumi"))).toMatch(/^1\.\d+\.\d+$/);
});

test("a version is found in a block, with a comment, and never of a module with a longer name", () => {
  const goMod = "module m\n\nrequire (\n\texample.org/tool/extra v9.0.0\n\texample.org/tool v1.2.3 // indirect\n)\n";
  expect(pinnedVersion(goMod, "example.org/tool")).toBe("v1.2.3");
  expect(() => pinnedVersion(goMod, "example.org/absent")).toThrow("does not require example.org/absent");
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tools } from "../components/pipeline/tools/tool-versions";
import { requiredVersion } from "./linters";
import { checkout, packageVersion } from "./paths";

const requirements = readFileSync(join(checkout, "toolchain", "python", "pre-commit.txt"), "utf8");

test("hooks are tried with the versions that generated settings ask for", () => {
  expect(requiredVersion(requirements, "pre-commit")).toBe(tools["pre-commit"].version);
  expect(packageVersion(checkout, "lefthook")).toBe(tools.lefthook.version);
});

test("every package that pre-commit needs has checksums", () => {
  const packages = requirements.match(/^[a-z][\w-]*==[^\n]*(?:\n {4}--hash=sha256:[0-9a-f]{64}[^\n]*)*/gm) ?? [];
  expect(packages.length).toBeGreaterThan(8);
  for (const each of packages) expect(each).toMatch(/--hash=sha256:/);
});

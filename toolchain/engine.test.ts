import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
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

/** What the language host is started with in a folder below a project with this Pulumi.yaml. */
function hostArguments(project: string | undefined): string[] {
  const root = mkdtempSync(join(tmpdir(), "headgate-language-host-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const host = join(root, "pulumi-language-nodejs");
  copyFileSync(join(checkout, "toolchain", "go", "language-nodejs", "pulumi-language-nodejs"), host);
  writeFileSync(`${host}.bin`, '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
  mkdirSync(join(root, "infra"));
  if (project !== undefined) writeFileSync(join(root, "Pulumi.yaml"), project);
  return execFileSync(host, ["127.0.0.1:1"], { cwd: join(root, "infra"), encoding: "utf8" })
    .trim()
    .split("\n");
}

test("the language host is started with the options of the project around it", () => {
  const options = '  options:\n    typescript: false\n    nodeargs: "--import=tsx --trace-warnings"\n';
  expect(hostArguments(`name: shop\nruntime:\n  name: nodejs\n${options}`)).toEqual([
    "-typescript=false",
    "-nodeargs=--import=tsx --trace-warnings",
    "127.0.0.1:1",
  ]);
  expect(hostArguments("name: shop\nruntime: nodejs\n")).toEqual(["127.0.0.1:1"]);
  expect(hostArguments(undefined)).toEqual(["127.0.0.1:1"]);
});

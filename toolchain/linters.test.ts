import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tools } from "../components/pipeline/tools/tool-versions";
import { pinnedVersion } from "./engine";
import { actionlintRecipe, requiredVersion } from "./linters";
import { checkout } from "./paths";

const zizmor = readFileSync(join(checkout, "toolchain", "python", "zizmor.txt"), "utf8");
const wrapper = (file: string) => readFileSync(join(checkout, "toolchain", "go", "actionlint", file), "utf8");

test("pipelines are judged by the versions that generated pipelines run", () => {
  expect(requiredVersion(zizmor, "zizmor")).toBe(tools.zizmor.version);
  expect(pinnedVersion(wrapper("go.mod"), "github.com/rhysd/actionlint")).toBe(`v${tools.actionlint.version}`);
});

test("every program of a linter is pinned by its wrapper module or by a checksum", () => {
  for (const path of Object.values(actionlintRecipe.programs)) expect(wrapper("tools.go")).toContain(`_ "${path}"`);
  expect(zizmor.match(/--hash=sha256:[0-9a-f]{64}/g)?.length).toBeGreaterThan(5);
});

test("a requirement without an exact version is refused", () => {
  expect(() => requiredVersion("zizmor>=1.32\n", "zizmor")).toThrow("no exact version of zizmor");
});

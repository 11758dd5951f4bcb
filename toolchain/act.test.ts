import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { actRecipe } from "./act";
import { pinnedVersion } from "./engine";
import { checkout } from "./paths";

const wrapper = (file: string) => readFileSync(join(checkout, "toolchain", "go", actRecipe.folder, file), "utf8");

test("act is pinned by its wrapper module", () => {
  expect(pinnedVersion(wrapper("go.mod"), actRecipe.module ?? "")).toMatch(/^v\d+\.\d+\.\d+$/);
  for (const path of Object.values(actRecipe.programs)) expect(wrapper("tools.go")).toContain(`_ "${path}"`);
});

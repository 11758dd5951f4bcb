import { expect, test } from "vitest";
import { tools } from "./tool-versions";

test("every version is exact, and every tool says where it comes from", () => {
  for (const [name, { version, registry, package: source }] of Object.entries(tools)) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    expect(["npm", "pypi", "go", "none"], name).toContain(registry);
    expect(source === undefined, name).toBe(registry === "none");
  }
});

test("no version is one that carried malware", () => {
  expect(["0.69.4", "0.69.5", "0.69.6"]).not.toContain(tools.trivy.version);
});

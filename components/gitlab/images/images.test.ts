import { expect, test } from "vitest";
import go from "./go.json";
import { gitlabImages } from "./images";

test("every image of the library is named by its registry, a tag for people and a digest", () => {
  const names = Object.values(gitlabImages);
  expect(names).toHaveLength(4);
  for (const name of names) expect(name).toMatch(/^docker\.io\/[\w/-]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
  expect(new Set(names.map((name) => name?.split("@")[1])).size).toBe(names.length);
});

test("no scanner is one that carried malware", () => {
  expect(gitlabImages.trivy).not.toMatch(/:0\.69\.[456]@/);
});

test("Go is told by a checksum for each processor", () => {
  expect(Object.keys(go.sha256)).toEqual(["aarch64", "x86_64"]);
  for (const checksum of Object.values(go.sha256)) expect(checksum).toMatch(/^[0-9a-f]{64}$/);
});

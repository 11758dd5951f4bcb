import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pinnedVersion } from "../engine";
import { cacheLayout, checkout } from "../paths";
import { imageReference, recipeEntry } from "./build";
import {
  clusterImageNames,
  clusterImageRecipes,
  definitionsRecipe,
  kubeconformRecipe,
  kubernetesRecipe,
  linkerFlags,
} from "./recipes";

test("Kubernetes' programs say their version, and so does the client library in them", () => {
  const flags = linkerFlags(kubernetesRecipe, "v1.34.4");
  for (const library of ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"]) {
    expect(flags).toContain(`-X ${library}.gitVersion=v1.34.4`);
    expect(flags).toContain(`-X ${library}.gitMajor=1`);
    expect(flags).toContain(`-X ${library}.gitMinor=34`);
  }
  expect(linkerFlags(clusterImageRecipes.traefik, "v3.6.7")).toBe(
    "-s -w -X github.com/traefik/traefik/v3/pkg/version.Version=3.6.7",
  );
});

test("every program of a recipe is pinned by its wrapper module", () => {
  for (const recipe of [kubernetesRecipe, kubeconformRecipe, ...Object.values(clusterImageRecipes)]) {
    const paths = Object.values(recipe.programs).filter((path) => !path.startsWith("."));
    if (paths.length === 0) continue;
    const folder = join(checkout, "toolchain", "go", recipe.within ?? "", recipe.folder);
    const tools = readFileSync(join(folder, "tools.go"), "utf8");
    for (const path of paths) expect(tools).toContain(`_ "${path}"`);
  }
});

test("what is left out of a program is pinned with its checksum", () => {
  const { within = "", folder, without } = clusterImageRecipes.traefik;
  const [goMod = "", goSum = "", instead = ""] = ["go.mod", "go.sum", join(folder, without?.instead ?? "")].map(
    (file) => readFileSync(join(checkout, "toolchain", "go", within, file), "utf8"),
  );
  expect(goSum).toContain(`${without?.module} ${pinnedVersion(goMod, without?.module ?? "")} h1:`);
  expect(instead).toMatch(/^package dns$/m);
});

test("every module whose definitions are read is pinned with its checksum", () => {
  const [goMod = "", goSum = ""] = ["go.mod", "go.sum"].map((name) =>
    readFileSync(join(checkout, "toolchain", "go", definitionsRecipe.folder, name), "utf8"),
  );
  for (const module of Object.keys(definitionsRecipe.modules)) {
    expect(goSum).toContain(`${module} ${pinnedVersion(goMod, module)} h1:`);
  }
});

test("all of Kubernetes' libraries are of the release of the programs", () => {
  const goMod = readFileSync(join(checkout, "toolchain", "go", "cluster", "go.mod"), "utf8");
  const libraries = [...goMod.matchAll(/^\tk8s\.io\/(\S+) => k8s\.io\/(\S+) (\S+)$/gm)];
  const version = /^\tk8s\.io\/kubernetes v1(\.\S+)$/m.exec(goMod)?.[1];
  expect(libraries.length).toBeGreaterThan(25);
  for (const [, from, to, of] of libraries) expect([to, of]).toEqual([from, `v0${version}`]);
});

test("an entry of the cache and an image are named by version and recipe", () => {
  const cache = cacheLayout(checkout, { HEADGATE_CACHE: "/cache" });
  expect(recipeEntry(checkout, cache, kubernetesRecipe).dir).toMatch(
    /^\/cache\/kubernetes\/kubernetes-v1\.\d+\.\d+-[0-9a-f]{12}$/,
  );
  const references = clusterImageNames.map((name) => imageReference(checkout, cache, name));
  expect(references[1]).toMatch(/^headgate\/coredns:v1\.\d+\.\d+-[0-9a-f]{12}$/);
  expect(new Set(references).size).toBe(clusterImageNames.length);
});

test("no image runs as root", () => {
  for (const { user } of Object.values(clusterImageRecipes)) expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
});

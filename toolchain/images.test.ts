import { expect, test } from "vitest";
import { upstreamVersion } from "./debian";
import { dockerfile, imageNames, imageRecipes } from "./image-recipes";
import { baseTags, recipeHash } from "./images";
import { parseLibraries } from "./rootfs";

test.each([
  ["2.6.12-1+deb12u4", "2.6.12"],
  ["2.42.0+ds-5+deb12u1", "2.42.0"],
  ["1:1.35.0-4+deb12u1+b1", "1.35.0"],
  ["2.8.2+ds1-1", "2.8.2"],
])("Debian's %s is upstream's %s", (debian, upstream) => {
  expect(upstreamVersion(debian)).toBe(upstream);
});

test("every image has a recipe of its own, runs as a user and not as root, and its hash follows the recipe", () => {
  const hashes = imageNames.map((name) => recipeHash(imageRecipes[name], "24.0.0"));
  expect(new Set(hashes).size).toBe(imageNames.length);
  for (const name of imageNames) {
    const recipe = imageRecipes[name];
    expect(recipe.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(recipeHash({ ...recipe, user: "7:7" }, "24.0.0")).not.toBe(recipeHash(recipe, "24.0.0"));
  }
  expect(recipeHash(imageRecipes.node, "24.0.1")).not.toBe(recipeHash(imageRecipes.node, "24.0.0"));
  expect(recipeHash(imageRecipes.gateway, "24.0.1")).toBe(recipeHash(imageRecipes.gateway, "24.0.0"));
});

test("the build file holds labels, user and command", () => {
  expect(dockerfile(imageRecipes.prometheus, { "headgate.base": "prometheus" }).split("\n")).toEqual([
    "FROM scratch",
    "ADD rootfs.tar /",
    "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    'LABEL headgate.base="prometheus"',
    "USER 65534:65534",
    'ENTRYPOINT ["/bin/prometheus"]',
    'CMD ["--config.file=/etc/prometheus/prometheus.yml","--storage.tsdb.path=/prometheus"]',
    "",
  ]);
});

test("libraries go to /lib under their own name and the loader where the program looks for it", () => {
  const listing = [
    "\tlinux-vdso.so.1 (0x00007ffd)",
    "\tlibc.so.6 => /unpacked/lib/x86_64-linux-gnu/libc.so.6 (0x00007f60)",
    "\t/lib64/ld-linux-x86-64.so.2 => /unpacked/lib64/ld-linux-x86-64.so.2 (0x00007f61)",
  ];
  expect(Object.fromEntries(parseLibraries(listing.join("\n"), "/unpacked/ld.so"))).toEqual({
    "/unpacked/lib/x86_64-linux-gnu/libc.so.6": "/lib/libc.so.6",
    "/unpacked/ld.so": "/lib64/ld-linux-x86-64.so.2",
  });
  expect(() => parseLibraries("\tlibgone.so.1 => not found", "/unpacked/ld.so")).toThrow("libgone.so.1");
});

test("an image built on a base, which inherits its labels, is not taken for the base", () => {
  const Labels = { "headgate.base": "node", "headgate.recipe": "abc" };
  expect(
    baseTags([
      { Labels, RepoTags: ["shop/guard:latest"] },
      { Labels, RepoTags: ["headgate/guard:1-abc"] },
      { Labels, RepoTags: ["headgate/node:1-old"] },
      { Labels },
      { RepoTags: ["headgate/node:1-abc"] },
    ]).size,
  ).toBe(0);
  expect(baseTags([{ Labels, RepoTags: ["shop/guard:latest", "headgate/node:24.0.0-abc"] }])).toEqual(
    new Map([["node-abc", "headgate/node:24.0.0-abc"]]),
  );
});

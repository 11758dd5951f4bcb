import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildContext, contextDigest } from "./context";
import { IgnoreRules } from "./ignore";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "headgate-context-"));
  write("Dockerfile", "FROM scratch\n");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
const dockerfile = () => join(root, "Dockerfile");
const paths = (file = dockerfile()) =>
  [...buildContext(root, file).entries()].filter(({ folder }) => folder !== true).map(({ path }) => path);

describe("ignore rules", () => {
  it.each([
    ["node_modules", "node_modules/a/b", true],
    ["node_modules", "sub/node_modules/a", false],
    ["**/node_modules", "sub/node_modules/a", true],
    ["*.log", "a.log", true],
    ["*.log", "sub/a.log", false],
    ["**/*.log", "sub/deep/a.log", true],
    ["/a/b", "a/b", true],
    ["a?c", "abc", true],
    ["a[0-9]", "a5", true],
    ["a.b", "axb", false],
    ["# note\n\na", "a", true],
    ["dir\n!dir/kept", "dir/kept", false],
    ["!kept\n*", "kept", true],
  ])("%j decides on %s: %s", (rules, path, excluded) => {
    expect(new IgnoreRules(rules).excludes(path)).toBe(excluded);
  });
});

describe("a build context", () => {
  it("holds what .dockerignore leaves, and the Dockerfile in any case", () => {
    write(".dockerignore", "Dockerfile\nnode_modules\nout\n!out/kept\n");
    write("src/a", "a");
    write("node_modules/x/y", "y");
    write("out/kept", "k");
    write("out/gone", "g");
    expect(paths()).toEqual([".dockerignore", "Dockerfile", "out/kept", "src/a"]);
  });

  it("prefers rules that belong to the Dockerfile", () => {
    write(".dockerignore", "a");
    write("Dockerfile.dockerignore", "b");
    write("a", "a");
    write("b", "b");
    expect(paths()).toContain("a");
    expect(paths()).not.toContain("b");
  });

  it("takes a Dockerfile from outside along", () => {
    const outside = join(root, "..", `${root.split("/").pop()}-outside`);
    writeFileSync(outside, "FROM other\n");
    try {
      const context = buildContext(root, outside);
      const entry = [...context.entries()].find(({ path }) => path === context.dockerfile);
      expect(entry?.content?.toString()).toBe("FROM other\n");
    } finally {
      rmSync(outside);
    }
  });
});

it("has a digest that follows names, modes, contents and link targets, and nothing else", () => {
  write("a", "1");
  symlinkSync("a", join(root, "link"));
  write(".dockerignore", "ignored");
  const digest = () => contextDigest(root, dockerfile());
  const seen = [digest()];
  const changes = (change: () => void) => {
    change();
    expect(seen).not.toContain(digest());
    seen.push(digest());
  };
  write("ignored", "anything");
  expect(digest()).toBe(seen[0]);
  changes(() => write("a", "2"));
  changes(() => chmodSync(join(root, "a"), 0o755));
  changes(() => write("b", "2"));
  changes(() => {
    rmSync(join(root, "link"));
    symlinkSync("b", join(root, "link"));
  });
  changes(() => write("Dockerfile", "FROM scratch\nLABEL a=b\n"));
});

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { madeByHeadgate } from "../../pipeline/generated-file";
import { workTreeProvider } from "./provider";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "headgate-tree-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const made = (text: string) => `# ${madeByHeadgate}\n${text}\n`;
const file = (path: string, content = made(path), executable = false) => ({ path, content, executable });
const read = (path: string) => readFileSync(join(directory, path), "utf8");

test("Files are written with their modes, replaced, and removed when they are made no more", async () => {
  const first = [file("a/one.yml"), file("two.sh", "#!/bin/sh\n", true)];
  const { id, outs } = await workTreeProvider.create({ directory, files: first });
  expect(read("a/one.yml")).toBe(made("a/one.yml"));
  expect(statSync(join(directory, "two.sh")).mode & 0o777).toBe(0o755);
  const next = [file("a/one.yml", made("changed"))];
  expect(await workTreeProvider.diff(outs, { directory, files: next })).toMatchObject({ changes: true, replaces: [] });
  const { outs: after } = await workTreeProvider.update(id, outs, { directory, files: next });
  expect(read("a/one.yml")).toBe(made("changed"));
  expect(existsSync(join(directory, "two.sh"))).toBe(false);
  expect(await workTreeProvider.diff(after, { directory, files: next })).toMatchObject({ changes: false });
  await workTreeProvider.delete(id, after);
  expect(existsSync(join(directory, "a/one.yml"))).toBe(false);
});

test("A file of somebody else is neither overwritten nor removed, and then none is written", async () => {
  writeFileSync(join(directory, "two.yml"), "mine\n");
  const files = [file("one.yml"), file("two.yml")];
  await expect(workTreeProvider.create({ directory, files })).rejects.toThrow(
    `two.yml in ${directory} was not made by Headgate. Move it away, or remove it.`,
  );
  expect(existsSync(join(directory, "one.yml"))).toBe(false);
  await workTreeProvider.delete("id", { directory, files });
  expect(read("two.yml")).toBe("mine\n");
});

test("What was changed or removed by hand is seen, and a file that was made before is taken over", async () => {
  writeFileSync(join(directory, "one.yml"), made("older"));
  const files = [file("one.yml"), file("two.yml")];
  const { id, outs } = await workTreeProvider.create({ directory, files });
  rmSync(join(directory, "two.yml"));
  const { props } = await workTreeProvider.read(id, outs);
  expect(props.files.map(({ path }) => path)).toEqual(["one.yml"]);
  expect(await workTreeProvider.diff(props, { directory, files })).toMatchObject({ changes: true });
});

test.each(["../outside", "/etc/outside", "."])("A file at %s is refused", async (path) => {
  await expect(workTreeProvider.create({ directory, files: [file(path)] })).rejects.toThrow(`${path} is outside of`);
});

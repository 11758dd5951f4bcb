import { chmodSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cacheEntry } from "./cache";

let root: string;
let entry: string;
let made: number;
const make = async (dir: string): Promise<void> => {
  made++;
  await mkdir(join(dir, "bin"));
  await writeFile(join(dir, "bin", "tool"), "a tool of some length");
  chmodSync(join(dir, "bin", "tool"), 0o755);
};
const ensure = () => cacheEntry(entry, join(root, "lock"), make);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "headgate-cache-"));
  entry = join(root, "tools", "v1-abc");
  made = 0;
});
afterEach(() => rm(root, { recursive: true }));

test("an entry is made once and then found", async () => {
  expect((await ensure()).state).toBe("built");
  expect((await ensure()).state).toBe("cached");
  expect(made).toBe(1);
});

test.each([
  ["a file is cut short", () => truncate(join(entry, "bin", "tool"), 5)],
  ["a file is gone", () => rm(join(entry, "bin", "tool"))],
  ["a file was added", () => writeFile(join(entry, "bin", "other"), "")],
  ["the marker is gone", () => rm(join(entry, ".complete.json"))],
  ["the marker is not JSON", () => writeFile(join(entry, ".complete.json"), "{")],
  [
    "a byte differs while size and time do not",
    async () => {
      await writeFile(join(entry, "bin", "tool"), "b tool of some length");
      await utimes(join(entry, "bin", "tool"), 0, 0);
    },
  ],
])("an entry is made again when %s", async (_, harm) => {
  await ensure();
  await harm();
  expect((await ensure()).state).toBe("rebuilt");
  expect(await readFile(join(entry, "bin", "tool"), "utf8")).toBe("a tool of some length");
  expect(await readdir(join(entry, "bin"))).toEqual(["tool"]);
});

test("what a killed run left is swept away and never used", async () => {
  await mkdir(`${entry}.part-1`, { recursive: true });
  await writeFile(join(`${entry}.part-1`, "tool"), "half");
  await ensure();
  expect(await readdir(join(root, "tools"))).toEqual(["v1-abc"]);
});

test("a failing recipe leaves no entry behind", async () => {
  const failing = cacheEntry(entry, join(root, "lock"), async (dir) => {
    await writeFile(join(dir, "tool"), "half");
    throw new Error("compiler says no");
  });
  await expect(failing).rejects.toThrow("compiler says no");
  expect(await readdir(join(root, "tools"))).toEqual([]);
});

test("two runs that meet make the entry once", async () => {
  const states = (await Promise.all([ensure(), ensure()])).map(({ state }) => state);
  expect(states.sort()).toEqual(["built", "cached"]);
  expect(made).toBe(1);
});

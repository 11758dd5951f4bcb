import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { UsageError } from "../command";
import { validate } from "./validate";

const folder = mkdtempSync(join(tmpdir(), "headgate-validate-"));
afterAll(() => rmSync(folder, { recursive: true }));

const good = "service:\n  image: { build: { context: . } }\n  port: 8080\n  health: { readiness: { path: /ready } }\n";
function file(text: string): string {
  const path = join(folder, "cicd.yml");
  writeFileSync(path, text);
  return path;
}

let out: string[];
let err: string[];
beforeEach(() => {
  out = [];
  err = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void out.push(line));
  vi.spyOn(console, "error").mockImplementation((line: string) => void err.push(line));
});
afterEach(() => vi.restoreAllMocks());

test("a file that is well: what is in it, and 0", async () => {
  const path = file(good);
  expect(await validate.run([path])).toBe(0);
  expect(out).toEqual([`${path}: 1 service, no problem`]);
});

test("the example: its parts are counted", async () => {
  expect(await validate.run([join(__dirname, "../../examples/cicd/cicd.yml")])).toBe(0);
  expect(out).toEqual([expect.stringContaining("2 services, 2 strategies, 2 environments, 1 repository, no problem")]);
});

test("problems: each with its place, how many, and 1", async () => {
  const path = file(`${good}relase: {}\nrelease: { bake: 5 }\n`);
  expect(await validate.run([path])).toBe(1);
  expect(out).toEqual([]);
  expect(err).toEqual([
    `${path}:5:1: relase is not a known setting. Did you mean release?`,
    `${path}:6:12: release.bake must be a time of at most a year, with its unit, not a bare number (got 5). Write a number with a unit: "300s", "5m".`,
    "2 problems",
  ]);
});

test("as JSON", async () => {
  const path = file(`${good}relase: {}\n`);
  expect(await validate.run(["--json", path])).toBe(1);
  expect(JSON.parse(out.join(""))).toEqual({
    file: path,
    valid: false,
    problems: [{ path: "relase", problem: "is not a known setting", fix: "Did you mean release?", line: 5, column: 1 }],
  });
});

test("a file that cannot be read, and a wrong command line: 2 by way of a UsageError", async () => {
  await expect(validate.run([join(folder, "no.yml")])).rejects.toThrow(UsageError);
  await expect(validate.run([])).rejects.toThrow(/^usage: headgate validate FILE/);
  expect(await validate.run(["--json", join(folder, "no.yml")])).toBe(2);
  expect(JSON.parse(out.join(""))).toMatchObject({ valid: false, error: expect.stringContaining("no such file") });
});

test("--help", async () => {
  expect(await validate.run(["--help"])).toBe(0);
  expect(out.join("")).toBe(validate.help);
});

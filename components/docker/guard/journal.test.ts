import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Journal } from "./journal";
import { registration } from "./play.testkit";
import { newRecord, type ServiceRecord } from "./record";

let folder: string;
let errors: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headgate-journal-"));
  errors = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => new Journal(folder, (level, message) => level === "error" && errors.push(message));
const file = () => join(folder, "services", "shop.journal.json");
const record = (nextRevision: number): ServiceRecord => ({
  ...newRecord("shop", registration),
  nextRevision,
});

test("what was saved is there after a restart, and what was removed is not", () => {
  open().save(record(1));
  open().save(record(2));
  open().save({ ...record(7), service: "other" });
  expect(
    open()
      .load()
      .map(({ service, nextRevision }) => [service, nextRevision]),
  ).toEqual([
    ["other", 7],
    ["shop", 2],
  ]);
  open().remove("shop");
  expect(
    open()
      .load()
      .map(({ service }) => service),
  ).toEqual(["other"]);
  expect(readdirSync(join(folder, "services")).filter((name) => name.startsWith("shop"))).toEqual([]);
});

test.each([
  ["torn", () => truncateSync(file(), 40)],
  ["empty", () => truncateSync(file(), 0)],
  ["of another format", () => writeFileSync(file(), JSON.stringify({ ...record(3), format: 2 }))],
  ["of another service", () => writeFileSync(file(), JSON.stringify({ ...record(3), service: "other" }))],
  ["missing", () => rmSync(file())],
])("a file that is %s is replaced by the copy before it, loudly, and set aside", (_, harm) => {
  open().save(record(1));
  open().save(record(2));
  harm();
  const harmed = existsSync(file()) ? readFileSync(file(), "utf8") : undefined;
  expect(open().load()).toEqual([record(1)]);
  expect(errors).toHaveLength(1);
  const aside = readdirSync(join(folder, "services")).filter((name) => name.includes("broken"));
  expect(aside.map((name) => readFileSync(join(folder, "services", name), "utf8"))).toEqual(
    harmed === undefined ? [] : [harmed],
  );
  expect(open().load()).toEqual([record(1)]);
  expect(errors).toHaveLength(1);
});

test("without any readable copy it refuses to go on, again and again, and touches nothing", () => {
  open().save(record(1));
  open().save(record(2));
  for (const name of [file(), `${file()}.bak`]) writeFileSync(name, "{");
  const before = readdirSync(join(folder, "services"));
  for (let start = 0; start < 2; start++)
    expect(() => open().load()).toThrow(/journal of service "shop" and its copy cannot be read/);
  expect(readdirSync(join(folder, "services"))).toEqual(before);
});

test("a file that a crash left half written is not read", () => {
  open().save(record(1));
  writeFileSync(`${file()}.tmp`, "{");
  expect(open().load()).toEqual([record(1)]);
  expect(errors).toEqual([]);
});

test("the token is made once, long, and readable by its owner only", () => {
  const token = open().token();
  expect(Buffer.from(token, "base64url")).toHaveLength(32);
  expect(open().token()).toBe(token);
  expect(statSync(join(folder, "token")).mode & 0o777).toBe(0o600);
});

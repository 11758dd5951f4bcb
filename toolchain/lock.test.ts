import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lock } from "./lock";
import { checkout } from "./paths";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headgate-lock-"));
  file = join(folder, "some.lock");
});
afterEach(() => rm(folder, { recursive: true }));

test("only one holds an exclusive lock", async () => {
  const first = await lock(file, "exclusive");
  expect(await lock(file, "exclusive", { wait: false })).toBeUndefined();
  expect(await lock(file, "shared", { wait: false })).toBeUndefined();
  await first?.release();
  const second = await lock(file, "exclusive", { wait: false });
  expect(second).toBeDefined();
  await second?.release();
});

test("many share a lock, and nobody has it alone until the last one leaves", async () => {
  const [a, b] = [await lock(file, "shared"), await lock(file, "shared", { wait: false })];
  expect(b).toBeDefined();
  await a?.release();
  expect(await lock(file, "exclusive", { wait: false })).toBeUndefined();
  await b?.release();
  const alone = await lock(file, "exclusive", { wait: false });
  expect(alone).toBeDefined();
  await alone?.release();
});

test("a lock falls away with a process that is killed", async () => {
  const program = `require(${JSON.stringify(join(checkout, "toolchain", "lock.ts"))})
    .lock(${JSON.stringify(file)}, "exclusive").then(() => { console.log("held"); setInterval(() => {}, 1000); });`;
  const child = spawn(process.execPath, ["--import", "tsx", "-e", program], {
    cwd: checkout,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  expect(await lock(file, "exclusive", { wait: false })).toBeUndefined();
  child.kill("SIGKILL");
  await (await lock(file, "exclusive"))?.release();
});

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copies, ROOT, TestStack, versionsSeen } from "./harness";

const run = promisify(execFile);
let stack: TestStack;
let handle: Awaited<ReturnType<TestStack["handle"]>>;

beforeAll(async () => {
  stack = await TestStack.create({ release: { blueGreen: { manual: true }, bake: "0s" } });
  await stack.engine.up();
  handle = await stack.handle();
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
});

async function headgate(...args: string[]): Promise<string> {
  const command = [join(ROOT, "cli", "main.ts"), ...args, "--guard", handle.guard];
  return (await run(join(ROOT, "node_modules", ".bin", "tsx"), command)).stdout;
}

async function waiting(version: string): Promise<ReturnType<typeof stack.engine.start>> {
  await stack.version(version);
  const up = stack.engine.start("up");
  await up.waitFor(/waiting for somebody to promote or abort/, 120_000);
  return up;
}

test("A manual blue-green gives the new version nothing until somebody promotes it", async () => {
  const up = await waiting("1.1.0");
  expect(await versionsSeen(stack.url, 20)).toEqual({ "1.0.0": 20 });
  expect(await headgate("release", "status", "hello")).toMatch(
    /release revision 2 \(sha256:\w+\) is stepping at 0 %, waiting for a person to promote it/,
  );
  await headgate("release", "pause", "hello");
  await expect(headgate("release", "pause", "hello")).rejects.toThrow(/is paused already/);
  await expect(headgate("release", "status", "hello", "--watch")).rejects.toMatchObject({ code: 3 });
  expect(await headgate("release", "promote", "hello")).toMatch(/goes on|is stepping at 0 %/);
  await headgate("release", "promote", "hello", "--full");
  expect(await headgate("release", "status", "hello", "--watch")).toMatch(/was promoted|promoted/);
  const { exitCode, stdout, stderr } = await up.done;
  expect(exitCode, stdout + stderr).toBe(0);
  expect(await versionsSeen(stack.url, 20)).toEqual({ "1.1.0": 20 });
});

test("An aborted release is taken back with who and why, and up fails", async () => {
  const up = await waiting("1.2.0");
  await headgate("release", "abort", "hello", "--reason", "the checkout looks wrong");
  const { exitCode, stdout, stderr } = await up.done;
  expect(exitCode).not.toBe(0);
  expect(stdout + stderr).toMatch(/was taken back .*aborted by .*: the checkout looks wrong/);
  expect(await versionsSeen(stack.url, 20)).toEqual({ "1.1.0": 20 });
  expect(await copies(handle.prefix)).toEqual(["r2-1", "r2-2"]);
});

test("The command says what it cannot do", async () => {
  await expect(headgate("release", "promote", "hello")).rejects.toThrow(/has no release under way/);
  await expect(headgate("release", "status", "nothing")).rejects.toThrow(/there is no service "nothing" there/);
  await expect(headgate("release", "explode", "hello")).rejects.toThrow(/usage: headgate release/);
  await expect(headgate("release", "retry", "hello")).rejects.toThrow(
    /pulumi config set headgate:retry 1 && pulumi up/,
  );
  expect(JSON.parse(await headgate("release", "status", "hello", "--json"))).toMatchObject({
    target: "docker",
    service: "hello",
    stable: { revision: 2 },
    release: { outcome: "rolledBack", cause: "aborted", plan: { strategy: "blueGreen" } },
    registration: { readinessPath: "/ready" },
  });
});

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DemoStack, PulumiFailed } from "./demo-stack";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "demo-stack-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A stack whose `pulumi` is a script that notes its arguments first. */
function stackWith(script: string): { stack: DemoStack; calls: () => string[] } {
  const program = join(folder, "pulumi");
  writeFileSync(program, `#!/bin/sh\necho "$*" >> ${folder}/calls\n${script}\n`);
  chmodSync(program, 0o755);
  const env = { PATH: `${folder}${delimiter}${process.env["PATH"]}` };
  const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
  return { stack: new DemoStack("demo", folder, env), calls };
}

it("tells the lines of an up as they come and takes its failure as a result", async () => {
  const { stack } = stackWith("echo one; echo two >&2; exit 7");
  const told: string[] = [];
  const { exitCode, output } = await stack.up((line) => told.push(line));
  expect(exitCode).toBe(7);
  expect([...told].sort()).toEqual(["one", "two"]);
  expect(output.split("\n").sort()).toEqual(["one", "two"]);
});

it("finds its stack among those of the project", async () => {
  const listed = JSON.stringify([{ name: "dev" }, { name: "organization/headgate/demo" }]);
  expect(await stackWith(`echo '${listed}'`).stack.exists()).toBe(true);
  expect(await stackWith(`echo '[{"name":"demo2"}]'`).stack.exists()).toBe(false);
});

it("says what a command that had to succeed has said", async () => {
  const { stack } = stackWith("echo 'no such backend' >&2; exit 3");
  const failure = stack.create();
  await expect(failure).rejects.toBeInstanceOf(PulumiFailed);
  await expect(failure).rejects.toThrow("pulumi stack init ended with 3:\nno such backend");
});

it("sets values by path without asking for the stack to be selected", async () => {
  const { stack, calls } = stackWith("");
  await stack.create();
  await stack.configure({ "headgate:ports.http": "8081", "headgate:release": '{"bake":"1s"}' });
  expect(calls()).toEqual([
    "stack init demo --no-select --non-interactive --color never",
    'config set-all --stack demo --path --plaintext headgate:ports.http=8081 --plaintext headgate:release={"bake":"1s"}' +
      " --non-interactive --color never",
  ]);
});

it("asks the command that runs to end, starts no other, and still cleans up", async () => {
  const { stack, calls } = stackWith(
    '[ "$1" = up ] || exit 0\ntrap "exit 9" INT\necho ready\nwhile :; do sleep 0.05; done',
  );
  const up = stack.up(() => {});
  await expect.poll(() => calls().length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await stack.interrupt();
  expect((await up).exitCode).toBe(9);
  await expect(stack.outputs()).rejects.toThrow("interrupted before pulumi stack output");
  await stack.destroy();
  expect(calls().map((call) => call.split(" ")[0])).toEqual(["up", "cancel", "destroy", "stack"]);
});

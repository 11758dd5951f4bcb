import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gitlabFiles } from "../../components/gitlab/gitlab-files";
import { planPipeline } from "../../components/pipeline/plan-pipeline";
import { aptInstall, canInstall } from "../../toolchain/debian";
import { exec, mustExec, which } from "../../toolchain/exec";
import { gitlabCiLocal, repositoryWith } from "./gitlab/parser";

const sources = [
  {
    path: "package.json",
    content: JSON.stringify({ name: "small", version: "1.0.0", scripts: { test: "node --test test.js" } }),
  },
  {
    path: "package-lock.json",
    content: JSON.stringify({
      name: "small",
      version: "1.0.0",
      lockfileVersion: 3,
      packages: { "": { name: "small", version: "1.0.0" } },
    }),
  },
  { path: "sum.js", content: "exports.sum = (a, b) => a + b;\n" },
  {
    path: "test.js",
    content: `const { sum } = require("./sum.js");
require("node:test")("adds", () => require("node:assert").equal(sum(1, 2), 3));
`,
  },
];

let directory: string;
const major = process.versions.node.split(".")[0] ?? "24";

beforeAll(async () => {
  if (which("rsync") === undefined) {
    if (!canInstall())
      throw new Error("gitlab-ci-local copies the sources by rsync, and there is none: install rsync.");
    await aptInstall(["rsync"]);
  }
  const { plan, problems } = planPipeline(
    {
      service: {
        port: 8080,
        health: { readiness: { path: "/" } },
        image: { reference: `registry.example.com/shop@sha256:${"0a".repeat(32)}` },
      },
      pipeline: {
        // The version that runs this test, so that nothing has to be fetched.
        toolchain: { node: { versions: [major] } },
        lint: { commands: ["node --check sum.js", "node --check test.js"] },
        tests: { unit: { command: 'npm test -- "--test-reporter=spec"' } },
        security: { gitleaks: false },
      },
    },
    { serviceName: "small" },
  );
  expect(problems).toEqual([]);
  directory = await repositoryWith([...gitlabFiles(plan), ...sources], "headgate-gitlab-run-");
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs the pipeline of a merge request on this machine, each job in its shell instead of its image. */
async function run() {
  await mustExec("git", ["add", "--all"], { cwd: directory });
  const { code, stdout, stderr } = await exec(
    gitlabCiLocal,
    [
      "--force-shell-executor",
      "--variable=CI_PIPELINE_SOURCE=merge_request_event",
      "--variable=CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main",
    ],
    { cwd: directory, env: { NO_COLOR: "1" }, timeout: 240_000 },
  );
  return { code, said: `${stdout}${stderr}` };
}

describe("the pipeline of a small project, run by gitlab-ci-local in the shell", () => {
  test("lints, tests and passes the gate", async () => {
    const { code, said } = await run();
    expect(code, said).toBe(0);
    for (const job of ["lint", "unit", "gate"]) expect(said).toMatch(new RegExp(`PASS\\s+${job}\\b`));
    expect(said).toContain("Every job succeeded.");
  });

  test("a broken test leaves the gate closed", async () => {
    await writeFile(join(directory, "sum.js"), "exports.sum = (a, b) => a - b;\n");
    const { code, said } = await run();
    expect(code, said).not.toBe(0);
    expect(said).toMatch(/FAIL\s+unit\b/);
    expect(said).toMatch(/PASS\s+lint\b/);
    expect(said).not.toContain("Every job succeeded.");
  });

  test("each command of lint tells what it found, also after another one failed", async () => {
    await writeFile(join(directory, "sum.js"), "exports.sum = (\n");
    await writeFile(join(directory, "test.js"), "const = 1;\n");
    const { code, said } = await run();
    expect(code, said).not.toBe(0);
    expect(said).toMatch(/FAIL\s+lint\b/);
    expect(said).toMatch(/sum\.js:\d/);
    expect(said).toMatch(/test\.js:1/);
  });
});

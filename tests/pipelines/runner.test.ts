import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mustExec } from "../../toolchain/exec";
import { checkout } from "../../toolchain/paths";
import { pullRequest, runWorkflow, type WorkflowRun } from "./run/act";

const CI = join(".github", "workflows", "ci.yml");
const images = JSON.parse(process.env["HEADGATE_TEST_IMAGES"] ?? "{}") as { node?: string };
let folder = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "headgate-hello-"));
  await makeRepository(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The example as a repository of its own, with the files that `headgate pipeline` writes into it. */
async function makeRepository(target: string): Promise<void> {
  cpSync(join(checkout, "examples", "hello"), target, {
    recursive: true,
    filter: (path) => !/node_modules$/.test(path),
  });
  const document = readFileSync(join(target, "cicd.yml"), "utf8");
  expect(document).toContain("build: { context: . }");
  if (images.node !== undefined) {
    // Where nothing can be pulled, the base is the one that the toolchain made.
    const build = `build: { context: ., args: { BASE: "${images.node}" } }`;
    writeFileSync(join(target, "cicd.yml"), document.replace("build: { context: . }", build));
  }
  writeFileSync(join(target, ".gitignore"), "node_modules/\ncoverage/\njunit.xml\n");
  const command = ["--import=tsx", join(checkout, "cli", "main.ts"), "pipeline", join(target, "cicd.yml")];
  await mustExec(process.execPath, [...command, "--out", target], { cwd: checkout });
  await mustExec("git", ["init", "--quiet", "--initial-branch=main"], { cwd: target });
  await mustExec("git", ["remote", "add", "origin", "https://github.com/acme/hello.git"], { cwd: target });
  await commit(target);
}

async function commit(target: string): Promise<void> {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
  await mustExec("git", ["add", "--all"], { cwd: target });
  await mustExec("git", [...identity, "commit", "--quiet", "--message", "Change"], { cwd: target });
}

/** Runs the checks of a copy of the repository with some files changed. */
async function runWith(changes: Record<string, (text: string) => string>): Promise<WorkflowRun> {
  const copy = mkdtempSync(join(tmpdir(), "headgate-hello-"));
  try {
    cpSync(folder, copy, { recursive: true });
    for (const [file, change] of Object.entries(changes)) {
      const before = readFileSync(join(copy, file), "utf8");
      const after = change(before);
      expect(after, `${file} is changed`).not.toBe(before);
      writeFileSync(join(copy, file), after);
    }
    await commit(copy);
    return await runWorkflow(copy, "ci.yml", await pullRequest(copy));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** act may end before it printed the last words of the last job, so that a closed gate is told by its result. */
const results = ({ jobs }: WorkflowRun) =>
  Object.fromEntries(Object.entries(jobs).map(([id, { result = "skipped" }]) => [id, result]));

const allGood = {
  lint: "success",
  unit: "success",
  "try-hello": "success",
  gitleaks: "success",
  "dependency-review": "success",
  workflows: "success",
  gate: "success",
};

test("lint, tests, coverage, build and scans of the example succeed, and the gate opens", async () => {
  const run = await runWorkflow(folder, "ci.yml", await pullRequest(folder));
  expect(results(run), run.log).toEqual(allGood);
  expect(run.code).toBe(0);
  expect(run.jobs["lint"]?.output).toContain("Checked 2 files");
  expect(run.jobs["unit"]?.output).toMatch(/8 passed/);
  expect(run.jobs["unit"]?.output).toMatch(/Coverage: 8\d\.\d\d % of the lines, at least 70 % are asked for/);
  expect(run.jobs["try-hello"]?.output).toMatch(/v24\./);
  expect(run.jobs["gitleaks"]?.output).toContain("no leaks found");
  expect(run.jobs["gate"]?.output).toContain("Every job succeeded.");
  expect(run.artifacts).toEqual(["unit-coverage/lcov.info", "unit-results/junit.xml"]);
  expect(run.notRunHere).toEqual(["dependency-review"]);
});

test("a broken test fails its job, keeps its results, and the gate stays closed", async () => {
  const run = await runWith({ "server.js": (text) => text.replaceAll('"x-version"', '"x-versions"') });
  expect(results(run), run.log).toEqual({ ...allGood, unit: "failure", gate: "failure" });
  expect(run.code).not.toBe(0);
  expect(run.jobs["unit"]?.steps).toMatchObject({ "Run the tests": "failure", "Keep the results": "success" });
  expect(run.jobs["unit"]?.steps["Check the coverage"]).not.toBe("success");
  expect(run.artifacts).toContain("unit-results/junit.xml");
  expect(run.jobs["gate"]?.output).not.toContain("Every job succeeded.");
});

test("a job that its condition skips does not pass the gate", async () => {
  const run = await runWith({
    [CI]: (text) => text.replace("    name: Lint\n", "    name: Lint\n    if: github.event_name == 'push'\n"),
  });
  expect({ ...results(run), lint: run.jobs["lint"]?.result ?? "skipped" }, run.log).toEqual({
    ...allGood,
    lint: "skipped",
    gate: "failure",
  });
});

test("too little coverage, and an image that cannot be built, fail their jobs and the gate", async () => {
  const run = await runWith({
    [CI]: (text) => text.replace("MINIMUM: '70'", "MINIMUM: '95'"),
    Dockerfile: (text) => text.replace("COPY server.js ./", "COPY nothing.js ./"),
  });
  expect(results(run), run.log).toEqual({ ...allGood, unit: "failure", "try-hello": "failure", gate: "failure" });
  expect(run.jobs["unit"]?.output).toContain("The coverage is too small.");
});

test("a secret in the sources is found, and the gate does not open", async () => {
  const token = ["ghp", "x7Kq2mVbN4rT9sWcY1zLpD6fHgJ3aE8uQo5B"].join("_");
  const run = await runWith({ "server.js": (text) => `const token = "${token}";\n${text}` });
  expect(run.jobs["gitleaks"], run.log).toMatchObject({ result: "failure" });
  expect(run.jobs["gitleaks"]?.output).not.toContain(token);
  // act ends the run when a called workflow fails, where GitHub goes on to the gate, which then sees a failure.
  expect(run.jobs["gate"]?.result).not.toBe("success");
  expect(run.code).not.toBe(0);
});

test("an action that nobody knows how to run here fails the run", async () => {
  const step = "      - name: npm run lint\n";
  const unknown = "      - uses: acme/unknown@3d3c42e5aac5ba805825da76410c181273ba90b1\n";
  const run = await runWith({ [CI]: (text) => text.replace(step, `${unknown}${step}`) });
  expect(run.code, run.log).not.toBe(0);
  expect(run.log).toContain("acme/unknown");
  expect(run.jobs["lint"]?.result).not.toBe("success");
  expect(run.jobs["gate"]?.result).not.toBe("success");
});

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = join(__dirname, "..", "..");
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "headgate-package-"));
const modules = join(folder, "node_modules");

/** Packs the library as it is published and puts it where a user's project has it. */
beforeAll(async () => {
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], {
    cwd: ROOT,
    maxBuffer: 2 ** 26,
  });
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as [{ filename: string }];
  mkdirSync(join(modules, "headgate"), { recursive: true });
  await run("tar", ["-xzf", join(folder, filename), "--strip-components=1", "-C", join(modules, "headgate")]);
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    // What a user has not: the loader that would make sources run.
    if (!["headgate", "tsx", "esbuild", "@esbuild", ".bin"].includes(name)) {
      symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
    }
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function evaluate(code: string): Promise<unknown> {
  const { stdout } = await run(process.execPath, ["-e", `console.log(JSON.stringify((() => {${code}})()))`], {
    cwd: folder,
  });
  return JSON.parse(stdout);
}

test("The root entry loads no provider", async () => {
  const loaded = await evaluate(
    'require("headgate"); return Object.keys(require.cache).filter((file) => file.includes("@pulumi/"));',
  );
  expect(loaded).toEqual([]);
});

test("The docker entry has its components", async () => {
  expect(await evaluate('return Object.keys(require("headgate/docker")).sort();')).toEqual([
    "DockerHost",
    "DockerService",
    "OnBusy",
  ]);
});

test("The kubernetes entry has its components, and loads no client of the API server", async () => {
  const entry = await evaluate(
    'const names = Object.keys(require("headgate/kubernetes")).filter((name) => name.startsWith("Kubernetes")).sort();' +
      'return { names, client: Object.keys(require.cache).filter((file) => file.includes("client-node")) };',
  );
  const kinds = ["Cluster", "Deployer", "Job", "Namespace", "Platform", "Service"];
  expect(entry).toEqual({ names: kinds.map((kind) => `Kubernetes${kind}`), client: [] });
});

test.each(["Release", "KubernetesRelease"])("The provider process finds compiled code by name: %s", async (kind) => {
  const made = await evaluate(
    `const { provider } = require("headgate/delegate"); return Object.keys(provider("${kind}")).sort();`,
  );
  expect(made).toEqual(["create", "delete", "diff", "read", "update"]);
});

test("The guard's image can be built from the package alone", async () => {
  const files = await evaluate(
    'const context = require("./node_modules/headgate/dist/components/docker/host/guard-context").guardContext();' +
      'return require("node:fs").readdirSync(context).sort();',
  );
  expect(files).toEqual(["Dockerfile", "guard.js", "volumes"]);
});

test("No test and no secret of this machine is in the package", async () => {
  const { stdout } = await run("find", [join(modules, "headgate"), "-name", "*.test.*"]);
  expect(stdout).toBe("");
});

test("The policy entry has its rules without Pulumi, and the pack is a folder and an executable", async () => {
  const entry = await evaluate(
    'const rules = require("headgate/policy").RULES.length; const pack = require.resolve("headgate/package.json").replace(/package.json$/, "dist/policy-pack");' +
      'const { readdirSync, accessSync, constants } = require("node:fs"); accessSync(pack + "/headgate-policy-pack", constants.X_OK);' +
      'return { rules: rules > 20, files: readdirSync(pack).sort(), pulumi: Object.keys(require.cache).filter((file) => file.includes("@pulumi/")) };',
  );
  const files = ["PulumiPolicy.yaml", "headgate-policy-pack", "index.js", "package.json"];
  expect(entry).toEqual({ rules: true, files, pulumi: [] });
});

import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exec } from "./exec";
import { checkout } from "./paths";
import { inspectPlugin, pluginFolder, providerEntry, providerScript } from "./plugins";

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "headgate-plugins-")), pluginFolder("5.2.0"));
});
afterEach(() => rm(join(folder, ".."), { recursive: true }));

test("an official plugin is told from the testkit's and from a half downloaded one", async () => {
  expect(await inspectPlugin(folder)).toBe("none");
  await mkdir(folder);
  expect(await inspectPlugin(folder)).toBe("none");
  await writeFile(join(folder, "pulumi-resource-docker"), "\x7fELF and so on");
  expect(await inspectPlugin(folder)).toBe("official");
  await writeFile(`${folder}.partial`, "");
  expect(await inspectPlugin(folder)).toBe("none");
  await rm(`${folder}.partial`);
  await writeFile(join(folder, "pulumi-resource-docker"), providerScript(checkout, "5.2.0"));
  expect(await inspectPlugin(folder)).toBe("testkit");
});

test("each package has a plugin of its own", async () => {
  const kubernetes = join(folder, "..", pluginFolder("4.34.2", "kubernetes"));
  await mkdir(kubernetes);
  await writeFile(join(kubernetes, "pulumi-resource-kubernetes"), providerScript(checkout, "4.34.2", "kubernetes"));
  expect(await inspectPlugin(kubernetes, "kubernetes")).toBe("testkit");
  expect(await inspectPlugin(kubernetes)).toBe("none");
  expect(providerScript(checkout, "4.34.2", "kubernetes")).toContain(join("providers", "kubernetes", "main.ts"));
});

test("the testkit's plugin starts this checkout's Node with its TypeScript loader, from any folder", async () => {
  const script = providerScript(checkout, "5.2.0");
  expect(script).toContain(`'${providerEntry(checkout)}' "$@"`);
  const file = join(folder, "..", "probe");
  const entry = join(folder, "..", "entry.ts");
  await writeFile(
    entry,
    "const a: string[] = process.argv.slice(2); console.log(process.version.split('.')[0], process.env.HEADGATE_PLUGIN_VERSION, ...a);",
  );
  await writeFile(file, script.replace(providerEntry(checkout), entry));
  await chmod(file, 0o755);
  expect(await exec(file, ["it's 127.0.0.1:1234"], { cwd: tmpdir() })).toMatchObject({
    code: 0,
    stdout: "v24 5.2.0 it's 127.0.0.1:1234\n",
  });
});

import { existsSync, readdirSync } from "node:fs";
import { chmod, cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { type Decision, decide } from "./decisions";
import type { Engine } from "./engine";
import { ToolchainError } from "./errors";
import { exec } from "./exec";
import { withLock } from "./lock";
import { type CacheLayout, packageVersion } from "./paths";
import { type Log, line } from "./report";

/** Packages that the testkit serves too. */
export const packages = ["docker", "github", "kubernetes"] as const;
export type PluginName = (typeof packages)[number];

export interface ProviderPlugin {
  readonly name: PluginName;
  readonly version: string;
  readonly source: "official" | "testkit";
}

const programOf = (name: PluginName): string => `pulumi-resource-${name}`;
const markOf = (name: PluginName): string => `# Serves the ${name} provider of this checkout's testkit.`;

export const pluginFolder = (version: string, name: PluginName = "docker"): string => `resource-${name}-v${version}`;
export const providerEntry = (root: string, name: PluginName = "docker"): string =>
  join(root, "testkit", "providers", name, "main.ts");

export const userPlugins = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env["PULUMI_HOME"] || join(env["HOME"] || homedir(), ".pulumi"), "plugins");

/** Whether a plugin folder holds somebody else's finished plugin, and whether it holds ours. */
export async function inspectPlugin(
  folder: string,
  name: PluginName = "docker",
): Promise<"official" | "testkit" | "none"> {
  const program = programOf(name);
  if (existsSync(`${folder}.partial`) || !existsSync(folder) || !readdirSync(folder).includes(program)) return "none";
  const head = await readFile(join(folder, program)).then((bytes) => bytes.subarray(0, 200).toString("latin1"));
  return head.includes(markOf(name)) ? "testkit" : "official";
}

/** The program of the testkit's plugin: this checkout's Node runs this checkout's TypeScript, from any folder. */
export function providerScript(root: string, version: string, name: PluginName = "docker"): string {
  const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const loader = createRequire(join(root, "package.json")).resolve("tsx/cjs");
  const node = join(root, "node_modules", ".bin", "node");
  const command = [quote(node), "--require", quote(loader), quote(providerEntry(root, name)), '"$@"'].join(" ");
  return `#!/bin/sh\n${markOf(name)}\nHEADGATE_PLUGIN_VERSION=${quote(version)} exec ${command}\n`;
}

/** The provider plugins of the checkout's programs. */
export async function ensurePlugins(
  root: string,
  cache: CacheLayout,
  engine: Engine,
  log: Log,
): Promise<ProviderPlugin[]> {
  const ensured: ProviderPlugin[] = [];
  for (const name of packages) ensured.push(await ensurePlugin(name, root, cache, engine, log));
  return ensured;
}

async function ensurePlugin(
  name: PluginName,
  root: string,
  cache: CacheLayout,
  engine: Engine,
  log: Log,
): Promise<ProviderPlugin> {
  const version = packageVersion(root, `@pulumi/${name}`);
  const program = programOf(name);
  const entry = providerEntry(root, name);
  const plugins = join(cache.pulumiHome, "plugins");
  const folder = join(plugins, pluginFolder(version, name));
  const tell = (source: ProviderPlugin["source"], how: string): ProviderPlugin => {
    log(line("plugin", `${name} ${version}`, how));
    return { name, version, source };
  };
  return await withLock(join(cache.locks, "plugins.lock"), async () => {
    await mkdir(plugins, { recursive: true });
    if ((await inspectPlugin(folder, name)) === "official") return tell("official", "official, installed");
    const downloads = join(cache.root, "downloads");
    const take = async (from: string): Promise<boolean> => {
      if (from === folder || (await inspectPlugin(from, name)) !== "official") return false;
      await rm(folder, { recursive: true, force: true });
      // The engine follows no link to a plugin folder.
      await cp(from, `${folder}.part`, { recursive: true, force: true });
      await rename(`${folder}.part`, folder);
      return true;
    };
    if (await take(join(userPlugins(), pluginFolder(version, name))))
      return tell("official", "official, from the user's plugins");
    const answer = await decide(cache.decisions, `${name}-plugin-${version}`, () =>
      download(engine, downloads, name, version),
    );
    if (answer.yes && answer.cached) await download(engine, downloads, name, version);
    if (await take(join(downloads, "plugins", pluginFolder(version, name))))
      return tell("official", "official, downloaded");
    if (!existsSync(entry)) {
      throw new ToolchainError(
        `The ${name} provider plugin ${version} cannot be downloaded (${answer.why}) and the checkout has no ${entry}.`,
        `Restore the file, or run: pulumi plugin install resource ${name} v${version}.`,
      );
    }
    await mkdir(folder, { recursive: true });
    const script = providerScript(root, version, name);
    const file = join(folder, program);
    if ((await readFile(file, "utf8").catch(() => "")) !== script) {
      await writeFile(`${file}.new`, script);
      await chmod(`${file}.new`, 0o755);
      await rename(`${file}.new`, file);
      await rm(`${folder}.partial`, { force: true });
    }
    return tell("testkit", `the testkit's own (${answer.why}${answer.cached ? ", cached" : ""})`);
  });
}

/** Asks the engine to download into a home of its own, where no folder of ours passes for an installed plugin. */
async function download(engine: Engine, home: string, name: PluginName, version: string): Promise<Decision> {
  const result = await exec(join(engine.bin, "pulumi"), ["plugin", "install", "resource", name, `v${version}`], {
    env: { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: 180_000,
  });
  return result.code === 0
    ? { yes: true, why: "the official plugin can be downloaded" }
    : { yes: false, why: "the official plugin cannot be downloaded" };
}

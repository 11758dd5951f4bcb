import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { PluginChoice } from "./options";

/** A plugin as a run uses it. */
export interface UsedPlugin {
  name: string;
  version: string;
  /** `official`: installed by somebody; `testkit`: one of this package's; `path`: named by the test. */
  source: "official" | "testkit" | "path";
}

/** Packages that the testkit serves on their real API; `memory` serves any package. */
const REAL = ["docker", "github", "kubernetes"] as const;
type Served = (typeof REAL)[number] | "memory";

function isServed(kind: string): kind is Served {
  return kind === "memory" || isReal(kind);
}

function isReal(kind: string): boolean {
  return REAL.some((name) => name === kind);
}

const MARK = "# Serves a provider of the testkit.";
const said = new Set<string>();

/**
 * Makes the chosen plugins available in an engine's home. The engine finds a plugin by its folder's name, so each one
 * gets a folder of its own there. `from` is where packages are looked up whose version is not given.
 */
export function installPlugins(home: string, choices: readonly PluginChoice[], from: string): UsedPlugin[] {
  return choices.map((choice) => {
    const version = choice.version ?? sdkVersion(choice.name, from);
    const source = install(home, choice, version);
    const line = `${choice.name} provider: ${describe(choice, version, source)}`;
    if (!said.has(line)) console.log(line);
    said.add(line);
    return { name: choice.name, version, source };
  });
}

function install(home: string, choice: PluginChoice, version: string): UsedPlugin["source"] {
  const kind = kindOf(choice);
  const folder = join(home, "plugins", folderOf(choice.name, version));
  const program = join(folder, programOf(choice.name));
  mkdirSync(folder, { recursive: true });
  const official = isReal(kind) && choice.official !== false ? officialPlugin(choice.name, version) : undefined;
  if (official !== undefined) {
    // The engine follows no link to a folder, but runs a linked program.
    for (const entry of readdirSync(official)) symlinkSync(join(official, entry), join(folder, entry));
    return "official";
  }
  if (isServed(kind)) {
    writeFileSync(program, launcher(kind, version));
    chmodSync(program, 0o755);
    return "testkit";
  }
  const path = resolve(kind);
  if (!existsSync(path))
    throw new Error(`The plugin for ${choice.name} does not exist (got ${path}). Give the path of its executable.`);
  symlinkSync(path, program);
  return "path";
}

/** A script that runs a provider of this package: as TypeScript in a checkout, as JavaScript in a published package. */
function launcher(kind: Served, version: string): string {
  const main = join(__dirname, "..", "providers", kind, "main");
  const node = quote(process.execPath);
  const entry = existsSync(`${main}.js`)
    ? [quote(`${main}.js`)]
    : ["--require", quote(require.resolve("tsx/cjs")), quote(`${main}.ts`)];
  return `#!/bin/sh\n${MARK}\nHEADGATE_PLUGIN_VERSION=${quote(version)} exec ${node} ${entry.join(" ")} "$@"\n`;
}

/** Folder of a plugin that somebody installed for the user; half-made ones and the testkit's own do not count. */
function officialPlugin(name: string, version: string): string | undefined {
  const homes = [process.env.PULUMI_HOME, join(homedir(), ".pulumi")].filter((home) => home !== undefined);
  return homes
    .map((home) => join(home, "plugins", folderOf(name, version)))
    .find((folder) => {
      const program = join(folder, programOf(name));
      return existsSync(program) && !existsSync(`${folder}.partial`) && !isScriptOfTestkit(program);
    });
}

function isScriptOfTestkit(program: string): boolean {
  const head = readFileSync(program).subarray(0, 400).toString("latin1");
  return head.startsWith("#!") && head.includes("testkit");
}

function sdkVersion(name: string, from: string): string {
  const manifest = `@pulumi/${name}/package.json`;
  let path: string;
  try {
    path = createRequire(join(from, "package.json")).resolve(manifest);
  } catch {
    throw new Error(
      `The version of the ${name} plugin is not known: ${manifest} cannot be found from ${from}. Give version.`,
    );
  }
  const { version } = JSON.parse(readFileSync(path, "utf8")) as { version: string };
  return version.replace(/^v/, "");
}

function kindOf({ name, from }: PluginChoice): string {
  return from ?? (isReal(name) ? name : "memory");
}

function describe(choice: PluginChoice, version: string, source: UsedPlugin["source"]): string {
  if (source === "path") return `${choice.from}`;
  if (source === "official") return `official ${version}`;
  if (kindOf(choice) === "memory") return "testkit (memory)";
  return choice.official === false ? "testkit" : `testkit (official ${version} not installed)`;
}

function folderOf(name: string, version: string): string {
  return `resource-${name}-v${version}`;
}

function programOf(name: string): string {
  return `pulumi-resource-${name}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

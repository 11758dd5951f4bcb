import { randomBytes } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { LocalWorkspace, type ProjectSettings, PulumiCommand } from "@pulumi/pulumi/automation";
import type { EngineOptions } from "./options";

/** The folders of one engine; all of them lie below `root`. */
export interface Workspace {
  root: string;
  /** Holds Pulumi.yaml and the stack's configuration. */
  project: string;
  home: string;
  cloud: string;
  /** The backend's folder. */
  state: string;
  /** Where the program's packages are looked up. */
  packages: string;
  env: Record<string, string>;
}

/** Name under which the project of `workDir` is seen from the temporary one. */
const PROGRAM_LINK = "program";

export function createWorkspace(options: EngineOptions): Workspace {
  if ((options.program === undefined) === (options.workDir === undefined)) {
    throw new Error("Engine: give exactly one of program and workDir.");
  }
  const path = `${dirname(process.execPath)}${delimiter}${options.env?.PATH ?? process.env.PATH ?? ""}`;
  requireTools(path, options.workDir !== undefined);
  const root = mkdtempSync(join(tmpdir(), "headgate-engine-"));
  const [project, home, cloud, state] = ["project", "home", "cloud", "state"].map((name) => join(root, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const folder of [project, home, cloud, state]) mkdirSync(folder);
  // The CLI keeps a log of every property it passes on in a folder of this name, and none where it cannot make it.
  if (options.cliLog !== true) writeFileSync(join(home, "logs"), "");
  const packages = options.workDir === undefined ? process.cwd() : resolve(options.workDir);
  const env = {
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A missing plugin is an error of the test, not a reason to reach for the network.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${state}`,
    HEADGATE_MEMORY_CLOUD: cloud,
    ...options.env,
    PATH: path,
  };
  return { root, project, home, cloud, state, packages, env };
}

function requireTools(path: string, language: boolean): void {
  for (const tool of ["pulumi", ...(language ? ["pulumi-language-nodejs"] : [])]) {
    if (!path.split(delimiter).some((folder) => isExecutable(join(folder, tool)))) {
      throw new Error(`Engine: ${tool} is not on PATH. Install the Pulumi CLI, or put its folder on PATH.`);
    }
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

let command: Promise<PulumiCommand> | undefined;

/** The command on PATH; its version is asked once per process. */
export function pulumiCommand(): Promise<PulumiCommand> {
  command ??= PulumiCommand.get();
  return command;
}

/**
 * Settings of the temporary project. A project of a folder is run through a link to it: its files stay as they are,
 * and two runs of it do not meet.
 */
export async function projectSettings(workspace: Workspace, options: EngineOptions): Promise<ProjectSettings> {
  if (options.workDir === undefined) {
    linkPackages(workspace);
    return { name: options.project ?? "testkit", runtime: "nodejs" };
  }
  const folder = resolve(options.workDir);
  const file = readdirSync(folder).find((name) => /^Pulumi\.ya?ml$/.test(name));
  if (file === undefined) throw new Error(`Engine: workDir has no Pulumi.yaml (got ${folder}).`);
  const own = await LocalWorkspace.create({
    workDir: folder,
    envVars: workspace.env,
    pulumiCommand: await pulumiCommand(),
  });
  const { backend: _, ...settings } = await own.projectSettings();
  symlinkSync(folder, join(workspace.project, PROGRAM_LINK));
  return {
    ...absolutePlugins(settings, folder),
    name: options.project ?? settings.name,
    main: join(PROGRAM_LINK, settings.main ?? "."),
  };
}

/**
 * Plugins that resolve packages from their working folder find those of the test, and the package under test by its
 * own name.
 */
function linkPackages({ packages, project }: Workspace): void {
  const modules = nearestModules(packages);
  if (modules === undefined) return;
  const links = join(project, "node_modules");
  mkdirSync(links);
  for (const entry of readdirSync(modules)) symlinkSync(join(modules, entry), join(links, entry));
  const manifest = join(dirname(modules), "package.json");
  if (!existsSync(manifest)) return;
  const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { name?: string };
  if (name === undefined || existsSync(join(links, name))) return;
  mkdirSync(dirname(join(links, name)), { recursive: true });
  symlinkSync(dirname(manifest), join(links, name));
}

/** Plugins that the project names by a relative path. */
function absolutePlugins(settings: ProjectSettings, folder: string): ProjectSettings {
  const { plugins } = settings as { plugins?: Record<string, { path?: string }[]> };
  if (plugins === undefined) return settings;
  const moved = Object.entries(plugins).map(([kind, list]) => [
    kind,
    list.map((plugin) => (plugin.path === undefined ? plugin : { ...plugin, path: resolve(folder, plugin.path) })),
  ]);
  return { ...settings, plugins: Object.fromEntries(moved) } as ProjectSettings;
}

function nearestModules(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const modules = join(folder, "node_modules");
    if (existsSync(modules)) return modules;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The stack's state as it lies on the disk. */
export function readState(workspace: Workspace, project: string, stack: string): string {
  return readFileSync(join(workspace.state, ".pulumi", "stacks", project, `${stack}.json`), "utf8");
}

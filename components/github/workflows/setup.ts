import type { PlannedToolchain } from "../../pipeline/plan";
import { installCommands, pythonPrograms } from "../../pipeline/toolchain";
import { toolVersion } from "../../pipeline/tools/tool-versions";
import type { Emitter } from "./emitter";
import { expression, text } from "./expression";
import type { Step, Value } from "./workflow";

/** The sources, with no token left behind. */
export const checkout = (emitter: Emitter, settings: Readonly<Record<string, Value>> = {}): Step => ({
  name: "Check out",
  uses: emitter.use("actions/checkout"),
  with: { ...settings, "persist-credentials": false },
});

/** What a job needs beside the main version of each language. */
export interface SetupOptions {
  /** Folder with the lock files, relative to the repository. */
  directory: string;
  /** Versions, where they are not the main ones. */
  node?: Value;
  python?: Value;
  /** Whether packages may come from a cache that other runs wrote. What publishes or deploys never takes one. */
  cached: boolean;
}

/** The languages of the toolchain with the packages of their lock files. */
export function setup(emitter: Emitter, toolchain: PlannedToolchain, options: SetupOptions): Step[] {
  const { directory } = options;
  const python = toolchain.python;
  return [
    ...nodeSteps(emitter, toolchain, options),
    ...pythonSteps(emitter, toolchain, options),
    ...installCommands(toolchain).map(({ title, run }) => ({ name: title, run, workingDirectory: directory })),
    ...(python === undefined
      ? []
      : [
          {
            name: "Use the installed programs",
            run: `echo "$PWD/${pythonPrograms}" >> "$GITHUB_PATH"`,
            workingDirectory: directory,
          },
        ]),
  ];
}

function nodeSteps(emitter: Emitter, { node }: PlannedToolchain, options: SetupOptions): Step[] {
  if (node === undefined) return [];
  const { manager, versions } = node;
  const pnpm: Step = {
    name: "Set up pnpm",
    uses: emitter.use("pnpm/action-setup"),
    with: { version: toolVersion("pnpm") },
  };
  const lockFile = { npm: "package-lock.json", pnpm: "pnpm-lock.yaml", yarn: "yarn.lock" }[manager];
  const cache = options.cached
    ? { cache: manager, "cache-dependency-path": inFolder(options.directory, lockFile) }
    : { "package-manager-cache": false };
  return [
    ...(manager === "pnpm" ? [pnpm] : []),
    {
      name: "Set up Node.js",
      uses: emitter.use("actions/setup-node"),
      with: { "node-version": options.node ?? versions[0] ?? "24", ...cache },
    },
  ];
}

function pythonSteps(emitter: Emitter, { python }: PlannedToolchain, options: SetupOptions): Step[] {
  if (python === undefined) return [];
  const { manager, versions } = python;
  const version = options.python ?? versions[0] ?? "3.13";
  if (manager === "uv") {
    return [
      {
        name: "Set up uv and Python",
        uses: emitter.use("astral-sh/setup-uv"),
        with: {
          version: toolVersion("uv"),
          "python-version": version,
          "enable-cache": options.cached,
          ...(options.cached && { "cache-dependency-glob": inFolder(options.directory, "uv.lock") }),
        },
      },
    ];
  }
  const poetry: Step = { name: "Set up Poetry", run: `pipx install poetry==${toolVersion("poetry")}` };
  return [
    ...(manager === "poetry" ? [poetry] : []),
    {
      name: "Set up Python",
      uses: emitter.use("actions/setup-python"),
      with: {
        "python-version": version,
        ...(options.cached && {
          cache: manager,
          "cache-dependency-path": inFolder(options.directory, manager === "pip" ? "requirements.txt" : "poetry.lock"),
        }),
      },
    },
  ];
}

/** A file below a folder of the repository. */
export const inFolder = (directory: string, file: string): string =>
  directory === "." ? file : `${directory.replace(/\/+$/, "")}/${file}`;

/** A file of a run is kept as long as the pipeline says. */
export const keep = (emitter: Emitter, name: Value, path: Value, options: Partial<Step> = {}): Step => ({
  name: "Keep the results",
  ...options,
  uses: emitter.use("actions/upload-artifact"),
  with: {
    name,
    path,
    "if-no-files-found": "error",
    "retention-days": emitter.plan.keepArtifactsDays,
    ...options.with,
  },
});

/** Folder for what only this job needs. */
export const workFolder = text`${expression`runner.temp`}/headgate`;

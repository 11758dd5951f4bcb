import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { cacheEntry } from "./cache";
import { aptInstall, canInstall } from "./debian";
import { ToolchainError } from "./errors";
import { exec, mustExec, which } from "./exec";
import { ensurePrograms } from "./kubernetes/build";
import type { GoRecipe } from "./kubernetes/recipes";
import { type CacheLayout, packageVersion, shortHash } from "./paths";
import { type Log, line } from "./report";

/** What judges workflow files, as paths. */
export interface Linters {
  /** The program. */
  readonly actionlint: string;
  /** The program. */
  readonly zizmor: string;
  /** A CommonJS module with GitHub's `validate`, the `TextDocument` it reads and `clearCache`. */
  readonly languageService: string;
}

const WITHOUT_LINTERS = "run only the tests that need no linter: vitest run --project fast";

export const actionlintRecipe: GoRecipe = {
  folder: "actionlint",
  module: "github.com/rhysd/actionlint",
  programs: { actionlint: "github.com/rhysd/actionlint/cmd/actionlint" },
  stamps: ["github.com/rhysd/actionlint.version"],
  buildSeconds: 20,
  instead: WITHOUT_LINTERS,
};

/** Finds or makes the linters of workflow files. */
export async function ensureLinters(root: string, cache: CacheLayout, log: Log): Promise<Linters> {
  const [{ bin }, zizmor, languageService] = await Promise.all([
    ensurePrograms(root, cache, log, actionlintRecipe),
    ensureZizmor(root, cache, log),
    ensureLanguageService(root, cache, log),
  ]);
  return { actionlint: join(bin, "actionlint"), zizmor, languageService };
}

/** The exact version that a requirements file asks for. */
export function requiredVersion(requirements: string, name: string): string {
  const version = new RegExp(`^${name}==(\\S+)`, "m").exec(requirements)?.[1];
  if (version === undefined) throw new Error(`The requirements name no exact version of ${name}.`);
  return version;
}

/** Out of the wheel on PyPI, which holds the program; pip refuses a wheel whose checksum is not in the requirements. */
async function ensureZizmor(root: string, cache: CacheLayout, log: Log): Promise<string> {
  const requirements = join(root, "toolchain", "python", "zizmor.txt");
  const text = readFileSync(requirements, "utf8");
  const version = requiredVersion(text, "zizmor");
  const dir = join(cache.root, `zizmor-${version}-${shortHash(text, process.platform, process.arch)}`);
  const { state } = await cacheEntry(dir, join(cache.locks, "zizmor.lock"), async (part) => {
    const python = await ensurePip(log, "zizmor");
    log(line("zizmor", version, "downloading from PyPI"));
    await mustExec(python, [
      ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-warn-script-location"],
      ...["--target", part, "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", requirements],
    ]);
    await rm(join(part, `zizmor-${version}.dist-info`), { recursive: true, force: true });
  });
  log(line("zizmor", version, `from PyPI (${state})`));
  return join(dir, "bin", "zizmor");
}

/** A Python with pip. */
export async function ensurePip(log: Log, user: string): Promise<string> {
  const hasPip = async () => (await exec("python3", ["-m", "pip", "--version"])).code === 0;
  if (which("python3") !== undefined && (await hasPip())) return "python3";
  if (canInstall()) {
    log(line("pip", "", "installing Debian's python3-pip"));
    await aptInstall(["python3-pip"]);
    if (await hasPip()) return "python3";
  }
  throw new ToolchainError(
    `${user} is installed by pip, and there is none.`,
    `Install python3-pip, or ${WITHOUT_LINTERS}.`,
  );
}

/** Bundled, because it imports JSON in a way that Node.js refuses. */
async function ensureLanguageService(root: string, cache: CacheLayout, log: Log): Promise<string> {
  const version = packageVersion(root, "@actions/languageservice");
  const source = [
    'export { validate } from "@actions/languageservice";',
    'export { clearCache } from "@actions/languageservice/utils/workflow-cache";',
    'export { TextDocument } from "vscode-languageserver-textdocument";',
  ].join("\n");
  const lockfile = readFileSync(join(root, "package-lock.json"), "utf8");
  const dir = join(cache.root, `language-service-${version}-${shortHash(source, lockfile)}`);
  const { state } = await cacheEntry(dir, join(cache.locks, "language-service.lock"), async (part) => {
    await build({
      stdin: { contents: source, resolveDir: root },
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile: join(part, "index.cjs"),
      logLevel: "silent",
    });
  });
  log(line("service", version, `GitHub's language service, bundled (${state})`));
  return join(dir, "index.cjs");
}

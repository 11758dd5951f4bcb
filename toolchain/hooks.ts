import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheEntry } from "./cache";
import { mustExec } from "./exec";
import { ensurePip, requiredVersion } from "./linters";
import { type CacheLayout, shortHash } from "./paths";
import { type Log, line } from "./report";

/** How pre-commit is run. */
export interface PreCommit {
  /** The program and its first arguments. */
  readonly command: readonly string[];
  /** What it, and the hooks that it installs, must find in their environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Out of PyPI; pip refuses a file whose checksum is not in the requirements. */
export async function ensurePreCommit(root: string, cache: CacheLayout, log: Log): Promise<PreCommit> {
  const requirements = join(root, "toolchain", "python", "pre-commit.txt");
  const text = readFileSync(requirements, "utf8");
  const version = requiredVersion(text, "pre-commit");
  const python = await ensurePip(log, "pre-commit");
  const { stdout: tag } = await mustExec(python, ["-c", "import sys; print(sys.implementation.cache_tag)"]);
  const key = shortHash(text, tag.trim(), process.platform, process.arch);
  const { dir, state } = await cacheEntry(
    join(cache.root, `pre-commit-${version}-${key}`),
    join(cache.locks, "pre-commit.lock"),
    async (part) => {
      log(line("pre-commit", version, "downloading from PyPI"));
      await mustExec(python, [
        ...[
          "-m",
          "pip",
          "install",
          "--quiet",
          "--disable-pip-version-check",
          "--no-input",
          "--no-warn-script-location",
        ],
        ...[
          "--target",
          part,
          "--require-hashes",
          "--no-deps",
          "--only-binary",
          ":all:",
          "--no-compile",
          "-r",
          requirements,
        ],
      ]);
    },
  );
  log(line("pre-commit", version, `from PyPI (${state})`));
  // Compiled files beside the sources would change an entry of the cache.
  return { command: [python, "-m", "pre_commit"], env: { PYTHONPATH: dir, PYTHONDONTWRITEBYTECODE: "1" } };
}

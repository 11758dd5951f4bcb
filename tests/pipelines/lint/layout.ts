import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import type { GeneratedFile } from "../../../components/pipeline/generated-file";

/** A file that the linters are given. */
export interface Judged {
  /** The same for files of which every linter says the same. */
  readonly key: string;
  /** Path below the folder of all repositories: "12/.github/workflows/ci.yml". */
  readonly place: string;
  readonly file: GeneratedFile;
  /** All files of its repository. */
  readonly repository: readonly GeneratedFile[];
}

export const isWorkflow = (path: string): boolean => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path);
export const isAction = (path: string): boolean => /(^|\/)action\.ya?ml$/.test(path) && !isWorkflow(path);
const isJudged = (path: string): boolean =>
  isWorkflow(path) || isAction(path) || /^(\.github\/dependabot\.ya?ml|\.pre-commit-(config|hooks)\.yaml)$/.test(path);

/**
 * Names of folders end in a dash, since actionlint takes a path that only begins like a repository's for a part of it.
 * Writes each repository that has a file no other has into a folder of its own below `work`, as git would have it.
 * `keys` are those of each repository's files.
 */
export async function layOut(
  repositories: readonly (readonly GeneratedFile[])[],
  work: string,
): Promise<{ judged: Judged[]; keys: string[][] }> {
  const seen = new Set<string>();
  const judged: Judged[] = [];
  const keys: string[][] = [];
  for (const [index, repository] of repositories.entries()) {
    refuseOddPaths(repository);
    const own = repository
      .filter(({ path }) => isJudged(path))
      .map((file) => ({ key: keyOf(file, repository), place: `${index}-/${file.path}`, file, repository }));
    keys.push(own.map(({ key }) => key));
    const fresh = own.filter(({ key }) => !seen.has(key));
    if (fresh.length === 0) continue;
    for (const { key } of fresh) seen.add(key);
    judged.push(...fresh);
    await write(repository, join(work, `${index}-`));
  }
  return { judged, keys };
}

async function write(files: readonly GeneratedFile[], folder: string): Promise<void> {
  await mkdir(join(folder, ".git"), { recursive: true });
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

function refuseOddPaths(files: readonly GeneratedFile[]): void {
  const paths = files.map(({ path }) => path);
  for (const [index, path] of paths.entries()) {
    if (posix.isAbsolute(path) || posix.normalize(path) !== path || path.startsWith("..")) {
      throw new Error(`${JSON.stringify(path)} is no path in a repository.`);
    }
    if (paths.indexOf(path) !== index) throw new Error(`${JSON.stringify(path)} is made twice.`);
  }
}

/** A hash over a file and over everything of its repository that it uses, and that uses in turn. */
function keyOf(file: GeneratedFile, repository: readonly GeneratedFile[]): string {
  const reached = new Set<GeneratedFile>([file]);
  for (const { content } of reached) {
    for (const [, used = ""] of content.matchAll(/\buses:\s*["']?[.$]\/([^\s"'#]+)/g)) {
      const path = posix.normalize(used);
      for (const other of repository) {
        if ([path, `${path}/action.yml`, `${path}/action.yaml`].includes(other.path)) reached.add(other);
      }
    }
  }
  const hash = createHash("sha256");
  for (const { path, content } of reached) hash.update(JSON.stringify([path, content]));
  return hash.digest("hex");
}

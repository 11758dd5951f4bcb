import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { type GeneratedFile, isMadeByHeadgate } from "../../components/pipeline/generated-file";

export type FileState = "new" | "changed" | "current" | "gone";

/** A generated file beside what lies in its place. */
export interface ComparedFile {
  path: string;
  state: FileState;
  /** What lies there, nothing for a new one. */
  before: string;
  /** What should lie there, nothing for one that is made no more. */
  after: string;
  executable: boolean;
}

/** Folders in which a file that Headgate made, and makes no more, is looked for. */
const ownFolders = [".github", ".gitlab"];

/** What would change in a folder, with what `keep` takes over from a file that lies there. */
export async function compareFolder(
  folder: string,
  files: readonly GeneratedFile[],
  keep: (generated: string, live: string) => string = (generated) => generated,
): Promise<ComparedFile[]> {
  const compared = await Promise.all(
    files.map(async ({ path, content: generated, executable = false }): Promise<ComparedFile> => {
      const before = await textOf(join(folder, path));
      const content = before === undefined ? generated : keep(generated, before);
      const mode = before === undefined || !executable ? 0o111 : (await stat(join(folder, path))).mode;
      const same = before === content && (mode & 0o111) !== 0;
      const state = before === undefined ? "new" : same ? "current" : "changed";
      return { path, state, before: before ?? "", after: content, executable };
    }),
  );
  const known = new Set(files.map(({ path }) => path));
  const gone: ComparedFile[] = [];
  for (const path of await filesBelow(folder)) {
    if (known.has(path)) continue;
    const before = (await textOf(join(folder, path))) ?? "";
    if (isMadeByHeadgate(before)) gone.push({ path, state: "gone", before, after: "", executable: false });
  }
  return [...compared, ...gone].sort((one, other) => (one.path < other.path ? -1 : 1));
}

async function filesBelow(folder: string): Promise<string[]> {
  const found = await Promise.all(
    ownFolders.map(async (own) => {
      try {
        const entries = await readdir(join(folder, own), { recursive: true, withFileTypes: true });
        return entries
          .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
          .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    }),
  );
  const atTop = ["lefthook.yml", ".pre-commit-config.yaml", ".gitlab-ci.yml", "renovate.json"];
  const present = await Promise.all(atTop.map(async (path) => ((await textOf(join(folder, path))) ?? "") !== ""));
  return [...found.flat(), ...atTop.filter((_, index) => present[index])];
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

/** Files that lie where a generated one goes but were made by somebody else: nothing of theirs is ever lost. */
export const foreign = (files: readonly ComparedFile[]): ComparedFile[] =>
  files.filter(({ state, before }) => state === "changed" && !isMadeByHeadgate(before));

/** Makes the folder as it should be. */
export async function writeFolder(folder: string, files: readonly ComparedFile[]): Promise<void> {
  for (const { path, state, after, executable } of files) {
    const place = join(folder, path);
    if (state === "gone") await rm(place);
    if (state !== "new" && state !== "changed") continue;
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, after);
    if (executable) await chmod(place, 0o755);
  }
}

import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { UsageError } from "../command";

/** An input that cannot be read: the run ends with 2. */
export class InputError extends UsageError {}

/** YAML and JSON that are read with their lines. A second's work or two; charts with all their CRDs have 4 MiB. */
export const MOST_YAML_BYTES = 8 * 2 ** 20;
/** JSON that a machine wrote: a state. */
export const MOST_JSON_BYTES = 256 * 2 ** 20;

const SKIPPED = new Set(["node_modules", ".git"]);

/** Text of a file. @throws InputError */
export function readText(file: string, mostBytes: number): string {
  let bytes: Buffer;
  try {
    const { size } = statSync(file);
    if (size > mostBytes) {
      throw new InputError(
        `${file}: has ${mebibytes(size)}, more than the ${mebibytes(mostBytes)} that are read. Split it.`,
      );
    }
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${file}: cannot be read. ${reasonOf(error)}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${file}: is no text in UTF-8. Check that it is the right file.`);
  }
}

/** The files that the names stand for: a file for itself, a folder for the files in it that end so. @throws InputError */
export function filesOf(names: readonly string[], endings: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (!isFolder(name)) return [name];
    const found = inFolder(name, endings);
    if (found.length === 0) throw new InputError(`${name}: holds no file that ends with ${endings.join(" or ")}.`);
    return found;
  });
}

function inFolder(folder: string, endings: readonly string[]): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new InputError(`${folder}: cannot be read. ${reasonOf(error)}`);
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(basename(path)) ? [] : inFolder(path, endings);
      return endings.includes(extname(entry.name).toLowerCase()) ? [path] : [];
    });
}

export function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch {
    // Whoever reads it says why.
    return false;
  }
}

export function isFile(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isFile() === true;
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;

export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "There is no such file.";
  if (code === "EISDIR") return "It is a folder: name a file in it.";
  if (code === "EACCES") return "This user may not read it.";
  return typeof code === "string" ? `The system says ${code}.` : "";
}

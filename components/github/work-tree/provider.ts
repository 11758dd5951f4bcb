import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import type { DelegateProvider } from "../../delegate/provider";
import { type GeneratedFile, isMadeByHeadgate } from "../../pipeline/generated-file";

/** Files in a folder, beside files of others. */
export interface WorkTreeFiles {
  /** Absolute, or relative to where Pulumi is run. */
  directory: string;
  files: GeneratedFile[];
}

/** Writes generated files into a folder, and removes those that are made no more. Never touches files of others. */
export const workTreeProvider: DelegateProvider<WorkTreeFiles, WorkTreeFiles> = {
  async diff(olds, news) {
    const moved = olds.directory !== news.directory;
    const changes = moved || canonical(olds.files) !== canonical(news.files);
    return { changes, replaces: moved ? ["directory"] : [], deleteBeforeReplace: false };
  },

  async create(inputs) {
    await write(inputs, []);
    return { id: `work-tree-of-${inputs.directory}`, outs: recorded(inputs) };
  },

  async update(_id, olds, inputs) {
    await write(inputs, olds.files);
    const kept = new Set(inputs.files.map(({ path }) => path));
    await remove({ directory: olds.directory, files: olds.files.filter(({ path }) => !kept.has(path)) });
    return { outs: recorded(inputs) };
  },

  /** What is there now: a file that was changed or removed by hand is written again by the next update. */
  async read(id, props) {
    const found = await Promise.all(
      props.files.map(async (file) => {
        const content = await contentOf(placeOf(props.directory, file.path));
        return content === undefined ? [] : [{ ...file, content }];
      }),
    );
    return { id, props: { ...props, files: found.flat() } };
  },

  delete: (_id, props) => remove(props),
};

const recorded = ({ directory, files }: WorkTreeFiles): WorkTreeFiles => ({ directory, files });

const canonical = (files: readonly GeneratedFile[]): string =>
  JSON.stringify(files.map(({ path, content, executable = false }) => [path, content, executable]));

/** Looks at all files before it writes the first. */
async function write({ directory, files }: WorkTreeFiles, before: readonly GeneratedFile[]): Promise<void> {
  const foreign: string[] = [];
  for (const { path, content } of files) {
    const there = await contentOf(placeOf(directory, path));
    const known = [content, ...before.filter((file) => file.path === path).map((file) => file.content)];
    if (there !== undefined && !known.includes(there) && !isMadeByHeadgate(there)) foreign.push(path);
  }
  if (foreign.length > 0) {
    throw new Error(`${foreign.join(", ")} in ${directory} was not made by Headgate. Move it away, or remove it.`);
  }
  for (const { path, content, executable = false } of files) {
    const place = placeOf(directory, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, content);
    await chmod(place, executable ? 0o755 : 0o644);
  }
}

/** A file that somebody made their own stays. */
async function remove({ directory, files }: WorkTreeFiles): Promise<void> {
  for (const { path, content } of files) {
    const place = placeOf(directory, path);
    const there = await contentOf(place);
    if (there !== undefined && (there === content || isMadeByHeadgate(there))) await rm(place);
  }
}

async function contentOf(place: string): Promise<string | undefined> {
  try {
    return await readFile(place, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function placeOf(directory: string, path: string): string {
  const place = resolve(directory, path);
  const inside = relative(resolve(directory), place);
  if (inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || resolve(inside) === inside) {
    throw new Error(`${path} is outside of ${directory}.`);
  }
  return place;
}

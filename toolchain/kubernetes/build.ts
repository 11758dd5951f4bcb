import { readdirSync, readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { type CacheEntry, cacheEntry } from "../cache";
import { pinnedVersion } from "../engine";
import { mustExec } from "../exec";
import { ensureGo, goBuild, goEnv } from "../go";
import { type CacheLayout, shortHash } from "../paths";
import { type Log, line } from "../report";
import { writeImage } from "./image-archive";
import {
  type ClusterImageName,
  clusterImageRecipes,
  type DefinitionFiles,
  definitionsRecipe,
  type GoRecipe,
  type ImageRecipe,
  kubernetesRecipe,
  type LeftOut,
  linkerFlags,
} from "./recipes";

/** The programs of a recipe. */
export interface KubernetesPrograms {
  /** Their folder. */
  readonly bin: string;
  readonly version: string;
}

/** An image of a program that runs as a pod. */
export interface ClusterImage {
  /** `repository:tag`. */
  readonly reference: string;
  /** What `docker load` and `ctr images import` read. */
  readonly archive: string;
  /** Paths of the CustomResourceDefinitions it needs, to be applied one by one on the server's side. */
  readonly customResources: readonly string[];
}

const wrapper = (root: string, { folder, within = folder }: GoRecipe): string => join(root, "toolchain", "go", within);

/** Where what this checkout's recipe makes lies in the cache. */
export function recipeEntry(
  root: string,
  cache: CacheLayout,
  recipe: GoRecipe | ImageRecipe,
): { readonly dir: string; readonly version: string; readonly key: string } {
  const folder = wrapper(root, recipe);
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
  // The module's own files, and not those of the others that share it.
  const sources = files.filter((file) => dirname(file) === "." || file.startsWith(`${recipe.folder}/`)).sort();
  const version =
    recipe.module === undefined ? "v1" : pinnedVersion(readFileSync(join(folder, "go.mod"), "utf8"), recipe.module);
  const { buildSeconds: _, ...made } = recipe;
  const regularExpressions = (_: string, value: unknown) => (value instanceof RegExp ? value.source : value);
  const key = shortHash(
    ...sources.flatMap((file) => [file, readFileSync(join(folder, file), "utf8")]),
    JSON.stringify(made, regularExpressions),
    process.platform,
    process.arch,
  );
  return { dir: join(cache.root, "kubernetes", `${recipe.folder}-${version}-${key}`), version, key };
}

/** Builds the programs of a recipe, once: the server side of Kubernetes and kubectl, unless another is given. */
export async function ensurePrograms(
  root: string,
  cache: CacheLayout,
  log: Log,
  recipe: GoRecipe = kubernetesRecipe,
): Promise<KubernetesPrograms> {
  const { dir, version } = recipeEntry(root, cache, recipe);
  const { state } = await entry(root, cache, recipe, log, async (part, go) => {
    await mkdir(join(part, "bin"));
    await build(root, recipe, version, go, join(part, "bin"));
  });
  log(line(recipe.folder, version, `built from Go modules (${state})`));
  return { bin: join(dir, "bin"), version };
}

/** Copies the definitions of kinds that nothing here serves out of their modules, once. Gives their paths. */
export async function ensureDefinitions(root: string, cache: CacheLayout, log: Log): Promise<string[]> {
  const { dir } = await entry(root, cache, definitionsRecipe, log, async (part, go) => {
    for (const [module, files] of Object.entries(definitionsRecipe.modules)) {
      await copyDefinitions(root, definitionsRecipe, { module, ...files }, go, join(part, definitionsFolder));
    }
  });
  return await filesIn(join(dir, definitionsFolder));
}

/** Builds the image of a program that runs as a pod, once, and copies the definitions it needs beside it. */
export async function ensureClusterImage(
  root: string,
  cache: CacheLayout,
  name: ClusterImageName,
  log: Log,
): Promise<ClusterImage> {
  const recipe = clusterImageRecipes[name];
  const { version } = recipeEntry(root, cache, recipe);
  const reference = imageReference(root, cache, name);
  const { state, dir } = await entry(root, cache, recipe, log, async (part, go) => {
    const bin = join(part, "bin");
    await mkdir(bin);
    await build(root, recipe, version, go, bin);
    const [program = ""] = Object.keys(recipe.programs);
    const architecture = process.arch === "x64" ? "amd64" : process.arch;
    const spec = { reference, program: recipe.path, user: recipe.user, architecture };
    await writeImage(spec, join(bin, program), join(part, archiveName));
    await rm(bin, { recursive: true });
    const { module = "", customResources } = recipe;
    if (customResources)
      await copyDefinitions(root, recipe, { module, ...customResources }, go, join(part, definitionsFolder));
  });
  log(line(recipe.folder, version, `${reference} built from Go modules (${state})`));
  const customResources = recipe.customResources ? await filesIn(join(dir, definitionsFolder)) : [];
  return { reference, archive: join(dir, archiveName), customResources };
}

const filesIn = async (folder: string) => (await readdir(folder)).sort().map((file) => join(folder, file));

const archiveName = "image.tar";
const definitionsFolder = "definitions";

/** What the image of this checkout's recipe is called. */
export function imageReference(root: string, cache: CacheLayout, name: ClusterImageName): string {
  const recipe = clusterImageRecipes[name];
  const { version, key } = recipeEntry(root, cache, recipe);
  return `headgate/${recipe.folder}:${version}-${key}`;
}

/** Where Go works, and with what. */
interface GoOptions {
  readonly cwd: string;
  readonly env: typeof goEnv;
}

async function entry(
  root: string,
  cache: CacheLayout,
  recipe: GoRecipe,
  log: Log,
  make: (part: string, go: string) => Promise<void>,
): Promise<CacheEntry> {
  const { dir, version } = recipeEntry(root, cache, recipe);
  return await cacheEntry(dir, join(cache.locks, `${recipe.folder}.lock`), async (part) => {
    const purpose = { piece: recipe.folder, instead: recipe.instead ?? "set KUBECONFIG to a cluster of your own" };
    const go = await ensureGo(join(wrapper(root, recipe), "go.mod"), purpose, log);
    const { buildSeconds } = recipe;
    const time = buildSeconds < 60 ? `${buildSeconds} seconds` : `${Math.ceil(buildSeconds / 60)} minutes`;
    log(line(recipe.folder, version, `building from Go modules with go ${go.version}, about ${time}`));
    await make(part, go.command);
  });
}

async function build(root: string, recipe: GoRecipe, version: string, go: string, bin: string): Promise<void> {
  const flags = [...goBuild, "-ldflags", linkerFlags(recipe, version)];
  if (recipe.tags !== undefined) flags.push("-tags", recipe.tags);
  const options = { cwd: wrapper(root, recipe), env: goEnv };
  const work = await mkdtemp(join(tmpdir(), "headgate-go-"));
  try {
    if (recipe.without !== undefined) flags.push(await leaveOut(recipe, recipe.without, go, options, work));
    const programs = Object.entries(recipe.programs);
    // Those that Go names as we do are made by one call, which links one while it compiles another.
    const together = programs.filter(([program, path]) => basename(path) === program);
    if (together.length > 0) await mustExec(go, [...flags, "-o", bin, ...together.map(([, path]) => path)], options);
    for (const [program, path] of programs.filter((each) => !together.includes(each))) {
      await mustExec(go, [...flags, "-o", join(bin, program), path], options);
    }
  } finally {
    await rm(work, { recursive: true });
  }
}

/** Makes a go.mod by which another module lacks a package. Gives the flag that has it used. */
async function leaveOut(
  recipe: GoRecipe,
  { module, folder, instead }: LeftOut,
  go: string,
  options: GoOptions,
  work: string,
): Promise<string> {
  const [copy, goMod] = [join(work, "module"), join(work, "go.mod")];
  // The module cache is read-only, and so would be a faithful copy.
  await mustExec("cp", ["-r", "--no-preserve=mode", await moduleFolder(go, module, options), copy]);
  await rm(join(copy, folder), { recursive: true });
  await mkdir(join(copy, folder));
  await copyFile(join(options.cwd, recipe.folder, instead), join(copy, folder, basename(instead)));
  for (const name of ["go.mod", "go.sum"]) await copyFile(join(options.cwd, name), join(work, name));
  await mustExec(go, ["mod", "edit", "-replace", `${module}=${copy}`, goMod], options);
  return `-modfile=${goMod}`;
}

/** Where a module lies in the module cache, which is Go's affair. */
async function moduleFolder(go: string, module: string, options: GoOptions): Promise<string> {
  const { stdout } = await mustExec(go, ["mod", "download", "-json", module], options);
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

async function copyDefinitions(
  root: string,
  recipe: GoRecipe,
  { module, folder, files }: DefinitionFiles & { readonly module: string },
  go: string,
  target: string,
): Promise<void> {
  const source = join(await moduleFolder(go, module, { cwd: wrapper(root, recipe), env: goEnv }), folder);
  const names = (await readdir(source)).filter((name) => files.test(name));
  if (names.length === 0) throw new Error(`${module} has no CustomResourceDefinitions in ${folder}.`);
  await mkdir(target, { recursive: true });
  for (const name of names) await copyFile(join(source, name), join(target, name));
}

import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import { cacheEntry } from "./cache";
import { isDebian } from "./debian";
import { type Decision, decide } from "./decisions";
import { type DockerEngine, dockerClient } from "./docker";
import { ToolchainError } from "./errors";
import {
  commonFiles,
  commonPackages,
  dockerfile,
  type ImageName,
  type ImageRecipe,
  type Images,
  imageNames,
  imageRecipes,
  shellPrograms,
} from "./image-recipes";
import { withLock } from "./lock";
import { type CacheLayout, packageVersion, shortHash } from "./paths";
import { type Log, line } from "./report";
import { makeRootfs } from "./rootfs";

/** Changes whenever anything that goes into the image does, except newer builds of the same Debian packages. */
export function recipeHash(recipe: ImageRecipe, nodeVersion: string): string {
  const common = [commonPackages, shellPrograms, commonFiles, process.arch];
  return shortHash(JSON.stringify(recipe), JSON.stringify(common), recipe.package === undefined ? nodeVersion : "");
}

/** Whether official images can be pulled, asked of the engine, which knows its mirrors and proxies. */
export async function probeRegistry(docker: DockerEngine): Promise<Decision> {
  const limit = new Promise<Decision>((resolve) =>
    setTimeout(() => resolve({ yes: false, why: "the image registry does not answer" }), 6_000).unref(),
  );
  const answer = dockerClient(docker.host)
    .getImage("haproxy:lts-alpine")
    .distribution()
    .then(
      (): Decision => ({ yes: true, why: "the image registry answers" }),
      (): Decision => ({ yes: false, why: "the image registry cannot be reached" }),
    );
  return await Promise.race([answer, limit]);
}

/**
 * `undefined` where the official images can be pulled; else the tags of base images with the same programs at the
 * same places, built here. HEADGATE_IMAGES=official or =built decides by hand.
 */
export async function ensureImages(
  root: string,
  cache: CacheLayout,
  docker: DockerEngine,
  log: Log,
): Promise<Images | undefined> {
  const wish = process.env["HEADGATE_IMAGES"];
  if (wish !== undefined && wish !== "" && wish !== "official" && wish !== "built") {
    throw new ToolchainError(`HEADGATE_IMAGES is "${wish}".`, "Use official or built, or leave it out.");
  }
  const answer = wish
    ? { yes: wish === "official", why: "as HEADGATE_IMAGES says", cached: false }
    : await decide(cache.decisions, "image-registry", () => probeRegistry(docker));
  const why = `${answer.why}${answer.cached ? ", cached" : ""}`;
  if (answer.yes) {
    log(line("images", "official", `pulled when needed (${why})`));
    return undefined;
  }
  const known = await taggedBases(docker);
  const nodeVersion = packageVersion(root, "node");
  const node = { path: join(root, "node_modules", "node", "bin", "node"), version: nodeVersion };
  const tags = new Map<ImageName, string>();
  for (const name of imageNames) {
    const recipe = imageRecipes[name];
    const hash = recipeHash(recipe, nodeVersion);
    const tag = known.get(`${recipe.label}-${hash}`) ?? (await buildImage(recipe, hash, node, cache, docker, why, log));
    tags.set(name, tag);
  }
  const tag = (name: ImageName): string => {
    const found = tags.get(name);
    if (found === undefined) throw new Error(`No base image was made for ${name}.`);
    return found;
  };
  log(line("images", "built", `${[...tags.values()].join(" ")} (${why})`));
  return {
    node: tag("node"),
    gateway: tag("gateway"),
    prometheus: tag("prometheus"),
    alertmanager: tag("alertmanager"),
    registry: tag("registry"),
  };
}

/** Whether every base image of this checkout's recipes is in the engine. */
export async function hasImages(root: string, docker: DockerEngine): Promise<boolean> {
  const known = await taggedBases(docker);
  const nodeVersion = packageVersion(root, "node");
  return Object.values(imageRecipes).every((recipe) => known.has(`${recipe.label}-${recipeHash(recipe, nodeVersion)}`));
}

/** The base images that the engine has: their tags by `<label>-<recipe hash>`. */
export async function taggedBases(docker: DockerEngine): Promise<Map<string, string>> {
  return baseTags(await dockerClient(docker.host).listImages({ filters: { label: ["headgate.base"] } }));
}

/** Images built on a base inherit its labels, so only the tag that the labels spell out tells the base itself. */
export function baseTags(
  images: readonly {
    readonly Labels?: Readonly<Record<string, string>> | undefined;
    readonly RepoTags?: readonly string[] | undefined;
  }[],
): Map<string, string> {
  const found = new Map<string, string>();
  for (const { Labels, RepoTags } of images) {
    const [label, hash] = [Labels?.["headgate.base"], Labels?.["headgate.recipe"]];
    const tag = RepoTags?.find((name) => name.startsWith(`headgate/${label}:`) && name.endsWith(`-${hash}`));
    if (tag !== undefined) found.set(`${label}-${hash}`, tag);
  }
  return found;
}

async function buildImage(
  recipe: ImageRecipe,
  hash: string,
  node: { path: string; version: string },
  cache: CacheLayout,
  docker: DockerEngine,
  why: string,
  log: Log,
): Promise<string> {
  return await withLock(join(cache.locks, `image-${recipe.label}.lock`), async () => {
    const made = (await taggedBases(docker)).get(`${recipe.label}-${hash}`);
    if (made !== undefined) return made;
    if (!isDebian()) {
      throw new ToolchainError(
        `Official images cannot be pulled (${why}), and base images are built out of Debian packages only.`,
        "Give the machine an image registry, or run on Debian.",
      );
    }
    const dir = join(cache.root, "rootfs", `${recipe.label}-${hash}`);
    const entry = await cacheEntry(dir, join(cache.locks, `rootfs-${recipe.label}.lock`), (part) =>
      makeRootfs(recipe, node, part),
    );
    const version = (await readFile(join(dir, "version"), "utf8")).trim();
    const tag = `headgate/${recipe.label}:${version}-${hash}`;
    await buildFrom(dir, dockerfile(recipe, { "headgate.base": recipe.label, "headgate.recipe": hash }), tag, docker);
    log(line("image", version, `${tag} ${entry.state === "cached" ? "made again from the cache" : "built"}`));
    return tag;
  });
}

async function buildFrom(dir: string, file: string, tag: string, docker: DockerEngine): Promise<void> {
  const archive = join(dir, "rootfs.tar");
  const context = pack();
  context.entry({ name: "Dockerfile" }, file);
  const body = context.entry({ name: "rootfs.tar", size: (await stat(archive)).size });
  const sent = pipeline(createReadStream(archive), body).then(() => context.finalize());
  const stream = new PassThrough();
  const client = dockerClient(docker.host);
  const [output] = await Promise.all([
    client.buildImage(stream, { t: tag, forcerm: true, version: "1" }),
    pipeline(context, stream),
    sent,
  ]);
  await new Promise<void>((resolve, reject) => {
    client.modem.followProgress(output, (error: Error | null, events: { error?: string }[]) => {
      const failure = error?.message ?? events.find((event) => event.error !== undefined)?.error;
      if (failure === undefined) resolve();
      else reject(new Error(`Building ${tag} failed: ${failure}`));
    });
  });
}

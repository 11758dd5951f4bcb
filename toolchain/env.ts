import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type DockerEngine, type DockerPurpose, useDocker } from "./docker";
import { type Engine, ensureEngine } from "./engine";
import type { Images } from "./image-recipes";
import { ensureImages } from "./images";
import { type CacheLayout, cacheLayout, checkout } from "./paths";
import { ensurePlugins, type ProviderPlugin } from "./plugins";
import type { Log } from "./report";
import { ensureServers } from "./servers";

export interface Wanted {
  /** The Pulumi CLI and its Node.js language host. */
  readonly engine?: boolean;
  /** Provider plugins for docker and kubernetes in the PULUMI_HOME of this checkout; bring the engine with them. */
  readonly plugins?: boolean;
  readonly docker?: boolean;
  /** Base images; brings Docker with it. */
  readonly images?: boolean;
  /** Programs that tests start: HAProxy, Prometheus, openssl, shellcheck. */
  readonly servers?: boolean;
  /** Whether a daemon that had to be started stays ("dev", the default) or ends with its last user ("test"). */
  readonly purpose?: DockerPurpose;
  /** Receives one line per decision; printed to standard output by default. */
  readonly log?: Log;
}

export interface Toolchain {
  readonly checkout: string;
  readonly cache: CacheLayout;
  readonly engine?: Engine;
  readonly plugins?: readonly ProviderPlugin[];
  readonly docker?: DockerEngine;
  /** Base images for `headgate:images`; absent where official images can be pulled. */
  readonly images?: Images;
  /** What to add to the environment of programs that use these tools. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the use of Docker; the last one out stops a daemon that was started for tests. */
  release(): Promise<void>;
}

/** Finds or makes the pieces that are asked for; a piece that is there already costs milliseconds. */
export async function ensureToolchain(wanted: Wanted): Promise<Toolchain> {
  const log: Log = wanted.log ?? ((text) => console.log(text));
  const cache = cacheLayout(checkout);
  await mkdir(cache.root, { recursive: true, mode: 0o700 });
  const use = wanted.docker || wanted.images ? await useDocker(wanted.purpose ?? "dev", cache, log) : undefined;
  try {
    const [{ engine, plugins }, [images, servers]] = await settleAll([
      (async (): Promise<{ engine?: Engine; plugins?: ProviderPlugin[] }> => {
        if (!wanted.engine && !wanted.plugins) return {};
        const engine = await ensureEngine(checkout, cache, log);
        if (!wanted.plugins) return { engine };
        return { engine, plugins: await ensurePlugins(checkout, cache, engine, log) };
      })(),
      (async () =>
        [
          use && wanted.images ? await ensureImages(checkout, cache, use.docker, log) : undefined,
          wanted.servers ? await ensureServers(cache, log) : [],
        ] as const)(),
    ]);
    return {
      checkout,
      cache,
      ...(engine && { engine }),
      ...(plugins && { plugins }),
      ...(use && { docker: use.docker }),
      ...(images && { images }),
      env: {
        ...toolEnv(checkout, cache, [...(engine ? [engine.bin] : []), ...servers], use?.docker.host, process.env),
        ...(engine && (await backendEnv(cache, process.env))),
      },
      release: async () => await use?.release(),
    };
  } catch (error) {
    await use?.release();
    throw error;
  }
}

/** Like Promise.all, but nothing is still at work when it fails. */
async function settleAll<A, B>(work: readonly [Promise<A>, Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled(work);
  return await Promise.all(work);
}

export function toolEnv(
  root: string,
  cache: CacheLayout,
  folders: readonly string[],
  dockerHost: string | undefined,
  env: NodeJS.ProcessEnv,
): Record<string, string> {
  const path = [join(root, "node_modules", ".bin"), ...folders, env["PATH"] ?? ""];
  return {
    PATH: path.join(delimiter),
    PULUMI_HOME: cache.pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    DOCKER_BUILDKIT: env["DOCKER_BUILDKIT"] ?? "0",
    ...(dockerHost !== undefined && { DOCKER_HOST: dockerHost }),
  };
}

/**
 * Where the dev stack keeps its state: the user's own backend if there is one, else a folder in the cache. Its
 * passphrase is made once and never leaves its file.
 */
export async function backendEnv(cache: CacheLayout, env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const home = env["PULUMI_HOME"] || join(env["HOME"] || homedir(), ".pulumi");
  const found: Record<string, string> = {};
  if (env["PULUMI_BACKEND_URL"] === undefined) {
    if (isLoggedIn(env["PULUMI_CREDENTIALS_PATH"] || home)) {
      found["PULUMI_CREDENTIALS_PATH"] = env["PULUMI_CREDENTIALS_PATH"] || home;
    } else {
      const backend = join(cache.state, "backend");
      await mkdir(backend, { recursive: true, mode: 0o700 });
      found["PULUMI_BACKEND_URL"] = pathToFileURL(backend).href;
    }
  }
  if (env["PULUMI_CONFIG_PASSPHRASE"] === undefined && env["PULUMI_CONFIG_PASSPHRASE_FILE"] === undefined) {
    found["PULUMI_CONFIG_PASSPHRASE_FILE"] = await passphraseFile(cache.state);
  }
  return found;
}

/** Whether `pulumi login` has chosen a backend. */
export function isLoggedIn(folder: string): boolean {
  const file = join(folder, "credentials.json");
  if (!existsSync(file)) return false;
  const value: unknown = JSON.parse(readFileSync(file, "utf8"));
  return typeof value === "object" && value !== null && "current" in value && Boolean(value.current);
}

async function passphraseFile(state: string): Promise<string> {
  const file = join(state, "passphrase");
  if (existsSync(file)) return file;
  await mkdir(state, { recursive: true, mode: 0o700 });
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
  // Whoever links first wins; a second run that meets this one reads the same passphrase.
  await link(own, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(own);
  return file;
}

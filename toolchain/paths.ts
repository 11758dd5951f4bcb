import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";

/** The folder that holds package.json. */
export const checkout = resolve(__dirname, "..");

/** The first twelve hexadecimal digits of a SHA-256 over all parts. */
export function shortHash(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest("hex").slice(0, 12);
}

/** Distinguishes checkouts that share one cache, readable in a listing. */
export const checkoutKey = (root: string): string => `${basename(root)}-${shortHash(root)}`;

export interface CacheLayout {
  readonly root: string;
  readonly locks: string;
  readonly decisions: string;
  readonly logs: string;
  /** PULUMI_HOME of this checkout. */
  readonly pulumiHome: string;
  /** State and passphrase of this checkout's dev stack; survives `make clean-cache`. */
  readonly state: string;
}

export function cacheLayout(root: string, env: NodeJS.ProcessEnv = process.env): CacheLayout {
  const cache = resolve(env["HEADGATE_CACHE"] || join(env["HOME"] || homedir(), ".cache", "headgate"));
  return {
    root: cache,
    locks: join(cache, "locks"),
    decisions: join(cache, "decisions"),
    logs: join(cache, "logs"),
    pulumiHome: join(cache, "homes", checkoutKey(root)),
    state: join(cache, "state", checkoutKey(root)),
  };
}

/** The version of an installed npm package. */
export function packageVersion(root: string, name: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) return String(manifest.version);
  throw new Error(`node_modules/${name}/package.json has no version. Run make again after removing node_modules.`);
}

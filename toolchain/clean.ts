import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { dockerClient, findDocker } from "./docker";
import { taggedBases } from "./images";
import type { CacheLayout } from "./paths";
import type { Log } from "./report";

/** Empties the cache and removes the base images. State and passphrases of dev stacks stay: a stack may be up. */
export async function clean(cache: CacheLayout, log: Log): Promise<void> {
  const root = cache.root;
  for (const name of (await readdir(root).catch(() => [])).filter((name) => name !== "state")) {
    await rm(join(root, name), { recursive: true, force: true });
    log(`removed    ${join(root, name)}`);
  }
  const docker = await findDocker();
  if (docker === undefined) return;
  const client = dockerClient(docker.host);
  for (const tag of (await taggedBases(docker)).values()) {
    const outcome = await client
      .getImage(tag)
      .remove()
      .then(
        () => "removed   ",
        (error: Error) => `kept       (${error.message.trim()})`,
      );
    log(`${outcome} ${tag}`);
  }
}

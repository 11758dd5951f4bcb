import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { dockerClient, findDocker } from "./docker";
import { isRoot } from "./exec";
import { taggedBases } from "./images";
import { livingClusters, sweepClusters } from "./kubernetes/registry";
import type { CacheLayout } from "./paths";
import type { Log } from "./report";

/**
 * Empties the cache and removes the base images. State and passphrases of dev stacks stay: a stack may be up. So do
 * clusters that run, with what they run on.
 */
export async function clean(cache: CacheLayout, log: Log): Promise<void> {
  const root = cache.root;
  const kept = ["state"];
  if (isRoot() && (await readdir(join(root, "clusters")).catch(() => [])).length > 0) await sweepClusters(cache);
  for (const { files } of await livingClusters(cache)) {
    log(`kept       ${files.dir} (the cluster runs; make cluster-down)`);
    kept.push("clusters", "kubernetes", "logs");
  }
  for (const name of (await readdir(root).catch(() => [])).filter((name) => !kept.includes(name))) {
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

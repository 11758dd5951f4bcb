import { existsSync } from "node:fs";
import { join } from "node:path";
import { ToolchainError } from "../errors";
import { type CacheLayout, checkout } from "../paths";
import { type Log, line } from "../report";
import { imageReference, recipeEntry } from "./build";
import { describeUsers, type FoundPlatform, foundPlatform, wayIn } from "./describe";
import { type Cluster, devCluster, ensureCluster, stopDevCluster } from "./ensure";
import { clusterIdentity } from "./layout";
import { deliverPlatform, PLATFORM_IMAGES } from "./platform";
import { kubernetesRecipe } from "./recipes";
import { livingClusters, sweepClusters } from "./registry";
import { pieceState, surveyPlatform } from "./survey";
import { kubeconfigPath } from "./user-cluster";

/** `run.ts cluster up|load|down|status`; gives the exit code, `undefined` for what is no such command. */
export async function clusterCommand(args: readonly string[], cache: CacheLayout): Promise<number | undefined> {
  const [verb, ...rest] = args;
  const options = rest.filter((arg) => arg.startsWith("-"));
  const allowed: Record<string, readonly string[]> = { up: ["--json", "--bare"], status: ["--json"] };
  if (options.some((option) => !allowed[verb ?? ""]?.includes(option))) return undefined;
  const json = options.includes("--json");
  if (verb === "up") return await up(cache, json, options.includes("--bare"));
  if (verb === "load" && rest[0] !== undefined) return await load(rest, cache);
  if (verb === "down") return await down(cache);
  if (verb === "status") return await status(cache, json);
  return undefined;
}

async function up(cache: CacheLayout, json: boolean, bare: boolean): Promise<number> {
  const log: Log = json ? (text) => console.error(text) : (text) => console.log(text);
  const images = bare ? (["argo", "traefik"] as const) : PLATFORM_IMAGES;
  const mayUseUsers = !namesOwnCluster(kubeconfigPath(process.env), cache, (await devCluster(cache))?.files.kubeconfig);
  const cluster = await ensureCluster({ purpose: "dev", log, cache, images, mayUseUsers });
  const own = cluster.source === "started" ? await devCluster(cache) : undefined;
  if (own === undefined) return await upUsers(cluster, log, json);

  const platform = bare ? undefined : foundPlatform(await deliverPlatform(own, cache, log), own.identity.nodeAddress);
  const { kubeconfig, source, nodeAddress, hostAddress } = cluster;
  const kubectl = join(recipeEntry(checkout, cache, kubernetesRecipe).dir, "bin", "kubectl");
  const loaded = Object.fromEntries(images.map((name) => [name, imageReference(checkout, cache, name)]));
  const { versions, ...addresses } = platform ?? {};
  if (json) {
    const all = { kubernetes: own.record.version, ...versions };
    const said = { kubeconfig, source, nodeAddress, hostAddress, kubectl, images: loaded, ...addresses, versions: all };
    console.log(JSON.stringify(said, null, 2));
    return 0;
  }
  console.log(`\n  export KUBECONFIG=${kubeconfig}\n  ${kubectl} get nodes\n`);
  console.log(`  NodePorts answer at ${nodeAddress}.`);
  if (platform !== undefined) console.log(wayIn(platform, kubectl));
  console.log("  Images are loaded and never pulled: tsx toolchain/run.ts cluster load IMAGE brings one from Docker.");
  if (bare) console.log(`  There already: ${Object.values(loaded).join(" ")}`);
  console.log("  make cluster-down removes the cluster.");
  return 0;
}

/**
 * Whether a KUBECONFIG is what an earlier `make cluster` of this checkout said to set, its cluster running or gone.
 * Folders of clusters that are gone belong to nobody.
 */
export function namesOwnCluster(kubeconfig: string | undefined, cache: CacheLayout, own: string | undefined): boolean {
  if (kubeconfig === undefined) return false;
  if (kubeconfig === own) return true;
  return kubeconfig.startsWith(join(cache.root, "clusters", "/")) && !existsSync(kubeconfig);
}

/** Looks at a user's own cluster and changes nothing. */
async function upUsers(cluster: Cluster, log: Log, json: boolean): Promise<number> {
  const { kubeconfig, source, nodeAddress } = cluster;
  const survey = await surveyPlatform(kubeconfig).catch((error: Error) => {
    log(line("platform", "", `what is there cannot be seen (${error.message.split("\n")[0]})`));
    return undefined;
  });
  const found: FoundPlatform | undefined = survey && foundPlatform(survey, nodeAddress);
  if (json) {
    console.log(JSON.stringify({ kubeconfig, source, nodeAddress, ...found }, null, 2));
    return 0;
  }
  for (const piece of survey?.pieces ?? []) {
    log(line(piece.name, piece.version, `${pieceState(piece)}, in the namespace ${piece.namespace}`));
  }
  console.log(describeUsers(cluster, found));
  return 0;
}

async function load(images: readonly string[], cache: CacheLayout): Promise<number> {
  const own = await devCluster(cache);
  if (own === undefined) throw new ToolchainError("No cluster of this checkout runs.", "Run make cluster.");
  const cluster = await ensureCluster({ purpose: "dev", images: [], log: () => {}, cache, mayUseUsers: false });
  for (const image of images) {
    const name = await cluster.load(image);
    console.log(line("image", "", `${image} is in the cluster; services take it as ${name}`));
  }
  return 0;
}

async function down(cache: CacheLayout): Promise<number> {
  const stopped = await stopDevCluster(cache);
  const swept = await sweepClusters(cache);
  console.log(line("cluster", "", stopped ? "removed, with all that was in it" : "none of this checkout runs"));
  if (swept.length > 0) console.log(line("cluster", "", `removed what ${swept.length} dead ones left`));
  return 0;
}

async function status(cache: CacheLayout, json: boolean): Promise<number> {
  const clusters = (await livingClusters(cache)).map(({ files, record }) => ({
    node: clusterIdentity(record.number).node,
    nodeAddress: clusterIdentity(record.number).nodeAddress,
    version: record.version,
    purpose: record.purpose,
    checkout: record.checkout,
    ready: record.ready,
    kubeconfig: files.kubeconfig,
  }));
  if (json) {
    console.log(JSON.stringify({ clusters }, null, 2));
    return 0;
  }
  if (clusters.length === 0) console.log(line("cluster", "", "none runs"));
  for (const { node, nodeAddress, version, purpose, checkout, ready, kubeconfig } of clusters) {
    const whose = purpose === "dev" ? `of ${checkout}` : `for tests of ${checkout}`;
    console.log(line("cluster", version, `${node} at ${nodeAddress}, ${whose}${ready ? "" : ", starting"}`));
    console.log(`${"".padEnd(24)}${kubeconfig}`);
  }
  return 0;
}

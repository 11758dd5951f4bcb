import { join } from "node:path";
import { ToolchainError } from "../errors";
import { type CacheLayout, checkout } from "../paths";
import { type Log, line } from "../report";
import { imageReference, recipeEntry } from "./build";
import { devCluster, ensureCluster, stopDevCluster } from "./ensure";
import { clusterIdentity } from "./layout";
import { kubernetesRecipe } from "./recipes";
import { livingClusters, sweepClusters } from "./registry";

/** `run.ts cluster up|load|down|status`; gives the exit code. */
export async function clusterCommand(args: readonly string[], cache: CacheLayout): Promise<number | undefined> {
  const [verb, ...rest] = args;
  const json = rest.includes("--json");
  if (verb === "up") return await up(cache, json);
  if (verb === "load" && rest[0] !== undefined) return await load(rest, cache);
  if (verb === "down") return await down(cache);
  if (verb === "status") return await status(cache, json);
  return undefined;
}

async function up(cache: CacheLayout, json: boolean): Promise<number> {
  const log: Log = json ? (text) => console.error(text) : (text) => console.log(text);
  const { kubeconfig, source, nodeAddress, hostAddress } = await ensureCluster({ purpose: "dev", log, cache });
  const kubectl = join(recipeEntry(checkout, cache, kubernetesRecipe).dir, "bin", "kubectl");
  const images = {
    argo: imageReference(checkout, cache, "argo"),
    traefik: imageReference(checkout, cache, "traefik"),
  };
  const own = source === "started" && { hostAddress, kubectl, images };
  if (json) {
    console.log(JSON.stringify({ kubeconfig, source, nodeAddress, ...own }, null, 2));
    return 0;
  }
  console.log(`\n  export KUBECONFIG=${kubeconfig}\n  ${own ? kubectl : "kubectl"} get nodes\n`);
  console.log(`  NodePorts answer at ${nodeAddress}.`);
  if (!own) return 0;
  console.log("  Images are loaded and never pulled: tsx toolchain/run.ts cluster load IMAGE brings one from Docker.");
  console.log(`  There already: ${Object.values(images).join(" ")}`);
  console.log("  make cluster-down removes the cluster.");
  return 0;
}

async function load(images: readonly string[], cache: CacheLayout): Promise<number> {
  const own = await devCluster(cache);
  if (own === undefined) throw new ToolchainError("No cluster of this checkout runs.", "Run make cluster.");
  const cluster = await ensureCluster({ purpose: "dev", log: () => {}, cache, mayUseUsers: false });
  for (const image of images) {
    await cluster.load(image);
    console.log(line("image", "", `${image} is in the cluster`));
  }
  return 0;
}

async function down(cache: CacheLayout): Promise<number> {
  const stopped = await stopDevCluster(cache);
  const swept = await sweepClusters(cache);
  console.log(line("cluster", "", stopped ? "removed" : "none of this checkout runs"));
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

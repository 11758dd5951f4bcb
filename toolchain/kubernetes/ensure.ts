import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { dockerClient } from "../docker";
import { ToolchainError } from "../errors";
import { withLock } from "../lock";
import { type CacheLayout, cacheLayout, checkout, checkoutKey } from "../paths";
import { type Log, line } from "../report";
import { ensureClusterImage, ensurePrograms, imageReference } from "./build";
import { type RunningCluster, startCluster } from "./cluster";
import { digestOf, nameByDigest } from "./digest";
import { clusterIdentity } from "./layout";
import { importImages } from "./processes";
import { type ClusterImageName, networkPoliciesRecipe } from "./recipes";
import { type ClusterPurpose, closePlace, livingClusters } from "./registry";
import { ensureSystem } from "./system";
import { findUserCluster, loadIntoUserCluster, type UserCluster } from "./user-cluster";

export interface Cluster {
  /** Path of a file that gives full rights. */
  readonly kubeconfig: string;
  /** "user" is the one that KUBECONFIG names; it is never stopped. */
  readonly source: "started" | "user";
  /** Where NodePorts answer. */
  readonly nodeAddress: string;
  /** This machine as pods see it, for servers that tests start beside the cluster; absent for a user's cluster. */
  readonly hostAddress?: string;
  /** Brings an image that the Docker Engine has into the cluster; gives its name there, by digest where it is started here. */
  load(image: string): Promise<string>;
  /** The same with an image archive. */
  loadArchive(file: string): Promise<void>;
  /** Ends the use. A cluster started for tests is removed. */
  release(): Promise<void>;
}

export interface ClusterWish {
  /** "test" (the default) starts one that ends with this process, "dev" one that stays, one for each checkout. */
  readonly purpose?: ClusterPurpose;
  /** Programs whose images a cluster of the purpose "dev" has in the end; Argo Rollouts and Traefik by default. */
  readonly images?: readonly ClusterImageName[];
  /** `DOCKER_HOST` of the engine that `load` reads from. */
  readonly dockerHost?: string;
  readonly log?: Log;
  /** Whether KUBECONFIG is looked at (the default), or a cluster started in any case. */
  readonly mayUseUsers?: boolean;
  readonly cache?: CacheLayout;
}

/** The cluster that KUBECONFIG names, or one that is built and started here. */
export async function ensureCluster(wish: ClusterWish = {}): Promise<Cluster> {
  const log: Log = wish.log ?? ((text) => console.log(text));
  const cache = wish.cache ?? cacheLayout(checkout);
  const purpose = wish.purpose ?? "test";
  const user = wish.mayUseUsers === false ? undefined : await findUserCluster();
  if (user !== undefined) {
    log(line("cluster", user.version, `the one of KUBECONFIG is used: context ${user.context}, ${user.server}`));
    return await userHandle(user, cache, wish.dockerHost);
  }
  if (purpose === "test") return startedHandle(await buildAndStart(cache, purpose, log), wish.dockerHost);
  const own = join(cache.locks, `cluster-${checkoutKey(checkout)}.lock`);
  return await withLock(own, async () => {
    const running = await findOrStartDev(cache, log);
    for (const name of wish.images ?? ["argo", "traefik"]) {
      if ((await digestOf(running.record.pid, imageReference(checkout, cache, name))) !== undefined) continue;
      const { archive } = await ensureClusterImage(checkout, cache, name, log);
      await importImages(running.record.pid, createReadStream(archive));
    }
    return startedHandle(running, wish.dockerHost);
  });
}

async function findOrStartDev(cache: CacheLayout, log: Log): Promise<RunningCluster> {
  const known = await devCluster(cache);
  if (known === undefined) {
    // One that is not ready was left by a start that was killed.
    await stopDevCluster(cache);
    return await buildAndStart(cache, "dev", log);
  }
  log(line("cluster", known.record.version, `${known.identity.node} at ${known.identity.nodeAddress} runs already`));
  return known;
}

async function buildAndStart(cache: CacheLayout, purpose: ClusterPurpose, log: Log): Promise<RunningCluster> {
  const system = await ensureSystem(cache, log);
  const programs = await ensurePrograms(checkout, cache, log);
  const networkPolicies = await ensurePrograms(checkout, cache, log, networkPoliciesRecipe);
  const pause = await ensureClusterImage(checkout, cache, "pause", log);
  const coredns = await ensureClusterImage(checkout, cache, "coredns", log);
  const began = Date.now();
  const running = await startCluster(
    cache,
    { system, programs, networkPolicies, pause, coredns },
    { purpose, checkout },
  );
  const { node, nodeAddress } = running.identity;
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  log(line("cluster", programs.version, `${node} at ${nodeAddress} is Ready after ${seconds} s`));
  return running;
}

/** This checkout's cluster that `make cluster` started. */
export async function devCluster(cache: CacheLayout): Promise<RunningCluster | undefined> {
  const own = (await livingClusters(cache)).find(
    ({ record }) => record.purpose === "dev" && record.checkout === checkout && record.ready,
  );
  return own && { ...own, identity: clusterIdentity(own.record.number) };
}

/** Stops this checkout's cluster that `make cluster` started; says whether there was one. */
export async function stopDevCluster(cache: CacheLayout): Promise<boolean> {
  const own = (await livingClusters(cache)).filter(
    ({ record }) => record.purpose === "dev" && record.checkout === checkout,
  );
  for (const { files, record } of own) await closePlace(files, record);
  return own.length > 0;
}

function startedHandle({ identity, files, record }: RunningCluster, dockerHost: string | undefined): Cluster {
  return {
    kubeconfig: files.kubeconfig,
    source: "started",
    nodeAddress: identity.nodeAddress,
    hostAddress: identity.hostAddress,
    load: async (image) => {
      await importImages(record.pid, await dockerImage(image, dockerHost));
      return await nameByDigest(record.pid, image);
    },
    loadArchive: async (file) => await importImages(record.pid, createReadStream(file)),
    release: async () => {
      if (record.purpose === "test") await closePlace(files, record);
    },
  };
}

/** A KUBECONFIG may name a cluster that `make cluster` started; images reach that one without another tool. */
async function userHandle(user: UserCluster, cache: CacheLayout, dockerHost: string | undefined): Promise<Cluster> {
  const own = (await livingClusters(cache)).find(({ files }) => files.kubeconfig === user.kubeconfig);
  if (own !== undefined) {
    const running = { ...own, identity: clusterIdentity(own.record.number) };
    return { ...startedHandle(running, dockerHost), source: "user", release: async () => {} };
  }
  return {
    kubeconfig: user.kubeconfig,
    source: "user",
    nodeAddress: user.nodeAddress,
    load: async (image) => {
      await loadIntoUserCluster(user, { image });
      return image;
    },
    loadArchive: async (archive) => await loadIntoUserCluster(user, { archive }),
    release: async () => {},
  };
}

async function dockerImage(image: string, host: string | undefined): Promise<Readable> {
  const found = dockerClient(host).getImage(image);
  await found.inspect().catch((error: Error) => {
    throw new ToolchainError(`The Docker Engine has no image ${image} (${error.message.trim()}).`, "Build or pull it.");
  });
  return (await found.get()) as Readable;
}

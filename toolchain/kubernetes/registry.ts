import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { daemonState, startTime } from "../docker";
import { ToolchainError } from "../errors";
import { withLock } from "../lock";
import type { CacheLayout } from "../paths";
import { controlGroupNumbers, makeControlGroup, removeControlGroup } from "./control-groups";
import {
  type ClusterFiles,
  type ClusterIdentity,
  CONTROL_GROUP_PREFIX,
  clusterFiles,
  clusterIdentity,
  LINK_PREFIX,
  MAX_CLUSTERS,
} from "./layout";
import { connect, disconnect, startInit } from "./namespaces";

/** "dev" stays until it is stopped and belongs to a checkout; "test" ends with the process that started it. */
export type ClusterPurpose = "dev" | "test";

/** What is written down about a cluster, in its folder. */
export interface ClusterRecord {
  readonly number: number;
  /** Process 1 of the cluster, as this machine numbers it, and when it started. */
  readonly pid: number;
  readonly started: string;
  readonly purpose: ClusterPurpose;
  readonly checkout: string;
  readonly version: string;
  /** Whether its node has been Ready. */
  readonly ready: boolean;
}

/** Numbers, links and control groups belong to the machine and not to one cache. */
const turnLock = join(daemonState, "clusters.lock");
const folder = (cache: CacheLayout): string => join(cache.root, "clusters");

export const filesOf = (cache: CacheLayout, number: number): ClusterFiles =>
  clusterFiles(join(folder(cache), String(number)), join(cache.logs, `cluster-${number}`));

/** The lowest number without a link; a link is there exactly as long as a cluster's namespaces are. */
export function freeNumber(interfaces: readonly string[], addresses: readonly string[]): number {
  for (let number = 0; number < MAX_CLUSTERS; number++) {
    const { link, hostAddress } = clusterIdentity(number);
    const range = hostAddress.slice(0, hostAddress.lastIndexOf(".") + 1);
    if (!interfaces.includes(link) && !addresses.some((address) => address.startsWith(range))) return number;
  }
  throw new ToolchainError(
    `${MAX_CLUSTERS} clusters run on this machine already.`,
    "Stop some of them: make cluster-down.",
  );
}

const linkNames = async (): Promise<string[]> => await readdir("/sys/class/net");

/** Makes the place a cluster runs in: number, folder, namespaces, link, control group. What died before is removed. */
export async function openPlace(
  cache: CacheLayout,
  owner: Pick<ClusterRecord, "purpose" | "checkout" | "version">,
): Promise<{ readonly identity: ClusterIdentity; readonly files: ClusterFiles; readonly record: ClusterRecord }> {
  return await withLock(turnLock, async () => {
    await sweep(cache);
    const addresses = Object.values(networkInterfaces()).flatMap((found) =>
      (found ?? []).map(({ address }) => address),
    );
    const identity = clusterIdentity(freeNumber(await linkNames(), addresses));
    const files = filesOf(cache, identity.number);
    for (const dir of [files.dir, files.logs]) await rm(dir, { recursive: true, force: true });
    await mkdir(files.dir, { recursive: true, mode: 0o700 });
    await mkdir(files.logs, { recursive: true });
    for (const dir of [files.certificates, files.varLib, files.varLog, files.networks]) await mkdir(dir);
    const pid = await startInit(cache.root, files, owner.purpose === "test" ? "stdin" : "forever");
    const record = { ...owner, number: identity.number, pid, started: startTime(pid) ?? "", ready: false };
    await writeRecord(files, record);
    try {
      await connect(identity, pid);
      await makeControlGroup(identity.controlGroup);
    } catch (error) {
      await remove(files, record);
      throw error;
    }
    return { identity, files, record };
  });
}

export async function writeRecord(files: ClusterFiles, record: ClusterRecord): Promise<void> {
  await writeFile(`${files.record}.new`, JSON.stringify(record, null, 2));
  await rename(`${files.record}.new`, files.record);
}

/** Ends all of a cluster's processes and removes what it had on this machine; the logs, too, unless told not to. */
export async function closePlace(
  files: ClusterFiles,
  record: ClusterRecord,
  options: { readonly keepLogs?: boolean } = {},
): Promise<void> {
  await withLock(turnLock, async () => {
    await remove(files, record);
    if (!options.keepLogs) await rm(files.logs, { recursive: true, force: true });
  });
}

async function remove(files: ClusterFiles, record: ClusterRecord): Promise<void> {
  const identity = clusterIdentity(record.number);
  if (isAlive(record)) process.kill(record.pid, "SIGKILL");
  // The kernel lets process 1 of a namespace go after all others.
  for (const deadline = Date.now() + 30_000; isAlive(record); await new Promise((done) => setTimeout(done, 20))) {
    if (Date.now() > deadline) {
      throw new ToolchainError(`Process ${record.pid} of ${identity.node} does not end.`, "Look at it with ps.");
    }
  }
  await disconnect(identity);
  await removeControlGroup(identity.controlGroup);
  await rm(files.dir, { recursive: true, force: true });
}

/** Removes what clusters without a process left: their folders in this cache, and control groups without a link. */
async function sweep(cache: CacheLayout): Promise<number[]> {
  const swept: number[] = [];
  for (const { files, record } of await readRecords(cache)) {
    if (record !== undefined && isAlive(record)) continue;
    for (const dir of [files.dir, files.logs]) await rm(dir, { recursive: true, force: true });
    if (record !== undefined) swept.push(record.number);
  }
  const links = await linkNames();
  for (const number of await controlGroupNumbers()) {
    if (!links.includes(`${LINK_PREFIX}${number}`)) await removeControlGroup(`${CONTROL_GROUP_PREFIX}/${number}`);
  }
  return swept;
}

/** Removes what dead clusters left and gives their numbers. */
export async function sweepClusters(cache: CacheLayout): Promise<number[]> {
  return await withLock(turnLock, () => sweep(cache));
}

export interface KnownCluster {
  readonly files: ClusterFiles;
  readonly record: ClusterRecord;
}

/** The clusters of this cache that live. */
export async function livingClusters(cache: CacheLayout): Promise<KnownCluster[]> {
  const found = await readRecords(cache);
  return found.flatMap(({ files, record }) => (record !== undefined && isAlive(record) ? [{ files, record }] : []));
}

async function readRecords(cache: CacheLayout) {
  const names = (await readdir(folder(cache)).catch(() => [])).filter((name) => /^\d+$/.test(name)).sort();
  return await Promise.all(
    names.map(async (name) => {
      const files = filesOf(cache, Number(name));
      return { files, record: parseRecord(await readFile(files.record, "utf8").catch(() => "")) };
    }),
  );
}

export function parseRecord(text: string): ClusterRecord | undefined {
  try {
    const value = JSON.parse(text) as Partial<ClusterRecord> | null;
    if (!Number.isInteger(value?.number) || !Number.isInteger(value?.pid) || !(Number(value?.pid) > 1))
      return undefined;
    if (typeof value?.started !== "string" || value.started === "") return undefined;
    if (value.purpose !== "dev" && value.purpose !== "test") return undefined;
    return value as ClusterRecord;
  } catch {
    return undefined;
  }
}

const isAlive = ({ pid, started }: ClusterRecord): boolean => startTime(pid) === started;

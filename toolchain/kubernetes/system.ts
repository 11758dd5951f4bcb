import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheEntry } from "../cache";
import { aptExtract, aptInstall, canInstall, isDebian } from "../debian";
import { ToolchainError } from "../errors";
import { isRoot, which } from "../exec";
import { type CacheLayout, shortHash } from "../paths";
import { type Log, line } from "../report";
import { ensureServers } from "../servers";

/** What the machine itself must have, with the Debian package that brings it. */
const PROGRAMS: Readonly<Record<string, string>> = {
  containerd: "containerd",
  ctr: "containerd",
  runc: "runc",
  iptables: "iptables",
  ip: "iproute2",
  unshare: "util-linux",
  nsenter: "util-linux",
};

const NETWORK_PLUGINS = ["bridge", "host-local", "loopback", "portmap"];
const networkPluginsPackage = "containernetworking-plugins";

export interface SystemPrograms {
  readonly openssl: string;
  /** The folder of the CNI plugins. */
  readonly networkPlugins: string;
}

export const missingPrograms = (): string[] => Object.keys(PROGRAMS).filter((name) => which(name) === undefined);

/** Why no cluster can be started here; `undefined` where it can. */
export function whyNoCluster(): string | undefined {
  if (process.platform !== "linux") return `a cluster runs on Linux (this is ${process.platform})`;
  if (!isRoot()) return "a cluster is started by root only: it makes namespaces, network links and control groups";
  const missing = missingPrograms();
  if (missing.length > 0 && !canInstall()) return `${missing.join(", ")} are not on this machine`;
  return undefined;
}

export const noCluster = (why: string): ToolchainError =>
  new ToolchainError(
    `No Kubernetes cluster can be had: ${why}.`,
    "Set KUBECONFIG to a cluster of your own (kind, k3d), or run as root on Debian.",
  );

/** The machine's programs that a cluster needs, installed where they are missing and this can be done. */
export async function ensureSystem(cache: CacheLayout, log: Log): Promise<SystemPrograms> {
  const why = whyNoCluster();
  if (why !== undefined) throw noCluster(why);
  const missing = missingPrograms();
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((name) => PROGRAMS[name] ?? name))];
    log(line("containerd", "", `${missing.join(", ")} missing; installing Debian's ${packages.join(", ")}`));
    await aptInstall(packages);
    const still = missingPrograms();
    if (still.length > 0) throw noCluster(`Debian's packages brought no ${still.join(", ")}`);
  }
  return { openssl: await findOpenssl(cache, log), networkPlugins: await findNetworkPlugins(cache, log) };
}

async function findOpenssl(cache: CacheLayout, log: Log): Promise<string> {
  const found = which("openssl") ?? which("openssl", (await ensureServers(cache, log)).join(":"));
  if (found === undefined) throw noCluster("openssl is not on this machine");
  return found;
}

async function findNetworkPlugins(cache: CacheLayout, log: Log): Promise<string> {
  const found = ["/usr/lib/cni", "/opt/cni/bin"].find((dir) =>
    NETWORK_PLUGINS.every((name) => existsSync(join(dir, name))),
  );
  if (found !== undefined) return found;
  if (!isDebian()) throw noCluster("the CNI plugins are neither in /opt/cni/bin nor in /usr/lib/cni");
  const key = `network-plugins-${shortHash(networkPluginsPackage, process.arch)}`;
  const { dir, state } = await cacheEntry(
    join(cache.root, "kubernetes", key),
    join(cache.locks, `${key}.lock`),
    async (part) => {
      await aptExtract([networkPluginsPackage], join(part, "system"), join(part, "work"));
      await rename(join(part, "system", "usr", "lib", "cni"), join(part, "bin"));
      for (const rest of ["system", "work"]) await rm(join(part, rest), { recursive: true });
    },
  );
  log(line("cni", "", `plugins out of Debian's ${networkPluginsPackage} (${state})`));
  return join(dir, "bin");
}

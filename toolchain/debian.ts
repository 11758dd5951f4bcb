import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exec, isRoot, mustExec, which } from "./exec";

export const isDebian = (): boolean => existsSync("/etc/debian_version") && which("apt-get") !== undefined;

export const canInstall = (): boolean => isDebian() && isRoot();

const quiet = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };

/** Installs Debian packages on this machine; needs root. */
export async function aptInstall(packages: readonly string[]): Promise<void> {
  const args = ["-o", "DPkg::Lock::Timeout=300", "install", "-y", "--no-install-recommends", ...packages];
  if ((await exec("apt-get", args, { env: quiet })).code === 0) return;
  await mustExec("apt-get", ["-o", "DPkg::Lock::Timeout=300", "update"], { env: quiet });
  await mustExec("apt-get", args, { env: quiet });
}

/**
 * Downloads Debian packages with everything they depend on and unpacks them into `root`, without installing
 * anything: apt is shown an empty machine, so the set is complete whatever is installed here, and root is not needed.
 * Gives the version of each package.
 */
export async function aptExtract(
  packages: readonly string[],
  root: string,
  work: string,
): Promise<Map<string, string>> {
  const archives = join(work, "archives");
  const lists = join(work, "lists");
  await mkdir(join(archives, "partial"), { recursive: true });
  await mkdir(join(lists, "partial"), { recursive: true });
  await mkdir(root, { recursive: true });
  await writeFile(join(work, "status"), "");
  const empty = [
    ...["-o", `Dir::State::status=${join(work, "status")}`, "-o", `Dir::Cache::archives=${archives}`],
    ...["-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache="],
    ...["-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User="],
  ];
  const download = [...empty, "install", "--download-only", "--no-install-recommends", "-y", ...packages];
  if ((await exec("apt-get", download, { env: quiet })).code !== 0) {
    // The machine's package lists are absent or outdated: fetch current ones, for this download only.
    const own = ["-o", `Dir::State::lists=${lists}`];
    await mustExec("apt-get", [...own, ...empty, "update"], { env: quiet });
    await mustExec("apt-get", [...own, ...download], { env: quiet });
  }
  const versions = new Map<string, string>();
  for (const file of (await readdir(archives)).filter((name) => name.endsWith(".deb")).sort()) {
    await mustExec("dpkg-deb", ["--extract", join(archives, file), root]);
    const [name = "", version = ""] = file.split("_");
    versions.set(name, decodeURIComponent(version));
  }
  return versions;
}

/** `1:2.42.0+ds-5+deb12u1` is upstream's `2.42.0`. */
export const upstreamVersion = (version: string): string =>
  version
    .replace(/^\d+:/, "")
    .replace(/-[^-]*$/, "")
    .replace(/[^0-9.].*$/, "");

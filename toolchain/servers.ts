import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheEntry } from "./cache";
import { aptExtract, isDebian } from "./debian";
import { ToolchainError } from "./errors";
import { which } from "./exec";
import { type CacheLayout, shortHash } from "./paths";
import { type Log, line } from "./report";

/** Programs that tests start, by name, with the Debian package and the place there. */
const PROGRAMS: Readonly<Record<string, { readonly package: string; readonly path: string }>> = {
  haproxy: { package: "haproxy", path: "usr/sbin/haproxy" },
  prometheus: { package: "prometheus", path: "usr/bin/prometheus" },
  promtool: { package: "prometheus", path: "usr/bin/promtool" },
  openssl: { package: "openssl", path: "usr/bin/openssl" },
  // What generated pipelines find on the machines of GitHub and GitLab, and what judges their scripts.
  curl: { package: "curl", path: "usr/bin/curl" },
  jq: { package: "jq", path: "usr/bin/jq" },
  shellcheck: { package: "shellcheck", path: "usr/bin/shellcheck" },
  "ssh-add": { package: "openssh-client", path: "usr/bin/ssh-add" },
  "ssh-agent": { package: "openssh-client", path: "usr/bin/ssh-agent" },
  "ssh-keygen": { package: "openssh-client", path: "usr/bin/ssh-keygen" },
};

/**
 * The folders to put on PATH so that tests find their servers: none where this machine has them, else one with
 * Debian's, unpacked into the cache and not installed, so that nothing is started or left on the machine.
 */
export async function ensureServers(cache: CacheLayout, log: Log): Promise<string[]> {
  const missing = Object.keys(PROGRAMS).filter((name) => which(name) === undefined);
  if (missing.length === 0) {
    log(line("servers", "", `${Object.keys(PROGRAMS).join(", ")} are on this machine`));
    return [];
  }
  if (!isDebian()) {
    throw new ToolchainError(`${missing.join(", ")} are not on PATH.`, "Install them; the tests start them.");
  }
  const key = `servers-${shortHash(JSON.stringify(PROGRAMS), process.arch)}`;
  const { dir, state } = await cacheEntry(join(cache.root, key), join(cache.locks, `${key}.lock`), unpack);
  log(line("servers", "", `${missing.join(", ")} out of Debian packages (${state})`));
  return [join(dir, "bin")];
}

async function unpack(dir: string): Promise<void> {
  const packages = [...new Set(Object.values(PROGRAMS).map((program) => program.package))];
  const work = join(dir, "work");
  await aptExtract(packages, join(dir, "system"), work);
  await rm(work, { recursive: true, force: true });
  // Not read by the programs, and most of what there is to check each time.
  for (const path of ["usr/share", "var", "usr/lib/python3"]) {
    await rm(join(dir, "system", path), { recursive: true, force: true });
  }
  await mkdir(join(dir, "bin"));
  for (const [name, { path }] of Object.entries(PROGRAMS)) {
    const script = join(dir, "bin", name);
    await writeFile(script, launcher(path));
    await chmod(script, 0o755);
  }
}

/** Finds its own place, since the folder is renamed once it is whole. */
function launcher(path: string): string {
  const triplet = process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
  return `#!/bin/sh
system=$(dirname "$(dirname "$(readlink -f "$0")")")/system
export LD_LIBRARY_PATH="$system/usr/lib/${triplet}:$system/lib/${triplet}"
export OPENSSL_CONF="$system/etc/ssl/openssl.cnf"
exec "$system/${path}" "$@"
`;
}

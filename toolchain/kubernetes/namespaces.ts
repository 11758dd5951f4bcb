import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ToolchainError } from "../errors";
import { exec, mustExec } from "../exec";
import type { ClusterFiles, ClusterIdentity } from "./layout";

/** Settings of the whole machine that a kubelet changes at its start; it sees copies. */
const KERNEL_SETTINGS = [
  "kernel/keys/root_maxbytes",
  "kernel/keys/root_maxkeys",
  "kernel/panic",
  "kernel/panic_on_oops",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
];

/** Quotes a word for a shell. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * What process 1 of a cluster runs. The mounts are seen by the cluster only: places with fixed paths become folders
 * of the cluster's own. The cache stays where it is, even below one of those places, because the shell stands in it.
 * The end of `keepAlive` is the end of the cluster.
 */
export function initScript(cacheRoot: string, files: ClusterFiles, keepAlive: "stdin" | "forever"): string {
  const below = (path: string): string => quote(`.${path.slice(cacheRoot.length)}`);
  return `set -e
read -r pid rest </proc/self/stat
cd ${quote(cacheRoot)}
mount --make-rshared /
mount -t proc proc /proc
mount --no-canonicalize --bind ${below(files.varLib)} /var/lib
mount --no-canonicalize --bind ${below(files.varLog)} /var/log
mount -t tmpfs -o mode=0755 tmpfs /run
mkdir -p ${quote(cacheRoot)}
mount --no-canonicalize --bind . ${quote(cacheRoot)}
for setting in ${KERNEL_SETTINGS.join(" ")}; do
  copy=/run/setting-$(echo "$setting" | tr / -)
  cat "/proc/sys/$setting" >"$copy"
  mount --bind "$copy" "/proc/sys/$setting"
done
echo 1 >/proc/sys/net/ipv4/ip_forward
ip link set lo up
cd /
echo "$pid"
${keepAlive === "stdin" ? "cat >/dev/null" : "while :; do sleep 86400; done"}
`;
}

/**
 * Starts process 1 of a cluster in process, mount and network namespaces of its own, and gives its id on this machine.
 * All that ever runs in the namespaces ends with it, and mounts and links fall away with the namespaces. With
 * "stdin" that is when this process ends, however it does.
 */
export async function startInit(cacheRoot: string, files: ClusterFiles, keepAlive: "stdin" | "forever") {
  const logFile = join(files.logs, "init.log");
  const log = openSync(logFile, "w");
  const args = ["--mount", "--pid", "--net", "--fork", "--kill-child", "sh", "-c"];
  const child = spawn("unshare", [...args, initScript(cacheRoot, files, keepAlive)], {
    // Ctrl-C goes to the whole foreground group; whoever owns the cluster stops it in order.
    detached: true,
    cwd: "/",
    stdio: [keepAlive === "stdin" ? "pipe" : "ignore", "pipe", log],
  });
  closeSync(log);
  const answer = await new Promise<string>((resolve) => {
    child.stdout?.setEncoding("utf8").once("data", resolve);
    child.once("error", () => resolve(""));
    child.once("exit", () => resolve(""));
  });
  const pid = Number(answer.trim());
  if (!(pid > 1)) {
    const text = (await readFile(logFile, "utf8")).trim();
    throw new ToolchainError(
      `The namespaces of a cluster cannot be made: ${text || "unshare did not start"}.`,
      "Run on a machine (or in a privileged container) where root may mount, or set KUBECONFIG.",
    );
  }
  child.stdout?.destroy();
  child.unref();
  const stdin = child.stdin;
  if (stdin && "unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  return pid;
}

/** The arguments of `nsenter` that run a command inside a cluster. */
export const insideArguments = (pid: number): string[] => ["-t", String(pid), "-m", "-p", "-n", "--"];

/** Links the cluster's network namespace with this machine's. */
export async function connect(identity: ClusterIdentity, pid: number): Promise<void> {
  const { link, hostAddress, nodeAddress } = identity;
  await mustExec("ip", ["link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", String(pid)]);
  await mustExec("ip", ["address", "add", `${hostAddress}/24`, "dev", link]);
  await mustExec("ip", ["link", "set", link, "up"]);
  const inside = [
    ["address", "add", `${nodeAddress}/24`, "dev", "eth0"],
    ["link", "set", "eth0", "up"],
    ["route", "add", "default", "via", hostAddress],
  ];
  for (const args of inside) await mustExec("nsenter", [...insideArguments(pid), "ip", ...args]);
}

/** Removes a link; the kernel also does when it gets round to removing the namespace. */
export const disconnect = async (identity: ClusterIdentity): Promise<void> => {
  await exec("ip", ["link", "delete", identity.link]);
};

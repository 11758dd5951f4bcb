import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ToolchainError } from "../errors";
import { which } from "../exec";
import type { ComponentName } from "./arguments";
import { type ClusterFiles, CONTAINERD_NAMESPACE } from "./layout";
import { insideArguments } from "./namespaces";

/** The programs of one cluster: started inside its namespaces, they end with its process 1. */
export class Components {
  /** Why the first of them ended. */
  failure: Error | undefined;

  constructor(
    private readonly pid: number,
    private readonly bins: readonly string[],
    private readonly files: ClusterFiles,
  ) {}

  start(name: ComponentName, args: readonly string[]): void {
    const logFile = join(this.files.logs, `${name}.log`);
    const log = openSync(logFile, "w");
    const command = (name === "containerd" ? which(name) : which(name, this.bins.join(delimiter))) ?? name;
    const child = spawn("nsenter", [...insideArguments(this.pid), command, ...args], {
      detached: true,
      cwd: "/",
      // Nothing of the user's own: a proxy or a KUBECONFIG would change where requests go.
      env: { PATH: [...this.bins, "/usr/sbin", "/usr/bin", "/sbin", "/bin"].join(delimiter), HOME: "/root" },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    child.unref();
    const failed = (how: string) => {
      const tail = readFileSync(logFile, "utf8").trim().split("\n").slice(-5).join("\n");
      this.failure ??= new ToolchainError(`${name} ${how}:\n${tail}\n`, `The whole log is ${logFile}.`);
    };
    child.once("error", (error) => failed(`did not start (${error.message})`));
    child.once("exit", (code, signal) => failed(`ended (${signal ?? `code ${code}`})`));
  }
}

/** Gives an image archive to the cluster's containerd. */
export async function importImages(pid: number, archive: Readable): Promise<void> {
  const args = [...insideArguments(pid), "ctr", "--namespace", CONTAINERD_NAMESPACE, "images", "import", "-"];
  const child: ChildProcess = spawn("nsenter", args, { cwd: "/", stdio: ["pipe", "ignore", "pipe"] });
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`ctr images import failed (code ${code}): ${complaint.trim()}`)),
    );
  });
  if (child.stdin === null) throw new Error("ctr has no standard input.");
  // When ctr ends early, what it said tells more than the broken pipe.
  const [sent] = await Promise.allSettled([pipeline(archive, child.stdin), ended]);
  await ended;
  if (sent.status === "rejected") throw sent.reason;
}

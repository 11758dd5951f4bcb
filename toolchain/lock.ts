import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { ToolchainError } from "./errors";
import { which } from "./exec";

export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes an advisory lock between processes. It belongs to a child that lives until its standard input closes, so
 * the lock falls away with this process however it ends. Waits for the lock unless `wait` is false; then
 * `undefined` says that somebody else has it.
 */
export async function lock(
  file: string,
  kind: "exclusive" | "shared",
  options: { readonly wait?: boolean } = {},
): Promise<Lock | undefined> {
  const flock = which("flock");
  if (flock === undefined) {
    throw new ToolchainError(
      "The program flock is missing.",
      "Install it (Debian: util-linux; macOS: brew install flock).",
    );
  }
  mkdirSync(dirname(file), { recursive: true });
  const args = [kind === "shared" ? "-s" : "-x", ...(options.wait === false ? ["-n"] : [])];
  const child = spawn(flock, [...args, file, "sh", "-c", "echo held; exec cat >/dev/null"], {
    stdio: ["pipe", "pipe", "pipe"],
    // Ctrl-C goes to the whole foreground group; the lock must outlive the clean-up that follows it.
    detached: true,
  });
  const closed = new Promise<number>((resolve) => {
    child.on("close", (code) => resolve(code ?? -1));
    child.on("error", () => resolve(-1));
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const held = await Promise.race([
    new Promise<"held">((resolve) => child.stdout.once("data", () => resolve("held"))),
    closed,
  ]);
  if (held !== "held") {
    if (options.wait === false && held === 1) return undefined;
    throw new Error(`Cannot lock ${file}: ${complaint.trim() || `flock ended with code ${held}`}.`);
  }
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if ("unref" in stream && typeof stream.unref === "function") stream.unref();
  }
  return {
    release: async () => {
      child.ref();
      child.stdin.end();
      await closed;
    },
  };
}

/** Runs `work` while holding the lock alone. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const held = await lock(file, "exclusive");
  try {
    return await work();
  } finally {
    await held?.release();
  }
}

import { type SpawnOptions, spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

export interface ExecResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until the program is killed; no limit by default. */
  readonly timeout?: number;
}

/** Runs a program without a shell and collects its output. A program that cannot start, or is killed, gives code -1. */
export function exec(command: string, args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  const spawnOptions: SpawnOptions = { env: { ...process.env, ...options.env }, stdio: ["ignore", "pipe", "pipe"] };
  if (options.cwd !== undefined) spawnOptions.cwd = options.cwd;
  if (options.timeout !== undefined) spawnOptions.timeout = options.timeout;
  return new Promise((resolve) => {
    const child = spawn(command, [...args], spawnOptions);
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", (error) => resolve({ code: -1, stdout, stderr: `${stderr}${error.message}` }));
    child.on("close", (code, signal) =>
      resolve({ code: code ?? -1, stdout, stderr: signal ? `${stderr}killed by ${signal}` : stderr }),
    );
  });
}

/** Like `exec`, but a non-zero code is an error that shows the end of what the program printed. */
export async function mustExec(
  command: string,
  args: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const result = await exec(command, args, options);
  if (result.code === 0) return result;
  const tail = `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-15).join("\n");
  throw new Error(`${command} ${args.slice(0, 4).join(" ")} failed (code ${result.code}):\n${tail}`);
}

/** The absolute path of a program, looked up in PATH and then in the folders where daemons live. */
export function which(program: string, searchPath = process.env["PATH"] ?? ""): string | undefined {
  return [...searchPath.split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"]
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
      } catch {
        return false;
      }
    });
}

export const isRoot = (): boolean => process.getuid?.() === 0;

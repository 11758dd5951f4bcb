import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { aptInstall, canInstall } from "./debian";
import { ToolchainError } from "./errors";
import { exec, isRoot, which } from "./exec";
import { type Lock, lock, withLock } from "./lock";
import type { CacheLayout } from "./paths";
import { type Log, line } from "./report";

export interface DockerEngine {
  /** A DOCKER_HOST to set, or `undefined` when the default one answers. */
  readonly host: string | undefined;
  readonly version: string;
}

/** "dev" keeps a daemon that the toolchain started alive after the command; "test" does not. */
export type DockerPurpose = "dev" | "test";

/**
 * The daemon belongs to the machine and not to one cache, so what is known about it is kept beside its socket:
 * `users.lock` is held shared by every command that uses it, `owner.json` says that a toolchain started it.
 */
export const daemonState = "/run/headgate";
/** A process of its own weighs 1024. */
const CONTAINER_SHARES = 16 * 1024;
const ownerFile = join(daemonState, "owner.json");
const usersLock = join(daemonState, "users.lock");
const turnLock = join(daemonState, "turn.lock");

export interface Owner {
  readonly pid: number;
  /** Start time of the process, so that a reused id is not taken for the daemon. */
  readonly started: string;
  readonly keep: boolean;
}

export function dockerClient(host: string | undefined, timeout?: number): Docker {
  const options: Docker.DockerOptions = {};
  if (host?.startsWith("unix://")) options.socketPath = host.slice("unix://".length);
  if (timeout !== undefined) options.timeout = timeout;
  return new Docker(options);
}

/** The engine that answers: DOCKER_HOST if set and nothing else, or the default socket, the CLI's context, a rootless one. */
export async function findDocker(env: NodeJS.ProcessEnv = process.env): Promise<DockerEngine | undefined> {
  const first = await ping(undefined);
  if (first !== undefined) return { host: undefined, version: first };
  if (env["DOCKER_HOST"]) return undefined;
  for (const host of await otherSockets(env)) {
    const version = await ping(host);
    if (version !== undefined) return { host, version };
  }
  return undefined;
}

async function otherSockets(env: NodeJS.ProcessEnv): Promise<string[]> {
  const context = which("docker") && (await exec("docker", ["context", "inspect", "-f", "{{.Endpoints.docker.Host}}"]));
  const rootless = env["XDG_RUNTIME_DIR"] && join(env["XDG_RUNTIME_DIR"], "docker.sock");
  const hosts = [context ? context.stdout.trim() : "", rootless ? `unix://${rootless}` : ""];
  return hosts.filter((host) => host.startsWith("unix://") && existsSync(host.slice("unix://".length)));
}

async function ping(host: string | undefined): Promise<string | undefined> {
  return await dockerClient(host, 5_000)
    .version()
    .then(
      ({ Version }) => Version,
      () => undefined,
    );
}

export interface DockerUse {
  readonly docker: DockerEngine;
  /** Ends the use. The last one out stops a daemon that was started for tests. */
  release(): Promise<void>;
}

export async function useDocker(purpose: DockerPurpose, cache: CacheLayout, log: Log): Promise<DockerUse> {
  if (!isRoot() && !existsSync(usersLock)) {
    return { docker: found(await findDocker(), log), release: async () => {} };
  }
  if (!isRoot()) {
    // The daemon is root's to stop, but the lock tells root that it is in use.
    const users = await lock(usersLock, "shared");
    return { docker: found(await findDocker(), log), release: async () => await users?.release() };
  }
  return await withLock(turnLock, async () => {
    const users = await lock(usersLock, "shared");
    const docker = await findDocker();
    if (docker === undefined) {
      if (process.env["DOCKER_HOST"]) found(undefined, log);
      const version = await startDaemon(purpose === "dev", cache, log);
      return { docker: { host: undefined, version }, release: () => leave(users) };
    }
    const owner = await liveOwner();
    if (owner !== undefined && purpose === "dev") await writeOwner({ ...owner, keep: true });
    found(docker, log);
    return { docker, release: () => leave(users) };
  });
}

function found(docker: DockerEngine | undefined, log: Log): DockerEngine {
  if (docker === undefined) throw noDocker();
  log(
    line("docker", docker.version, `answers at ${docker.host ?? process.env["DOCKER_HOST"] ?? "the default socket"}`),
  );
  return docker;
}

export function noDocker(): ToolchainError {
  const host = process.env["DOCKER_HOST"];
  return host
    ? new ToolchainError(`No Docker Engine answers at DOCKER_HOST (${host}).`, "Start it, or unset DOCKER_HOST.")
    : new ToolchainError(
        "No Docker Engine answers, and it can be installed and started by root on Debian only.",
        "Start Docker, install it, or set DOCKER_HOST.",
      );
}

async function startDaemon(keep: boolean, cache: CacheLayout, log: Log): Promise<string> {
  if (which("dockerd") === undefined || which("iptables") === undefined) {
    if (!canInstall()) throw noDocker();
    log(line("docker", "", "none on this machine; installing Debian's docker.io"));
    await aptInstall(["docker.io", "iptables"]);
    // Where there is an init system, installing it has started it.
    const version = await ping(undefined);
    if (version !== undefined) {
      log(line("docker", version, "installed from Debian and started by the system"));
      return version;
    }
  }
  const command = which("dockerd");
  if (command === undefined) throw new ToolchainError("docker.io brought no dockerd.", "Install a Docker Engine.");
  await mkdir(cache.logs, { recursive: true });
  const logFile = join(cache.logs, "dockerd.log");
  const output = openSync(logFile, "w");
  const child = spawn(command, [], { detached: true, stdio: ["ignore", output, output], cwd: "/" });
  closeSync(output);
  child.unref();
  let ended = child.pid === undefined;
  child.on("error", () => {
    ended = true;
  });
  child.on("exit", () => {
    ended = true;
  });
  for (const deadline = Date.now() + 60_000; Date.now() < deadline && !ended; await pause(200)) {
    const version = await ping(undefined);
    if (version === undefined || child.pid === undefined) continue;
    await writeOwner({ pid: child.pid, started: startTime(child.pid) ?? "", keep });
    await weighContainers();
    log(line("docker", version, `started ${command} (log: ${logFile})`));
    return version;
  }
  if (!ended) child.kill();
  const tail = (await readFile(logFile, "utf8")).trim().split("\n").slice(-5).join("\n");
  throw new ToolchainError(`dockerd did not come up:\n${tail}\n`, `The whole log is ${logFile}.`);
}

/**
 * Gives the containers together the weight of several programs. With cgroup v1 they weigh as much as one login session,
 * so that tests beside them would starve the services they measure.
 */
async function weighContainers(): Promise<void> {
  const controller = "/sys/fs/cgroup/cpu";
  if (!existsSync(join(controller, "cpu.shares"))) return;
  await mkdir(join(controller, "docker"), { recursive: true });
  await writeFile(join(controller, "docker", "cpu.shares"), String(CONTAINER_SHARES));
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function leave(users: Lock | undefined): Promise<void> {
  await withLock(turnLock, async () => {
    await users?.release();
    const owner = await liveOwner();
    if (owner !== undefined && !owner.keep && !(await isUsed())) await stopDaemon(owner);
  });
}

/** Stops a daemon that a toolchain started, unless a command uses it or a container runs; says what it did. */
export async function stopDocker(options: { readonly startedForTestsOnly: boolean }): Promise<string> {
  if (!isRoot() || !existsSync(daemonState)) return "no daemon was started here";
  return await withLock(turnLock, async () => {
    const owner = await liveOwner();
    if (owner === undefined) return "no daemon was started here";
    if (options.startedForTestsOnly && owner.keep) return "left running: it was started by make dev";
    if (await isUsed()) return "left running: another command uses it";
    const running = options.startedForTestsOnly ? 0 : (await dockerClient(undefined).listContainers()).length;
    if (running > 0) return `left running: it has ${running} running containers`;
    await stopDaemon(owner);
    return "stopped";
  });
}

async function isUsed(): Promise<boolean> {
  const alone = await lock(usersLock, "exclusive", { wait: false });
  await alone?.release();
  return alone === undefined;
}

async function stopDaemon(owner: Owner): Promise<void> {
  process.kill(owner.pid, "SIGTERM");
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await pause(100)) {
    if (startTime(owner.pid) !== owner.started) return await rm(ownerFile, { force: true });
  }
  throw new ToolchainError(`dockerd (process ${owner.pid}) does not end.`, "Stop it by hand.");
}

async function liveOwner(): Promise<Owner | undefined> {
  const owner = parseOwner(await readFile(ownerFile, "utf8").catch(() => ""));
  return owner !== undefined && startTime(owner.pid) === owner.started ? owner : undefined;
}

export function parseOwner(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    if (!("pid" in value && Number.isInteger(value.pid) && Number(value.pid) > 1)) return undefined;
    if (!("started" in value && typeof value.started === "string" && value.started !== "")) return undefined;
    return { pid: Number(value.pid), started: value.started, keep: "keep" in value && value.keep === true };
  } catch {
    return undefined;
  }
}

async function writeOwner(owner: Owner): Promise<void> {
  await writeFile(`${ownerFile}.new`, JSON.stringify(owner));
  await rename(`${ownerFile}.new`, ownerFile);
}

/** Clock ticks from boot to the start of a process; `undefined` when it is gone or waits to be collected. */
export function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

import { spawn } from "node:child_process";
import { Agent } from "node:http";
import type { Duplex } from "node:stream";
import Docker from "dockerode";
import { PipeSocket } from "./pipe-socket";

/**
 * Connects to a Docker Engine.
 * @param address "unix:///run/docker.sock", "ssh://user@machine", "tcp://machine:2375"; empty: DOCKER_HOST, then the
 * default socket.
 */
export function connectEngine(address: string): Docker {
  const chosen = address === "" ? (process.env["DOCKER_HOST"] ?? "") : address;
  if (chosen.startsWith("ssh://")) {
    const options = { host: "engine", protocol: "http" as const, agent: new SshAgent(chosen) };
    return new Docker(options);
  }
  if (chosen.startsWith("unix://")) return new Docker({ socketPath: chosen.slice("unix://".length) });
  if (chosen === "" || address === "") return new Docker();
  const url = new URL(address);
  return new Docker({
    protocol: url.protocol === "https:" || url.port === "2376" ? "https" : "http",
    host: url.hostname,
    port: url.port === "" ? 2375 : Number(url.port),
  });
}

/** Reaches an engine as the docker command does: through the machine's own ssh, its keys and its known hosts. */
class SshAgent extends Agent {
  constructor(private readonly address: string) {
    super({ keepAlive: false });
  }

  override createConnection(): Duplex {
    const url = new URL(this.address);
    const destination = url.username === "" ? url.hostname : `${url.username}@${url.hostname}`;
    const port = url.port === "" ? [] : ["-p", url.port];
    const ssh = spawn(
      "ssh",
      ["-T", "-o", "BatchMode=yes", ...port, "--", destination, "docker", "system", "dial-stdio"],
      {
        stdio: ["pipe", "pipe", "pipe"],
      },
    );
    const socket = new PipeSocket(ssh.stdout, ssh.stdin, () => ssh.kill());
    let said = "";
    ssh.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-500);
    });
    ssh.on("error", (error) => socket.destroy(error));
    ssh.on("exit", (code) => {
      if (code !== 0 && code !== null)
        socket.destroy(new Error(`ssh to ${destination} ended with ${code}: ${said.trim()}`));
    });
    return socket;
  }
}

/** Status of an error from the Engine API, when it is one. */
export function statusOf(error: unknown): number | undefined {
  return typeof error === "object" && error !== null && "statusCode" in error && typeof error.statusCode === "number"
    ? error.statusCode
    : undefined;
}

/** Makes sure an image is on the host. */
export async function ensureImage(docker: Docker, reference: string): Promise<void> {
  if ((await ignoreMissing(docker.getImage(reference).inspect())) !== undefined) return;
  const stream = await docker.pull(reference);
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** Runs an operation for which "not there" is as good as done. */
export async function ignoreMissing<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

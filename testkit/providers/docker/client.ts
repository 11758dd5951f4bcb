import type { Agent } from "node:http";
import type Docker from "dockerode";
import type { DockerConfig } from "./config";
import { SshAgent } from "./ssh-agent";

export type DockerClient = Docker;

/** Connects to the host of the configuration. The client library is loaded here, with the first real operation. */
export async function connect(config: DockerConfig): Promise<DockerClient> {
  const { default: Client } = await import("dockerode");
  const url = parseHost(config.host);
  if (url.protocol === "unix:") return new Client({ socketPath: url.pathname });
  if (url.protocol === "ssh:") {
    // The typings of the client lack the agent it accepts.
    const options: Docker.DockerOptions & { agent: Agent } = {
      protocol: "http",
      host: "docker",
      port: 80,
      agent: new SshAgent(url, config.sshOpts),
    };
    return new Client(options);
  }
  return new Client({ protocol: "http", host: url.hostname, port: Number(url.port || "2375") });
}

function parseHost(host: string): URL {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url !== undefined && ["unix:", "tcp:", "http:", "ssh:"].includes(url.protocol)) return url;
  throw new Error(`docker provider: host must be a unix://, tcp:// or ssh:// address (got ${host}).`);
}

interface ApiError {
  statusCode: number;
  reason: string;
}

/** The answer of the Docker Engine behind an error, when there was one. */
export function apiError(error: unknown): ApiError | undefined {
  if (!(error instanceof Error) || !("statusCode" in error) || typeof error.statusCode !== "number") return undefined;
  const json: unknown = "json" in error ? error.json : undefined;
  const message =
    typeof json === "object" && json !== null && "message" in json && typeof json.message === "string"
      ? json.message
      : error.message;
  return { statusCode: error.statusCode, reason: message.trim() };
}

export function isMissing(error: unknown): boolean {
  return apiError(error)?.statusCode === 404;
}

/** One sentence for any failure of a call: the engine's own words, or why it could not be reached. */
export function reasonOf(error: unknown, host: string): string {
  const answer = apiError(error);
  if (answer !== undefined) return answer.reason;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (["ECONNREFUSED", "ENOENT", "EACCES", "ECONNRESET", "ENOTFOUND", "EPIPE", "ETIMEDOUT"].includes(code)) {
    return `cannot reach the Docker Engine at ${host} (${code}). Start it, or correct the provider's host`;
  }
  return error instanceof Error ? error.message : String(error);
}

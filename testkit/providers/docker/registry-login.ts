import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isRecord } from "../shared/wire";
import type { DockerConfig } from "./config";
import { registryHost } from "./reference";

export interface Login {
  username: string;
  password: string;
}

/** Credentials for a registry: the resource's own, else the provider's, else those of the Docker client's file. */
export function loginFor(server: string, config: DockerConfig, own?: Partial<Login>): Login | undefined {
  if (own?.username !== undefined && own.password !== undefined)
    return { username: own.username, password: own.password };
  const host = registryHost(server);
  return config.logins.find(({ address }) => registryHost(address) === host) ?? fileLogin(host);
}

function fileLogin(host: string): Login | undefined {
  const path = join(process.env.DOCKER_CONFIG ?? join(homedir(), ".docker"), "config.json");
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new Error(`cannot read ${path}. Correct or remove it.`);
  }
  const auths = isRecord(parsed) && isRecord(parsed.auths) ? parsed.auths : {};
  for (const [address, entry] of Object.entries(auths)) {
    if (registryHost(address) !== host || !isRecord(entry) || typeof entry.auth !== "string") continue;
    const [username = "", ...password] = Buffer.from(entry.auth, "base64").toString().split(":");
    return { username, password: password.join(":") };
  }
  return undefined;
}

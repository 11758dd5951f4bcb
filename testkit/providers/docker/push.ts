import type { Log } from "../shared/provider";
import { type DockerClient, reasonOf } from "./client";
import type { DockerConfig } from "./config";
import { ProgressError, readProgress } from "./progress";
import { registryOf, splitReference } from "./reference";
import type { Login } from "./registry-login";

/** Pushes a local image and gives the digest the registry knows it by. */
export async function pushImage(
  docker: DockerClient,
  config: DockerConfig,
  name: string,
  login: Login | undefined,
  log: Log,
): Promise<string> {
  const server = registryOf(name);
  const { repository, tag = "latest" } = splitReference(name);
  let digest: string | undefined;
  try {
    const stream = await docker.getImage(repository).push({ tag, authconfig: authOf(server, login) });
    await readProgress(stream, ({ status, id, aux }) => {
      if (typeof aux?.Digest === "string") digest = aux.Digest;
      else if (status !== undefined && /^(Pushed|Layer already exists|Mounted)/.test(status))
        log("info", `${id}: ${status}`, true);
    });
  } catch (error) {
    const reason = error instanceof ProgressError ? error.message : reasonOf(error, config.host);
    throw new Error(`the push to ${server} failed (${reason}). ${remedy(reason, server)}`);
  }
  if (digest === undefined) throw new Error(`the push to ${server} ended without a digest`);
  return digest;
}

/** A push sends credentials even when there are none: the engine refuses a request without them. */
function authOf(server: string, login: Login | undefined) {
  return { username: login?.username ?? "", password: login?.password ?? "", serveraddress: server };
}

function remedy(reason: string, server: string): string {
  if (/unauthorized|authentication|denied|no basic auth/i.test(reason))
    return `Check the user name and password for ${server}.`;
  if (/no space left/i.test(reason)) return `Free disk space at ${server}.`;
  if (/HTTP status: 5\d\d/.test(reason))
    return `${server} could not store it: look at its log and its free disk space.`;
  if (/http: server gave HTTP response to HTTPS client/.test(reason)) {
    return `Serve it over HTTPS, or add ${server} to the Docker Engine's insecure-registries.`;
  }
  return `Check that ${server} runs and can be reached from the Docker host.`;
}

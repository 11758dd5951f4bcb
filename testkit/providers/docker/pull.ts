import type { ImageInspectInfo } from "dockerode";
import { type DockerClient, isMissing, reasonOf } from "./client";
import { readProgress } from "./progress";
import { registryOf, splitReference } from "./reference";
import { loginFor } from "./registry-login";
import type { Context } from "./resource";

export async function localImage(docker: DockerClient, name: string): Promise<ImageInspectInfo | undefined> {
  try {
    return await docker.getImage(name).inspect();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The image on the host, pulled when it is not there. */
export async function findOrPull(name: string, context: Context, platform?: string): Promise<ImageInspectInfo> {
  const here = await localImage(context.docker, name);
  if (here !== undefined) return here;
  let cause = "an image id cannot be pulled";
  if (!/^sha256:|^[0-9a-f]{64}$/.test(name)) {
    cause = await pull(name, context, platform);
    const pulled = cause === "" ? await localImage(context.docker, name) : undefined;
    if (pulled !== undefined) return pulled;
  }
  throw new Error(
    `image ${name} is not on the Docker host and cannot be pulled (${cause}). Build or push it first, or correct the name.`,
  );
}

/** Why the pull failed; empty when it did not. */
async function pull(name: string, { docker, config }: Context, platform: string | undefined): Promise<string> {
  const { tag, digest } = splitReference(name);
  const login = loginFor(registryOf(name), config);
  try {
    const stream = await docker.pull(tag === undefined && digest === undefined ? `${name}:latest` : name, {
      ...(platform !== undefined && { platform }),
      ...(login !== undefined && { authconfig: { ...login, serveraddress: registryOf(name) } }),
    });
    await readProgress(stream, () => {});
    return "";
  } catch (error) {
    return reasonOf(error, config.host);
  }
}

import type { DockerResource } from "./resource";

// Each type is loaded with its first resource.
const loaders: Record<string, () => Promise<DockerResource>> = {
  "docker:index/network:Network": async () => (await import("./network.js")).network,
  "docker:index/volume:Volume": async () => (await import("./volume.js")).volume,
  "docker:index/container:Container": async () => (await import("./container/container.js")).container,
  "docker:index/image:Image": async () => (await import("./image/image.js")).image,
  "docker:index/remoteImage:RemoteImage": async () => (await import("./remote-image.js")).remoteImage,
  "docker:index/registryImage:RegistryImage": async () => (await import("./registry-image.js")).registryImage,
  "docker:index/tag:Tag": async () => (await import("./tag.js")).tag,
};

export async function resourceOf(type: string): Promise<DockerResource> {
  const load = loaders[type];
  if (load === undefined) {
    throw new Error(
      `The testkit's docker provider does not serve ${type}. Install the official docker plugin, or use one of ${Object.keys(loaders).join(", ")}.`,
    );
  }
  return load();
}

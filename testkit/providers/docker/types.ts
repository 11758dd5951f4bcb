import { container } from "./container/container";
import { image } from "./image/image";
import { network } from "./network";
import { registryImage } from "./registry-image";
import { remoteImage } from "./remote-image";
import type { DockerResource } from "./resource";
import { tag } from "./tag";
import { volume } from "./volume";

const types: Record<string, DockerResource> = {
  "docker:index/network:Network": network,
  "docker:index/volume:Volume": volume,
  "docker:index/container:Container": container,
  "docker:index/image:Image": image,
  "docker:index/remoteImage:RemoteImage": remoteImage,
  "docker:index/registryImage:RegistryImage": registryImage,
  "docker:index/tag:Tag": tag,
};

export function resourceOf(type: string): DockerResource {
  const resource = types[type];
  if (resource !== undefined) return resource;
  throw new Error(
    `The testkit's docker provider does not serve ${type}. Install the official docker plugin, or use one of ${Object.keys(types).join(", ")}.`,
  );
}

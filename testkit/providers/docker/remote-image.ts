import type { ImageInspectInfo } from "dockerode";
import { flag, map, object, parse, set, text } from "../shared/shape";
import type { Properties } from "../shared/wire";
import { apiError, isMissing } from "./client";
import { findOrPull, localImage } from "./pull";
import { splitReference } from "./reference";
import type { DockerResource } from "./resource";

const inputs = object(
  { name: text, keepLocally: flag, forceRemove: flag, platform: text, pullTriggers: set(text), triggers: map },
  ["name"],
);

export const remoteImage: DockerResource = {
  fields: {
    name: { shape: text, on: "replace" },
    platform: { shape: text, on: "replace" },
    pullTriggers: { shape: set(text), on: "replace" },
    triggers: { shape: map, on: "replace" },
    keepLocally: { shape: flag, on: "update" },
    forceRemove: { shape: flag, on: "update" },
  },
  required: ["name"],
  computed: ["imageId", "repoDigest"],
  deleteBeforeReplace: false,
  autonamed: false,
  echoesInputs: true,

  async create(call, context) {
    const { name, platform } = parse(inputs, call.inputs, "RemoteImage");
    const found = await findOrPull(name, context, platform);
    return { id: found.Id + name, outputs: outputsOf(name, found) };
  },

  async read(call, { docker }) {
    const name = String(call.outputs.name ?? call.inputs.name);
    const found = await localImage(docker, name);
    return found && { id: found.Id + name, inputs: call.inputs, outputs: outputsOf(name, found) };
  },

  async update(call, context) {
    const { name, platform } = parse(inputs, call.inputs, "RemoteImage");
    return outputsOf(name, await findOrPull(name, context, platform));
  },

  async delete(call, { docker }) {
    const { name, keepLocally, forceRemove } = parse(inputs, call.inputs, "RemoteImage");
    if (keepLocally === true) return;
    try {
      await docker.getImage(name).remove({ force: forceRemove ?? false });
    } catch (error) {
      if (isMissing(error)) return;
      if (apiError(error)?.statusCode !== 409) throw error;
      throw new Error(`${apiError(error)?.reason}. Remove its containers first, or set keepLocally or forceRemove.`);
    }
  },
};

function outputsOf(name: string, found: ImageInspectInfo): Properties {
  const { repository } = splitReference(name);
  const digests = found.RepoDigests ?? [];
  return {
    imageId: found.Id,
    repoDigest: digests.find((digest) => splitReference(digest).repository === repository) ?? digests[0] ?? "",
  };
}

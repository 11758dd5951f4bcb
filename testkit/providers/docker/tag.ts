import { list, object, parse, text } from "../shared/shape";
import { isMissing } from "./client";
import { splitReference } from "./reference";
import type { DockerResource } from "./resource";

const inputs = object({ sourceImage: text, targetImage: text }, ["sourceImage", "targetImage"]);

export const tag: DockerResource = {
  fields: {
    sourceImage: { shape: text, on: "replace" },
    targetImage: { shape: text, on: "replace" },
    tagTriggers: { shape: list(text), on: "replace" },
  },
  required: inputs.required,
  computed: ["sourceImageId"],
  deleteBeforeReplace: false,
  autonamed: false,
  echoesInputs: true,

  async create(call, { docker }) {
    const { sourceImage, targetImage } = parse(
      inputs,
      { sourceImage: call.inputs.sourceImage, targetImage: call.inputs.targetImage },
      "Tag",
    );
    const { repository, tag: label = "latest" } = splitReference(targetImage);
    await docker.getImage(sourceImage).tag({ repo: repository, tag: label });
    const { Id } = await docker.getImage(sourceImage).inspect();
    return { id: `${sourceImage}.${targetImage}`, outputs: { sourceImageId: Id } };
  },

  async read(call, { docker }) {
    try {
      await docker.getImage(String(call.outputs.targetImage)).inspect();
      return call;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },

  async update(call) {
    return call.oldOutputs;
  },

  /** As in the official provider, both names stay. */
  async delete() {},
};

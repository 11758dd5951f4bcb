import { map, object, parse, text } from "../shared/shape";
import type { Properties } from "../shared/wire";
import { apiError, isMissing } from "./client";
import { fromLabels, labels, toLabels } from "./labels";
import type { DockerResource, Field } from "./resource";

const shapes = { name: text, driver: text, driverOpts: map, labels };
const inputs = object(shapes, ["name"]);
const REMOVE_PATIENCE_MILLIS = 30_000;
const REMOVE_PAUSE_MILLIS = 500;

export const volume: DockerResource = {
  fields: Object.fromEntries(
    Object.entries(shapes).map(([key, shape]): [string, Field] => [key, { shape, on: "replace" }]),
  ),
  required: [],
  computed: ["driver", "mountpoint"],
  deleteBeforeReplace: false,
  autonamed: true,
  echoesInputs: true,

  async create(call, { docker }) {
    const args = parse(inputs, call.inputs, "Volume");
    await docker.createVolume({
      Name: args.name,
      Labels: toLabels(args.labels),
      ...(args.driver !== undefined && { Driver: args.driver }),
      ...(args.driverOpts !== undefined && { DriverOpts: args.driverOpts }),
    });
    return { id: args.name, outputs: outputsOf(await docker.getVolume(args.name).inspect()) };
  },

  async read(call, { docker }) {
    try {
      const outputs = outputsOf(await docker.getVolume(call.id).inspect());
      return { id: call.id, inputs: Object.keys(call.inputs).length > 0 ? call.inputs : { name: call.id }, outputs };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },

  async update(call) {
    return call.oldOutputs;
  },

  /** A container that is just going holds its volumes for a moment. */
  async delete(call, { docker }) {
    const deadline = Date.now() + REMOVE_PATIENCE_MILLIS;
    for (;;) {
      try {
        await docker.getVolume(call.id).remove();
        return;
      } catch (error) {
        if (isMissing(error)) return;
        if (!apiError(error)?.reason.includes("in use") || Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, REMOVE_PAUSE_MILLIS));
      }
    }
  },
};

function outputsOf(found: {
  Name: string;
  Driver: string;
  Mountpoint: string;
  Labels: Record<string, string> | null;
  Options: Record<string, string> | null;
}): Properties {
  return {
    name: found.Name,
    driver: found.Driver,
    mountpoint: found.Mountpoint,
    labels: fromLabels(found.Labels),
    driverOpts: found.Options ?? {},
  };
}

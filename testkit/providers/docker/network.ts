import type { NetworkInspectInfo } from "dockerode";
import { flag, map, object, parse, set, text } from "../shared/shape";
import type { Properties } from "../shared/wire";
import { apiError, type DockerClient, isMissing } from "./client";
import { fromLabels, labels, toLabels } from "./labels";
import type { DockerResource, Field } from "./resource";

const ipam = set(object({ subnet: text, gateway: text, ipRange: text, auxAddress: map }));
const shapes = {
  name: text,
  driver: text,
  labels,
  options: map,
  internal: flag,
  attachable: flag,
  ingress: flag,
  ipv6: flag,
  ipamDriver: text,
  ipamOptions: map,
  ipamConfigs: ipam,
};
const inputs = object(shapes, ["name"]);
const REMOVE_PATIENCE_MILLIS = 30_000;
const REMOVE_PAUSE_MILLIS = 500;

export const network: DockerResource = {
  fields: Object.fromEntries(
    Object.entries(shapes).map(([key, shape]): [string, Field] => [key, { shape, on: "replace" }]),
  ),
  required: [],
  computed: ["driver", "internal", "ipamConfigs", "options", "scope"],
  deleteBeforeReplace: false,
  autonamed: true,
  echoesInputs: true,

  async create(call, { docker }) {
    const args = parse(inputs, call.inputs, "Network");
    const created = await docker.createNetwork({
      Name: args.name,
      CheckDuplicate: true,
      Labels: toLabels(args.labels),
      ...(args.driver !== undefined && { Driver: args.driver }),
      ...(args.options !== undefined && { Options: args.options }),
      Internal: args.internal ?? false,
      Attachable: args.attachable ?? false,
      Ingress: args.ingress ?? false,
      EnableIPv6: args.ipv6 ?? false,
      ...((args.ipamDriver !== undefined || args.ipamConfigs !== undefined || args.ipamOptions !== undefined) && {
        IPAM: {
          Driver: args.ipamDriver ?? "default",
          Config: (args.ipamConfigs ?? []).map((config) => ({
            ...(config.subnet !== undefined && { Subnet: config.subnet }),
            ...(config.gateway !== undefined && { Gateway: config.gateway }),
            ...(config.ipRange !== undefined && { IPRange: config.ipRange }),
            ...(config.auxAddress !== undefined && { AuxiliaryAddresses: config.auxAddress }),
          })),
          Options: args.ipamOptions ?? {},
        },
      }),
    });
    return { id: created.id, outputs: outputsOf(await created.inspect()) };
  },

  async read(call, { docker }) {
    const found = await inspect(docker, call.id);
    if (found === undefined) return undefined;
    const outputs = outputsOf(found);
    return { id: found.Id, inputs: Object.keys(call.inputs).length > 0 ? call.inputs : { name: found.Name }, outputs };
  },

  async update(call) {
    return call.oldOutputs;
  },

  /** Endpoints of containers that are just going hold a network for a moment. */
  async delete(call, { docker }) {
    const deadline = Date.now() + REMOVE_PATIENCE_MILLIS;
    for (;;) {
      try {
        await docker.getNetwork(call.id).remove();
        return;
      } catch (error) {
        if (isMissing(error)) return;
        if (!apiError(error)?.reason.includes("has active endpoints")) throw error;
        if (Date.now() > deadline)
          throw new Error(`${await holdersOf(docker, call.id)} still use it. Stop them first.`);
        await new Promise((resolve) => setTimeout(resolve, REMOVE_PAUSE_MILLIS));
      }
    }
  },
};

async function inspect(docker: DockerClient, id: string): Promise<NetworkInspectInfo | undefined> {
  try {
    return await docker.getNetwork(id).inspect();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function holdersOf(docker: DockerClient, id: string): Promise<string> {
  const found = await inspect(docker, id);
  const names = Object.values(found?.Containers ?? {}).map(({ Name }) => Name);
  return `the containers ${names.join(", ") || "(unnamed)"}`;
}

function outputsOf(found: NetworkInspectInfo): Properties {
  return {
    name: found.Name,
    driver: found.Driver,
    scope: found.Scope,
    internal: found.Internal,
    attachable: found.Attachable,
    ingress: found.Ingress,
    ipv6: found.EnableIPv6,
    labels: fromLabels(found.Labels),
    options: found.Options ?? {},
    ipamDriver: found.IPAM?.Driver ?? "default",
    ipamConfigs: (found.IPAM?.Config ?? []).map((config) => ({
      subnet: config.Subnet,
      gateway: config.Gateway,
      ipRange: config.IPRange,
      auxAddress: config.AuxiliaryAddresses,
    })),
  };
}

import type { Container, ContainerInspectInfo } from "dockerode";
import { parse } from "../../shared/shape";
import type { Properties } from "../../shared/wire";
import { apiError, isMissing, reasonOf } from "../client";
import { findOrPull } from "../pull";
import type { Context, DockerResource } from "../resource";
import { createOptions, limits } from "./options";
import { outputsOf } from "./outputs";
import { containerProblems } from "./rules";
import { type ContainerInputs, containerShape, fields, LIVE, required } from "./schema";
import { startFailure, waitHealthy } from "./start";
import { uploadFiles } from "./uploads";

const read = (inputs: Properties): ContainerInputs => parse(containerShape, inputs, "Container");

export const container: DockerResource = {
  fields,
  required,
  computed: [
    "bridge",
    "command",
    "entrypoints",
    "healthcheck",
    "hostname",
    "init",
    "ipcMode",
    "logDriver",
    "networkDatas",
    "runtime",
    "securityOpts",
    "shmSize",
    "stopSignal",
    "stopTimeout",
  ],
  deleteBeforeReplace: true,
  autonamed: true,
  echoesInputs: true,

  async prepare({ inputs }) {
    return { inputs, failures: containerProblems(inputs) };
  },

  /** A container that should run and was found stopped is started by an update. */
  drift({ inputs, oldOutputs }) {
    return oldOutputs.mustRun === false && inputs.mustRun !== false ? ["mustRun"] : [];
  },

  async create(call, context) {
    const args = read(call.inputs);
    await findOrPull(args.image, context);
    const created = await createContainer(args, context);
    try {
      await connectNetworks(created, args, context);
      await uploadFiles(created, args.uploads ?? []);
      if (args.start !== false) await start(created, args, context);
      return { id: created.id, outputs: outputsOf(await created.inspect(), args.mustRun !== false) };
    } catch (error) {
      // Nothing half-made stays: the next `up` begins anew.
      await created.remove({ force: true, v: true }).catch(() => undefined);
      throw error;
    }
  },

  async read(call, { docker }) {
    let info: ContainerInspectInfo;
    try {
      info = await docker.getContainer(call.id).inspect();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    const imported = Object.keys(call.inputs).length === 0;
    const inputs = imported ? { name: info.Name.replace(/^\//, ""), image: info.Config.Image } : call.inputs;
    const outputs = outputsOf(info, inputs.mustRun !== false);
    const memory = Math.round((info.HostConfig.Memory ?? 0) / 1024 / 1024);
    return {
      id: info.Id,
      // Limits that somebody changed on the living container are seen, and set back by the next update.
      inputs: "memory" in inputs ? { ...inputs, memory } : inputs,
      outputs: "memory" in inputs ? { ...outputs, memory } : outputs,
    };
  },

  async update(call, { docker }) {
    const args = read(call.inputs);
    const target = docker.getContainer(call.id);
    if (LIVE.some((key) => call.inputs[key] !== call.oldInputs[key])) {
      await target.update({
        RestartPolicy: { Name: args.restart ?? "no", MaximumRetryCount: args.maxRetryCount ?? 0 },
        ...limits(args),
      });
    }
    const { State: state } = await target.inspect();
    if (args.mustRun !== false && args.start !== false && !state.Running) await target.start();
    return outputsOf(await target.inspect(), args.mustRun !== false);
  },

  async delete(call, { docker }) {
    const args = read(call.inputs);
    const target = docker.getContainer(call.id);
    // Without a grace period the container is killed at once, as by the official provider.
    await ignoreGone(target.stop({ t: args.destroyGraceSeconds ?? 0 }));
    await ignoreGone(target.remove({ force: true, v: args.removeVolumes ?? true }));
    await ignoreGone(target.wait({ condition: "removed" }));
  },
};

async function createContainer(args: ContainerInputs, { docker, config }: Context): Promise<Container> {
  try {
    return await docker.createContainer(createOptions(args));
  } catch (error) {
    if (apiError(error)?.statusCode === 409) {
      throw new Error(
        `the name ${args.name} is already used by another container. Remove that one, or choose another name.`,
      );
    }
    throw new Error(`it could not be created (${reasonOf(error, config.host)}).`);
  }
}

async function connectNetworks(created: Container, args: ContainerInputs, { docker, config }: Context): Promise<void> {
  const endpoints = args.networksAdvanced ?? [];
  if (endpoints.length === 0) return;
  if ((args.networkMode ?? "bridge") === "bridge") {
    await docker.getNetwork("bridge").disconnect({ Container: created.id });
  }
  for (const { name, aliases, ipv4Address, ipv6Address } of endpoints) {
    try {
      await docker.getNetwork(name).connect({
        Container: created.id,
        EndpointConfig: {
          Aliases: aliases ?? [],
          IPAMConfig: {
            ...(ipv4Address !== undefined && { IPv4Address: ipv4Address }),
            ...(ipv6Address !== undefined && { IPv6Address: ipv6Address }),
          },
        },
      });
    } catch (error) {
      throw new Error(`it could not join network ${name} (${reasonOf(error, config.host)}).`);
    }
  }
}

async function start(created: Container, args: ContainerInputs, { config }: Context): Promise<void> {
  try {
    await created.start();
  } catch (error) {
    throw new Error(startFailure(reasonOf(error, config.host), args));
  }
  if (args.wait === true) await waitHealthy(created, args);
}

/** Gone, going, or already stopped: all of it is what a delete wants. */
async function ignoreGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const answer = apiError(error);
    const fine =
      answer?.statusCode === 404 || answer?.statusCode === 304 || answer?.reason.includes("already in progress");
    if (fine !== true) throw error;
  }
}

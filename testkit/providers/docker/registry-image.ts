import { flag, map, object, parse, text } from "../shared/shape";
import { isRecord, secret } from "../shared/wire";
import { localImage } from "./pull";
import { pushImage } from "./push";
import { registryOf } from "./reference";
import { remoteDigest, removeRemote } from "./registry-api";
import { type Login, loginFor } from "./registry-login";
import type { Context, DockerResource } from "./resource";

const authConfig = object({ address: text, username: text, password: text }, ["address"]);
const inputs = object({ name: text, authConfig, keepRemotely: flag, triggers: map }, ["name"]);

export const registryImage: DockerResource = {
  fields: {
    name: { shape: text, on: "replace" },
    triggers: { shape: map, on: "replace" },
    authConfig: { shape: authConfig, on: "update" },
    keepRemotely: { shape: flag, on: "update", default: false },
  },
  required: ["name"],
  computed: ["sha256Digest"],
  deleteBeforeReplace: false,
  autonamed: false,
  echoesInputs: true,

  async prepare({ inputs: given }) {
    const auth = given.authConfig;
    if (!isRecord(auth) || auth.password === undefined) return { inputs: given, failures: [] };
    return { inputs: { ...given, authConfig: { ...auth, password: secret(auth.password) } }, failures: [] };
  },

  async create(call, context) {
    const { name } = parse(inputs, call.inputs, "RegistryImage");
    if ((await localImage(context.docker, name)) === undefined) {
      throw new Error(`image ${name} is not on the Docker host. Build or tag it first.`);
    }
    const digest = await pushImage(context.docker, context.config, name, login(call.inputs, context), call.log);
    return { id: digest, outputs: { sha256Digest: digest } };
  },

  async read(call, context) {
    const digest = await remoteDigest(String(call.outputs.name), login(call.inputs, context));
    return digest === undefined ? undefined : { id: call.id, inputs: call.inputs, outputs: { sha256Digest: digest } };
  },

  async update(call) {
    return { sha256Digest: call.oldOutputs.sha256Digest };
  },

  async delete(call, context) {
    const { name, keepRemotely } = parse(inputs, call.inputs, "RegistryImage");
    if (keepRemotely !== true) await removeRemote(name, String(call.outputs.sha256Digest), login(call.inputs, context));
  },
};

function login(given: Record<string, unknown>, { config }: Context): Login | undefined {
  const { name, authConfig: own } = parse(inputs, given, "RegistryImage");
  return loginFor(own?.address ?? registryOf(name), config, own);
}

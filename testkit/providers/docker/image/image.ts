import { existsSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import type { CreateCall } from "../../shared/provider";
import { flag, type Problem, parse, text } from "../../shared/shape";
import { hasUnknown, isRecord, type Properties, secret } from "../../shared/wire";
import { localImage } from "../pull";
import { pushImage } from "../push";
import { registryOf, splitReference } from "../reference";
import { loginFor } from "../registry-login";
import type { Context, DockerResource } from "../resource";
import { buildImage, hostPlatform } from "./build";
import { contextDigest } from "./context";
import { buildShape, imageShape, registryShape } from "./inputs";

export const image: DockerResource = {
  fields: {
    imageName: { shape: text, on: "update" },
    build: { shape: buildShape, on: "update" },
    registry: { shape: registryShape, on: "update" },
    skipPush: { shape: flag, on: "update", default: false },
    buildOnPreview: { shape: flag, on: "update", default: false },
  },
  required: ["imageName"],
  computed: ["repoDigest"],
  deleteBeforeReplace: false,
  autonamed: false,
  echoesInputs: false,

  async prepare({ inputs }) {
    const failures = [...builderProblems(inputs), ...nameProblems(inputs)];
    const build = inputs.build ?? {};
    if (!isRecord(build) || hasUnknown([build.context, build.dockerfile])) return { inputs, failures };
    const context = typeof build.context === "string" ? build.context : ".";
    const dockerfile = typeof build.dockerfile === "string" ? build.dockerfile : join(context, "Dockerfile");
    failures.push(...fileProblems(context, dockerfile));
    if (failures.length > 0) return { inputs, failures };
    const complete = { ...build, context, dockerfile, platform: build.platform ?? hostPlatform() };
    return {
      inputs: {
        ...withSecretPassword(inputs),
        build: { ...complete, contextDigest: contextDigest(context, dockerfile) },
      },
      failures,
    };
  },

  /** Credentials change often, and an image is the same whoever pushed it. */
  ignores(property, old, now) {
    if (property !== "registry") return false;
    return isRecord(old) && isRecord(now) && old.server === now.server;
  },

  runsInPreview: (inputs) => inputs.buildOnPreview === true,

  async create(call, context) {
    return { id: String(call.inputs.imageName), outputs: await buildAndPush(call, context) };
  },

  /** As in the official provider, what is recorded is believed: a registry's contents are not looked at. */
  async read(call) {
    return call;
  },

  async update(call, context) {
    return buildAndPush(call, context);
  },

  /** As in the official provider, the image stays where it was built and pushed. */
  async delete() {},
};

async function buildAndPush(call: CreateCall, { docker, config }: Context): Promise<Properties> {
  const { imageName, build, registry, skipPush } = parse(imageShape, call.inputs, "Image");
  call.log("info", "Starting the Docker build", true);
  const id = await buildImage(docker, config, imageName, build, call.log);
  const outputs = {
    imageName,
    baseImageName: imageName,
    registryServer: registry?.server ?? "",
    context: build.context,
    dockerfile: relative(resolve(build.context), resolve(build.dockerfile)),
    platform: build.platform,
  };
  if (skipPush === true || call.preview) {
    return { ...outputs, repoDigest: (await localImage(docker, imageName))?.Id ?? id };
  }
  const login = loginFor(registry?.server ?? registryOf(imageName), config, registry);
  const digest = await pushImage(docker, config, imageName, login, call.log);
  return { ...outputs, repoDigest: `${splitReference(imageName).repository}@${digest}` };
}

function builderProblems({ build }: Properties): Problem[] {
  if (!isRecord(build) || build.builderVersion !== "BuilderBuildKit") return [];
  return [
    { path: "build.builderVersion", reason: "must be BuilderV1 or absent: the testkit's provider has no BuildKit" },
  ];
}

/** A push needs to know its registry. */
function nameProblems({ imageName, skipPush }: Properties): Problem[] {
  if (skipPush === true || typeof imageName !== "string" || hasUnknown([imageName, skipPush])) return [];
  const [first = "", ...rest] = imageName.split("/");
  if (rest.length > 0 && (/[.:]/.test(first) || first === "localhost")) return [];
  return [{ path: "imageName", reason: `must begin with its registry, such as docker.io/ (got ${imageName})` }];
}

function fileProblems(context: string, dockerfile: string): Problem[] {
  if (!existsSync(context)) return [{ path: "build.context", reason: `does not exist (got ${context})` }];
  if (existsSync(dockerfile)) return [];
  const inContext = join(context, dockerfile);
  const hint = !isAbsolute(dockerfile) && existsSync(inContext) ? `. Set it to ${inContext}` : "";
  return [{ path: "build.dockerfile", reason: `does not exist (got ${dockerfile})${hint}` }];
}

function withSecretPassword(inputs: Properties): Properties {
  const { registry } = inputs;
  if (!isRecord(registry) || registry.password === undefined) return inputs;
  return { ...inputs, registry: { ...registry, password: secret(registry.password) } };
}

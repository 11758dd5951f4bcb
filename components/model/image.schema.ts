import type { z } from "zod";
import { type Fault, filled, list, optional, pattern, strictFor, text, variables } from "./fields";
import type { Image, ImageBuild } from "./image";
import { describeValue } from "./problem";

export const imagePlatforms = list(
  pattern(
    /^[a-z0-9]+\/[a-z0-9_]+(\/v[0-9]+)?$/,
    "must be an operating system and an architecture",
    'Write "linux/amd64", for example',
  ),
  '["linux/amd64"]',
);

export const imageBuildSchema: z.ZodType<ImageBuild> = strictFor<ImageBuild>(
  {
    context: filled('the folder to build, such as "./shop"'),
    dockerfile: optional(filled('a path, such as "shop/Dockerfile"')),
    args: optional(variables),
    target: optional(filled("the name of a stage of the Dockerfile")),
    platforms: optional(imagePlatforms),
  },
  '{ context: "." }',
);

// host[:port]/ is optional, so is a tag before the digest, which Docker ignores.
const repository = /^([A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?\/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[\w][\w.-]{0,127})?$/;

function referenceFaults(value: string): Fault[] {
  const got = describeValue(value);
  const at = value.indexOf("@");
  const name = at < 0 ? value : value.slice(0, at);
  if (!repository.test(name)) {
    const problem = "must name a repository and a digest";
    return [{ problem, got, fix: `Write "registry/repository@sha256:…"` }];
  }
  if (at < 0) {
    const fix = `Add "@sha256:…": docker buildx imagetools inspect ${name} prints the digest`;
    return [{ problem: "must end with a digest, since a tag may move", got, fix }];
  }
  if (/^@sha256:[0-9a-f]{64}$/.test(value.slice(at))) return [];
  const fix = `docker buildx imagetools inspect ${name} prints the digest`;
  return [{ problem: 'must end with "@sha256:" and 64 digits or letters a to f', got, fix }];
}

export const imageReference = text('"registry/repository@sha256:…"', referenceFaults, {
  pattern: "@sha256:[0-9a-f]{64}$",
});

export const imageSchema: z.ZodType<Image> = strictFor<Image>(
  { build: optional(imageBuildSchema), reference: optional(imageReference) },
  '{ build: { context: "." } }',
);

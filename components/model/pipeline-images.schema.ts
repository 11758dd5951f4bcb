import type { z } from "zod";
import { identity, secretName } from "./environment.schema";
import { flag, list, mapOf, oneOf, optional, pattern, strictFor } from "./fields";
import { imageBuildSchema, imagePlatforms } from "./image.schema";
import { type Images, LayerCache, type Registry, RegistryKind, Signature, TagRule } from "./pipeline-images";
import { jobNames } from "./pipeline-tests.schema";

/** Host name or address with an optional port. */
export const hostAndPort = (problem: string, fix: string) =>
  pattern(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:\d{1,5})?$/, problem, fix);

export const registrySchema: z.ZodType<Registry> = strictFor<Registry>(
  {
    kind: oneOf(RegistryKind),
    address: optional(
      hostAndPort(
        "must be a host without scheme and path",
        'Write "123456789012.dkr.ecr.eu-west-1.amazonaws.com", for example',
      ),
    ),
    namespace: optional(
      pattern(
        /^[a-z0-9]+([._/-]+[a-z0-9]+)*$/,
        "must be lower-case words with slashes, dots or dashes between them",
        'Write "acme/shop", for example',
      ),
    ),
    userSecret: optional(secretName),
    passwordSecret: optional(secretName),
    identity: optional(identity),
  },
  '{ kind: "ghcr" }',
);

export const imagesSchema: z.ZodType<Images> = strictFor<Images>(
  {
    builds: optional(mapOf(imageBuildSchema, jobNames("an image"), '{ worker: { context: "worker" } }')),
    platforms: optional(imagePlatforms),
    cache: optional(oneOf(LayerCache)),
    tags: optional(list(oneOf(TagRule), '["commit", "version"]')),
    sbom: optional(flag),
    provenance: optional(flag),
    signature: optional(oneOf(Signature)),
    signingKey: optional(
      pattern(
        /^(awskms|gcpkms|azurekms|hashivault):\/\/[\w./:@-]+$/,
        "must be the address of a key in a key management service",
        'Write "awskms:///alias/release", for example',
      ),
    ),
    verifyBeforeDeployment: optional(flag),
  },
  '{ platforms: ["linux/amd64", "linux/arm64"] }',
);

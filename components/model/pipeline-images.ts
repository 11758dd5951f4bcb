import type { Identity } from "./environment";
import type { ImageBuild } from "./image";

/** Registries whose way of logging in is known. */
export const RegistryKind = {
  /** GitHub's, with the run's own token. */
  ghcr: "ghcr",
  /** GitLab's, with the run's own token. */
  gitlab: "gitlab",
  dockerHub: "docker-hub",
  /** Amazon's, with the identity of the run. */
  ecr: "ecr",
  /** Google's, with the identity of the run. */
  artifactRegistry: "artifact-registry",
  /** Azure's, with the identity of the run. */
  acr: "acr",
  /** Any other, with user and password. */
  other: "other",
} as const;
export type RegistryKind = (typeof RegistryKind)[keyof typeof RegistryKind];

/** Where layers are kept between builds. */
export const LayerCache = {
  /** In the platform's cache. */
  platform: "platform",
  /** In the registry. */
  registry: "registry",
  none: "none",
} as const;
export type LayerCache = (typeof LayerCache)[keyof typeof LayerCache];

/** Tags put on an image for people. Deployments go by digest. */
export const TagRule = {
  branch: "branch",
  pullRequest: "pull-request",
  /** The commit, shortened. */
  commit: "commit",
  /** The version: 1.2.3. */
  version: "version",
  /** The version without its last part: 1.2. */
  minor: "minor",
} as const;
export type TagRule = (typeof TagRule)[keyof typeof TagRule];

/** How images are signed. */
export const Signature = {
  /** With the run's own identity, no key. */
  keyless: "keyless",
  /** With a key in a key management service. */
  key: "key",
  none: "none",
} as const;
export type Signature = (typeof Signature)[keyof typeof Signature];

/** Where images are published. */
export interface Registry {
  kind: RegistryKind;
  /** Host and port, needed by "ecr", "artifact-registry", "acr" and "other": "registry.example.com:5000". */
  address?: string;
  /** What stands before the image's name: "acme/shop". Defaults to the repository's own name. */
  namespace?: string;
  /** Name of the secret that holds the user, needed by "docker-hub" and "other". */
  userSecret?: string;
  /** Name of the secret that holds the password or token, needed by "docker-hub" and "other". */
  passwordSecret?: string;
  /** Who publishes, for "ecr", "artifact-registry" and "acr". Defaults to the first environment's identity in that cloud. */
  identity?: Identity;
}

/** How images are built and published. Every service that has a build is built without being named here. */
export interface Images {
  /** Further images by name. */
  builds?: Record<string, ImageBuild>;
  /** Platforms of images that name none. Defaults to ["linux/amd64"]. */
  platforms?: string[];
  /** Defaults to "platform". */
  cache?: LayerCache;
  /** Defaults to branch, pull-request, commit, version and minor. */
  tags?: TagRule[];
  /** Publish a list of what is inside (SPDX). Defaults to true. */
  sbom?: boolean;
  /** Publish how it was built (SLSA). Defaults to true. */
  provenance?: boolean;
  /** Defaults to "keyless". */
  signature?: Signature;
  /** Key for "key": "awskms:///alias/release". */
  signingKey?: string;
  /** Refuse to deploy an image whose signature and provenance are not those of this pipeline. Defaults to true. */
  verifyBeforeDeployment?: boolean;
}

import type { Identity } from "./environment";
import type { Images, Registry } from "./pipeline-images";
import type { Security } from "./pipeline-security";
import type { Checks, Tests } from "./pipeline-tests";

export const NodeManager = { npm: "npm", pnpm: "pnpm", yarn: "yarn" } as const;
export type NodeManager = (typeof NodeManager)[keyof typeof NodeManager];

export const PythonManager = { uv: "uv", pip: "pip", poetry: "poetry" } as const;
export type PythonManager = (typeof PythonManager)[keyof typeof PythonManager];

/** How versions come about. */
export const VersioningWay = {
  /** A pull request collects the changes; merging it is the release. Any language. */
  releasePlease: "release-please",
  /** Changes describe themselves in files. JavaScript. */
  changesets: "changesets",
  /** Every merge is a release, its number from the messages. JavaScript. */
  semanticRelease: "semantic-release",
  /** Somebody pushes a tag. */
  tag: "tag",
} as const;
export type VersioningWay = (typeof VersioningWay)[keyof typeof VersioningWay];

export const HookRunner = { lefthook: "lefthook", preCommit: "pre-commit" } as const;
export type HookRunner = (typeof HookRunner)[keyof typeof HookRunner];

/** What proposes newer dependencies. */
export const Updater = { dependabot: "dependabot", renovate: "renovate" } as const;
export type Updater = (typeof Updater)[keyof typeof Updater];

export const InputKind = { text: "text", choice: "choice", boolean: "boolean" } as const;
export type InputKind = (typeof InputKind)[keyof typeof InputKind];

/** Node.js for lint and tests. */
export interface NodeToolchain {
  /** Versions, as text, the main one first; tests run with each. Defaults to ["24"]. */
  versions?: string[];
  /** Defaults to "npm". */
  manager?: NodeManager;
}

/** Python for lint and tests. */
export interface PythonToolchain {
  /** Versions, as text, the main one first; tests run with each. Defaults to ["3.13"]. */
  versions?: string[];
  /** Defaults to "uv". */
  manager?: PythonManager;
}

/** What the repository is written with. */
export interface Toolchain {
  node?: NodeToolchain;
  python?: PythonToolchain;
}

/** Branches with a meaning. */
export interface Branches {
  /** What is delivered. Defaults to "main". */
  production?: string;
  /** Where work is collected before it is delivered: "develop". Defaults to none. */
  integration?: string;
  /** Where work is done, as a glob. Defaults to "feature/*". */
  feature?: string;
}

/** What a change needs before it reaches the production or the integration branch. */
export interface Protection {
  /** People who must have agreed, 0 to 6. Defaults to 1. */
  reviews?: number;
  /** Further checks by name, beside the pipeline's own "gate". Defaults to none. */
  checks?: string[];
  /** No merge commits. Defaults to false. */
  linear?: boolean;
  /** Merge one after another, each tested on top of the others. Defaults to false. */
  mergeQueue?: boolean;
  /** Only signed commits. Defaults to false. */
  signedCommits?: boolean;
}

/** Pulumi in the pipeline: preview on pull requests, up on merge, and a look for drift. */
export interface InfrastructureRuns {
  /** Folder with Pulumi.yaml, relative to the repository. Defaults to its root. */
  directory?: string;
  /** Where the state is: "s3://bucket", "gs://bucket", "azblob://container", "https://api.pulumi.com". */
  backend?: string;
  /** Show on pull requests what would change. Defaults to true. */
  preview?: boolean;
  /** When to look for drift, as five fields of cron, in UTC. Defaults to once a night at a time of its own. */
  drift?: string;
  /** Who looks: it needs to read only, and pull requests may take it. Defaults to nobody. */
  identity?: Identity;
  /** Names of the secrets that preview and drift get. Defaults to what Pulumi itself needs. */
  secrets?: string[];
}

/** How versions come about. */
export interface Versioning {
  /** Defaults to "release-please". */
  way?: VersioningWay;
  /** Form of a tag, with {version} in it. Defaults to "v{version}". */
  tagFormat?: string;
}

/** A command that git runs. */
export interface GitHook {
  /** Shell command. */
  run: string;
  /** Files it is run for, as a glob. Defaults to all. */
  files?: string;
}

/** Commands that git runs on a developer's machine, by name. */
export interface GitHooks {
  /** Defaults to "pre-commit" when the toolchain is Python alone, else to "lefthook". */
  runner?: HookRunner;
  /** Before a commit: quick ones. */
  preCommit?: Record<string, GitHook>;
  /** Before a push: the longer ones. */
  prePush?: Record<string, GitHook>;
}

/** Work that keeps the repository in order. */
export interface Maintenance {
  /** Defaults to "dependabot". */
  updates?: Updater;
  /** Age at which a new version is proposed, with its unit. Defaults to "7d". */
  cooldown?: string;
  /** Age at which images without a tag are removed, with its unit. Defaults to never. */
  keepImages?: string;
}

/** Something to say when a run is started by hand. */
export interface DispatchInput {
  /** What it is for. */
  description?: string;
  /** Defaults to "text". */
  kind?: InputKind;
  /** Values of a "choice". */
  options?: string[];
  /** Value when nothing is said, as text; "true" or "false" for a "boolean". */
  default?: string;
  /** Defaults to false. */
  required?: boolean;
}

/** Work that somebody starts by hand. */
export interface DispatchJob {
  /** What it does. */
  description?: string;
  /** Shell command. Inputs reach it as environment variables of the same name in capital letters, never as text in it. */
  command: string;
  /** Longest time, with its unit. Defaults to "30m". */
  timeout?: string;
  /** Inputs by name. */
  inputs?: Record<string, DispatchInput>;
  /** Names of the secrets it gets as environment variables. Defaults to none. */
  secrets?: string[];
}

/** What the runs run on. */
export interface Runners {
  /** Label on GitHub. Defaults to "ubuntu-24.04". */
  githubLabel?: string;
  /** Tags of runners on GitLab. Defaults to none. */
  gitlabTags?: string[];
  /** Image of jobs on GitLab, by digest. Defaults to that of the toolchain. */
  gitlabImage?: string;
}

/** What a delivery pipeline does. Emitters turn it into files for GitHub and GitLab. */
export interface Pipeline {
  branches?: Branches;
  /** What a change needs before it is merged. Defaults to the "gate" alone with one review. */
  protection?: Protection;
  toolchain?: Toolchain;
  /** Checks of form and style. Defaults to none. */
  lint?: Checks;
  /** Checks of types. Defaults to none. */
  types?: Checks;
  tests?: Tests;
  images?: Images;
  /** Where images are published. Defaults to the platform's own registry. */
  registry?: Registry;
  security?: Security;
  /** Pulumi in the pipeline. Defaults to `up` in each environment, without preview and drift. */
  infrastructure?: InfrastructureRuns;
  versioning?: Versioning;
  hooks?: GitHooks;
  maintenance?: Maintenance;
  /** Work started by hand, by name. Defaults to none. */
  dispatch?: Record<string, DispatchJob>;
  runners?: Runners;
  /** How long the files of a run are kept, with its unit, "1d" to "90d". Defaults to "14d". */
  keepArtifacts?: string;
}

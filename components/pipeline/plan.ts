import type { Identity } from "../model/environment";
import type { ImageBuild } from "../model/image";
import type { NodeManager, Protection, PythonManager, Updater } from "../model/pipeline";
import type { LayerCache, Registry, Signature, TagRule } from "../model/pipeline-images";
import type { Auditor, CodeqlLanguage, Severity } from "../model/pipeline-security";
import type { PlannedJob } from "./planned-jobs";

/** One language of the toolchain. */
export interface PlannedNode {
  /** The main one first. */
  versions: readonly string[];
  manager: NodeManager;
}

export interface PlannedPython {
  /** The main one first. */
  versions: readonly string[];
  manager: PythonManager;
}

export interface PlannedToolchain {
  node?: PlannedNode;
  python?: PlannedPython;
}

/** An image that the pipeline builds. */
export interface PlannedImage {
  name: string;
  build: ImageBuild;
  platforms: readonly string[];
}

/** How images are published. */
export interface Publishing {
  registry: Registry;
  /** Who the pipeline is for the registry of a cloud. */
  identity?: Identity;
  /** Who the pipeline is for the cloud that keeps the signing key. */
  signer?: Identity;
  cache: LayerCache;
  tags: readonly TagRule[];
  sbom: boolean;
  provenance: boolean;
  signature: Signature;
  signingKey?: string;
  verifyBeforeDeployment: boolean;
  /** Look at published images for known holes this bad or worse; absent: not at all. */
  scanThreshold?: Severity;
}

export interface PlannedApproval {
  way: "environment" | "dispatch" | "issue";
  users: readonly string[];
  teams: readonly string[];
  preventSelfReview: boolean;
  waitMinutes: number;
}

/** What asks a deployed service whether it is well. */
export interface PlannedVerification {
  url: string;
  consecutive: number;
  intervalSeconds: number;
  timeoutSeconds: number;
  rollback: boolean;
}

export interface PlannedSmoke {
  command: string;
  timeoutMinutes: number;
  secrets: readonly string[];
  rollback: boolean;
}

export interface PlannedEnvironment {
  name: string;
  stack: string;
  target?: string;
  promotesFrom?: string;
  approval?: PlannedApproval;
  branches: readonly string[];
  tags: readonly string[];
  variables: Readonly<Record<string, string>>;
  /** Names, with those that Pulumi itself needs. */
  secrets: readonly string[];
  identity: Identity;
  url?: string;
  verify?: PlannedVerification;
  smoke?: PlannedSmoke;
  /** Names of the images that this pipeline brings there. */
  images: readonly string[];
  /** Every service delivered there, whichever repository it comes from. */
  services: readonly string[];
  /** Whether a run that follows a change goes there, at once or once it is approved. */
  automatic: boolean;
}

export interface PlannedSecurity {
  threshold: Severity;
  codeql: readonly CodeqlLanguage[];
  snykThreshold: Severity;
  snykToken: string;
  audit: readonly Auditor[];
  /** Five fields of cron, UTC. */
  schedule: string;
}

export interface PlannedInfrastructure {
  directory: string;
  backend?: string;
  preview: boolean;
  drift?: string;
  /** Who preview and drift are in the cloud: somebody who only reads. */
  identity: Identity;
  /** Secrets that preview and drift get. */
  secrets: readonly string[];
}

export interface PlannedVersioning {
  way: "release-please" | "changesets" | "semantic-release" | "tag";
  /** What stands before and after the version in a tag. */
  prefix: string;
  suffix: string;
}

export interface PlannedHook {
  name: string;
  run: string;
  files?: string;
}

export interface PlannedHooks {
  runner: "lefthook" | "pre-commit";
  preCommit: readonly PlannedHook[];
  prePush: readonly PlannedHook[];
}

export interface PlannedMaintenance {
  updates: Updater;
  cooldownDays: number;
  /** What is asked of the updater, by its names. */
  ecosystems: readonly { ecosystem: "npm" | "pip" | "uv" | "docker" | "github-actions"; directory: string }[];
  keepImagesDays?: number;
}

/** Who is told what, when. */
export interface PlannedMessage {
  way: "slack" | "email";
  /** Channel, or addresses. */
  to: readonly string[];
  /** Host and port of the mail server. */
  server?: string;
  /** Secret with the webhook's address, or with user and password. */
  secrets: readonly string[];
  events: readonly string[];
  environments: readonly string[];
}

/** Everything that a pipeline does, with every default said, for any platform to be written for. */
export interface PipelinePlan {
  /** The repository, or the document. */
  name: string;
  branches: { production: string; integration?: string; feature: string };
  toolchain: PlannedToolchain;
  /** Folder that matters, "." for all. */
  directory: string;
  runners: { githubLabel: string; gitlabTags: readonly string[]; gitlabImage?: string };
  keepArtifactsDays: number;
  /** Each after those that it needs. */
  jobs: readonly PlannedJob[];
  images: readonly PlannedImage[];
  publishing: Publishing;
  /** Each after the one it promotes from. */
  environments: readonly PlannedEnvironment[];
  security: PlannedSecurity;
  infrastructure: PlannedInfrastructure;
  protection: Required<Protection>;
  versioning?: PlannedVersioning;
  hooks?: PlannedHooks;
  maintenance: PlannedMaintenance;
  messages: readonly PlannedMessage[];
}

import type { z } from "zod";
import { identity, refGlob, secretNames } from "./environment.schema";
import {
  type Fault,
  field,
  filled,
  flag,
  list,
  mapOf,
  number,
  oneOf,
  optional,
  pattern,
  positiveDuration,
  strictFor,
  text,
} from "./fields";
import { imageReference } from "./image.schema";
import {
  type Branches,
  type DispatchInput,
  type DispatchJob,
  type GitHook,
  type GitHooks,
  HookRunner,
  type InfrastructureRuns,
  InputKind,
  type Maintenance,
  NodeManager,
  type NodeToolchain,
  type Pipeline,
  type Protection,
  PythonManager,
  type PythonToolchain,
  type Runners,
  type Toolchain,
  Updater,
  type Versioning,
  VersioningWay,
} from "./pipeline";
import { imagesSchema, registrySchema } from "./pipeline-images.schema";
import { cron, securitySchema } from "./pipeline-security.schema";
import { checks, jobNames, repositoryPath, shellCommand, testsSchema } from "./pipeline-tests.schema";
import { describeValue } from "./problem";

const versionPattern = /^\d+(\.\d+){0,2}$/;

/** Version of a language. A number is refused, since YAML reads 3.10 as 3.1. */
const version = field<string>(
  (value): Fault[] => {
    const fix = 'Write "3.13", for example, in quotes: without them 3.10 is 3.1';
    if (value === undefined) return [{ problem: "is missing", fix }];
    if (typeof value === "string" && versionPattern.test(value)) return [];
    return [{ problem: "must be a version, as text", got: describeValue(value), fix }];
  },
  { type: "string", pattern: versionPattern.source },
);
const versions = list(version, '["3.13"]');

const toolchain = strictFor<Toolchain>(
  {
    node: optional(
      strictFor<NodeToolchain>(
        { versions: optional(versions), manager: optional(oneOf(NodeManager)) },
        '{ versions: ["24"] }',
      ),
    ),
    python: optional(
      strictFor<PythonToolchain>(
        { versions: optional(versions), manager: optional(oneOf(PythonManager)) },
        '{ versions: ["3.13"] }',
      ),
    ),
  },
  '{ node: { versions: ["24"] } }',
);

const branches = strictFor<Branches>(
  { production: optional(refGlob), integration: optional(refGlob), feature: optional(refGlob) },
  '{ production: "main" }',
);

/** A name a person reads, on one line. */
const title = (example: string) =>
  pattern(/^\P{Cc}*[^\p{Cc}\s]\P{Cc}*$/u, "must be text on one line", `Write ${example}`);

const protection = strictFor<Protection>(
  {
    reviews: optional(number({ min: 0, max: 6, integer: true })),
    checks: optional(list(title('"license/cla", for example'), '["license/cla"]')),
    linear: optional(flag),
    mergeQueue: optional(flag),
    signedCommits: optional(flag),
  },
  "{ reviews: 1 }",
);

const infrastructure = strictFor<InfrastructureRuns>(
  {
    directory: optional(repositoryPath),
    backend: optional(
      pattern(
        /^(https|s3|gs|azblob):\/\/[^\s"'<>`{}$\\]+$/,
        "must be the address of a Pulumi backend",
        'Write "s3://bucket", for example',
      ),
    ),
    preview: optional(flag),
    drift: optional(cron),
    identity: optional(identity),
    secrets: optional(secretNames),
  },
  "{ preview: true }",
);

const versioning = strictFor<Versioning>(
  {
    way: optional(oneOf(VersioningWay)),
    tagFormat: optional(
      pattern(
        /^[A-Za-z0-9._/-]*\{version\}[A-Za-z0-9._-]*$/,
        "must be a tag with {version} in it",
        'Write "v{version}", for example',
      ),
    ),
  },
  '{ way: "release-please" }',
);

const hook = strictFor<GitHook>({ run: shellCommand, files: optional(filled("a glob")) }, '{ run: "npm run lint" }');
const hookCommands = mapOf(hook, jobNames("a hook"), '{ lint: { run: "npm run lint" } }');

const hooks = strictFor<GitHooks>(
  { runner: optional(oneOf(HookRunner)), preCommit: optional(hookCommands), prePush: optional(hookCommands) },
  '{ preCommit: { lint: { run: "npm run lint" } } }',
);

const maintenance = strictFor<Maintenance>(
  {
    updates: optional(oneOf(Updater)),
    cooldown: optional(positiveDuration),
    keepImages: optional(positiveDuration),
  },
  '{ updates: "dependabot" }',
);

const input = strictFor<DispatchInput>(
  {
    description: optional(title("what it is for")),
    kind: optional(oneOf(InputKind)),
    options: optional(list(title("one of the values"), '["small", "large"]')),
    default: optional(text("the value, in quotes")),
    required: optional(flag),
  },
  '{ description: "what to do" }',
);

const job = strictFor<DispatchJob>(
  {
    description: optional(title("what it does")),
    command: shellCommand,
    timeout: optional(positiveDuration),
    inputs: optional(
      mapOf(
        input,
        {
          keys: /^[a-z][a-z0-9_]{0,39}$/,
          problem: "is no name of an input",
          fix: "Use at most 40 lower-case letters, digits and underscores, a letter first",
        },
        '{ task: { description: "what to do" } }',
      ),
    ),
    secrets: optional(secretNames),
  },
  '{ command: "npm run task" }',
);

const runners = strictFor<Runners>(
  {
    githubLabel: optional(pattern(/^[\w.-]{1,100}$/, "is no label of a runner", 'Write "ubuntu-24.04", for example')),
    gitlabTags: optional(list(title('"docker", for example'), '["docker"]')),
    gitlabImage: optional(imageReference),
  },
  '{ githubLabel: "ubuntu-24.04" }',
);

export const pipelineSchema: z.ZodType<Pipeline> = strictFor<Pipeline>(
  {
    branches: optional(branches),
    protection: optional(protection),
    toolchain: optional(toolchain),
    lint: optional(checks),
    types: optional(checks),
    tests: optional(testsSchema),
    images: optional(imagesSchema),
    registry: optional(registrySchema),
    security: optional(securitySchema),
    infrastructure: optional(infrastructure),
    versioning: optional(versioning),
    hooks: optional(hooks),
    maintenance: optional(maintenance),
    dispatch: optional(mapOf(job, jobNames("a job"), '{ clean: { command: "npm run clean" } }')),
    runners: optional(runners),
    keepArtifacts: optional(positiveDuration),
  },
  '{ tests: { unit: { command: "npm test" } } }',
);

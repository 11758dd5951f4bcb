import type { z } from "zod";
import { onBadDeployment, reference, secretNames } from "./environment.schema";
import {
  list,
  mapOf,
  number,
  oneOf,
  optional,
  pattern,
  port,
  positiveDuration,
  strictFor,
  text,
  variables,
} from "./fields";
import { imageReference } from "./image.schema";
import {
  type ApiTests,
  Baseline,
  type Checks,
  CheckTool,
  type Coverage,
  CoverageUpload,
  type PerformanceTests,
  type SmokeTests,
  type TestContainer,
  type TestSuite,
  type Tests,
} from "./pipeline-tests";
import { describeValue } from "./problem";

/** A command for a shell, on one line or several. */
export const shellCommand = text(
  '"npm test", for example',
  (value) => {
    const fix = 'Write "npm test", for example';
    if (value.trim() === "") return [{ problem: "is empty", fix }];
    return value.includes("\0") ? [{ problem: "contains a NUL character", got: describeValue(value), fix }] : [];
  },
  { pattern: "\\S" },
);

/** A file or folder of the repository; never outside of it. */
export const repositoryPath = pattern(
  /^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\0\r\n\\]*[^\0\r\n\\\s]$/,
  "must be a path inside the repository",
  'Write "tests/results.xml", for example, without ".." and without a slash at its start',
);

export const checks = strictFor<Checks>(
  {
    tools: optional(list(oneOf(CheckTool), '["ruff"]')),
    commands: optional(list(shellCommand, '["npm run lint"]')),
  },
  '{ tools: ["ruff"] }',
);

const container = strictFor<TestContainer>(
  { image: imageReference, ports: optional(list(port, "[5432]")), env: optional(variables) },
  '{ image: "registry/postgres@sha256:…", ports: [5432] }',
);

/** Name that other containers and jobs know something by. */
export const jobNames = (what: string) => ({
  keys: /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
  problem: `is no name of ${what}`,
  fix: "Use at most 40 lower-case letters, digits and dashes, a letter first and no dash last",
});

const suite = strictFor<TestSuite>(
  {
    command: shellCommand,
    directory: optional(repositoryPath),
    timeout: optional(positiveDuration),
    report: optional(repositoryPath),
    containers: optional(
      mapOf(container, jobNames("a container"), '{ postgres: { image: "registry/postgres@sha256:…" } }'),
    ),
    secrets: optional(secretNames),
    environment: optional(reference),
  },
  '{ command: "npm test" }',
);

const coverage = strictFor<Coverage>(
  {
    report: repositoryPath,
    minimum: optional(number({ min: 0, max: 100 })),
    upload: optional(oneOf(CoverageUpload)),
  },
  '{ report: "coverage/lcov.info", minimum: 80 }',
);

const api = strictFor<ApiTests>(
  {
    collection: repositoryPath,
    variables: optional(repositoryPath),
    timeout: optional(positiveDuration),
    secrets: optional(secretNames),
    environment: optional(reference),
  },
  '{ collection: "tests/api.postman_collection.json" }',
);

const smoke = strictFor<SmokeTests>(
  {
    command: shellCommand,
    environment: optional(reference),
    timeout: optional(positiveDuration),
    secrets: optional(secretNames),
    onFailure: optional(onBadDeployment),
  },
  '{ command: "npm run smoke", environment: "production", onFailure: "rollback" }',
);

const performance = strictFor<PerformanceTests>(
  {
    command: shellCommand,
    report: repositoryPath,
    maxRegression: optional(number({ min: 0, max: 1000, open: true })),
    baseline: optional(oneOf(Baseline)),
    timeout: optional(positiveDuration),
    environment: optional(reference),
  },
  '{ command: "npm run bench", report: "bench.json" }',
);

export const testsSchema: z.ZodType<Tests> = strictFor<Tests>(
  {
    unit: optional(suite),
    coverage: optional(coverage),
    integration: optional(suite),
    api: optional(api),
    e2e: optional(suite),
    smoke: optional(smoke),
    performance: optional(performance),
  },
  '{ unit: { command: "npm test" } }',
);

import { parse } from "yaml";
import type { Delivery } from "../../model/delivery";
import type { GeneratedFile } from "../../pipeline/generated-file";
import { planOf } from "../../pipeline/testing/plans";
import { githubFiles } from "../github-files";

export interface ParsedStep {
  name: string;
  id?: string;
  if?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, unknown>;
}

export interface ParsedJob {
  name: string;
  needs?: string[];
  if?: string;
  uses?: string;
  with?: Record<string, unknown>;
  permissions: Record<string, string>;
  steps?: ParsedStep[];
  environment?: { name: string };
  outputs?: Record<string, string>;
  "timeout-minutes"?: number;
}

export interface ParsedWorkflow {
  file: string;
  on: Record<string, unknown>;
  jobs: Record<string, ParsedJob>;
}

/** The workflows of a document's repository as YAML reads them. */
export function workflowsOf(delivery: Delivery): Record<string, ParsedWorkflow> {
  const { plan, problems } = planOf(delivery);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return parsed(githubFiles(plan));
}

export const parsed = (files: readonly GeneratedFile[]): Record<string, ParsedWorkflow> =>
  Object.fromEntries(
    files
      .filter(({ path }) => path.startsWith(".github/workflows/"))
      .map(({ path, content }) => [path.slice(".github/workflows/".length), { file: path, ...parse(content) }]),
  );

/** Every step of every job of every workflow. */
export const stepsOf = (workflows: Record<string, ParsedWorkflow>) =>
  Object.values(workflows).flatMap(({ file, jobs }) =>
    Object.entries(jobs).flatMap(([job, { steps = [] }]) => steps.map((step, index) => ({ file, job, index, step }))),
  );

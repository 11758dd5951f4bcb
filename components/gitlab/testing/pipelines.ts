import { parse } from "yaml";
import type { GeneratedFile } from "../../pipeline/generated-file";
import type { CiJob } from "../ci-file";

/** The jobs of all files together, as GitLab reads them. */
export function jobsOf(files: readonly GeneratedFile[]): Record<string, CiJob> {
  return Object.assign(
    {},
    ...files
      .filter(({ path }) => path.startsWith(".gitlab/ci/"))
      .map(({ content }) => parse(content, { version: "1.1" })),
  ) as Record<string, CiJob>;
}

/** Variables that a pipeline starts with, and by which its jobs are chosen. */
export type Start = Readonly<Record<string, string>>;

/** What starts pipelines: merge requests, pushes, tags, schedules and people. */
export function starts(branches: readonly string[], tags: readonly string[], runs: readonly string[]): Start[] {
  return [
    ...branches.flatMap((branch): Start[] => [
      { CI_PIPELINE_SOURCE: "merge_request_event", CI_MERGE_REQUEST_TARGET_BRANCH_NAME: branch },
      { CI_PIPELINE_SOURCE: "push", CI_COMMIT_BRANCH: branch },
    ]),
    ...tags.map((tag): Start => ({ CI_PIPELINE_SOURCE: "push", CI_COMMIT_TAG: tag })),
    ...["scan", "drift"].map((run): Start => ({ CI_PIPELINE_SOURCE: "schedule", HEADGATE_RUN: run })),
    { CI_PIPELINE_SOURCE: "web" },
    ...runs.map((run): Start => ({ CI_PIPELINE_SOURCE: "api", HEADGATE_RUN: run })),
  ];
}

/** Whether a condition holds: `$NAME == "text"`, `$NAME == null`, `$NAME =~ /expression/`, joined by `&&`. */
export function holds(condition: string, start: Start): boolean {
  return condition.split(" && ").every((part) => {
    const found = /^\$(\w+) (==|=~) (?:"([^"]*)"|\/(.*)\/|(null))$/.exec(part);
    if (found === null) throw new Error(`${part} is no condition that is known here`);
    const [, name = "", operator, text, expression, nothing] = found;
    const value = start[name];
    if (nothing !== undefined) return value === undefined;
    if (operator === "==") return value === text;
    // RE2 writes a character by its number as JavaScript does with the flag u, but for the letter.
    return value !== undefined && new RegExp((expression ?? "").replaceAll("\\x{", "\\u{"), "u").test(value);
  });
}

/** The rule by which a job is part of a pipeline, if it is. */
export const ruleOf = (job: CiJob, start: Start) => job.rules.find((rule) => holds(rule.if, start));

/** Names of the jobs of a pipeline. */
export const pipelineOf = (jobs: Readonly<Record<string, CiJob>>, start: Start): string[] =>
  Object.keys(jobs).filter((name) => ruleOf(jobs[name] as CiJob, start) !== undefined);

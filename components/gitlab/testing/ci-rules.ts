import { parse, parseAllDocuments } from "yaml";
import type { GeneratedFile } from "../../pipeline/generated-file";
import type { CiJob, WorkflowRule } from "../ci-file";
import { holds, pipelineOf, type Start } from "./pipelines";

const reserved =
  /^(image|services|stages|types|before_script|after_script|variables|cache|include|true|false|nil|default|pages|workflow|spec|pages:deploy)$/;
const byDigest = /@sha256:[0-9a-f]{64}$/;
/** Places where GitLab or its runner puts the value of a variable: Headgate puts none there but these. */
const known = /\$(CI_[A-Z_]+)/g;

/** What a generated pipeline breaks of the rules that it must keep, whatever it does. */
export function brokenRules(
  files: readonly GeneratedFile[],
  pipelines: readonly Start[],
  secrets: readonly string[],
): string[] {
  const broken: string[] = [];
  const jobs: Record<string, CiJob> = {};
  let rules: readonly WorkflowRule[] = [];
  for (const { path, content } of files.filter((file) => file.path.endsWith(".yml"))) {
    const [document, ...others] = parseAllDocuments(content, { version: "1.2" });
    const read = parse(content, { version: "1.1" });
    if (path.startsWith(".gitlab/ci/")) Object.assign(jobs, read);
    if (path === ".gitlab-ci.yml") rules = read.workflow.rules;
    // A second document, or a head with `spec`, would make GitLab look for $[[ inputs ]] in everybody's text.
    if (others.length > 0) broken.push(`${path} is not one document`);
    if (/^\s*<<\s*:|^spec:/m.test(content)) broken.push(`${path} has a head or a merge`);
    if (JSON.stringify(read) !== JSON.stringify(document)) broken.push(`${path} reads differently as YAML 1.1 and 1.2`);
  }
  for (const [name, job] of Object.entries(jobs)) {
    broken.push(...brokenByJob(job, secrets).map((rule) => `${name} ${rule}`));
    if (reserved.test(name)) broken.push(`${name} is a name that GitLab keeps`);
    for (const { job: need } of job.needs ?? [])
      if (jobs[need] === undefined) broken.push(`${name} needs ${need}, which is not there`);
  }
  broken.push(...circles(jobs));
  for (const start of pipelines) {
    const present = pipelineOf(jobs, start);
    const starts = rules.some((rule) => holds(rule.if, start));
    if (!starts) {
      if (present.length > 0) broken.push(`${JSON.stringify(start)} has jobs and is not started`);
      continue;
    }
    for (const name of present) {
      for (const need of jobs[name]?.needs ?? []) {
        // GitLab refuses the whole pipeline.
        if (need.optional !== true && !present.includes(need.job)) {
          broken.push(`${name} needs ${need.job}, which is not part of ${JSON.stringify(start)}`);
        }
      }
    }
  }
  return broken;
}

function brokenByJob(job: CiJob, secrets: readonly string[]): string[] {
  const broken: string[] = [];
  const image = typeof job.image === "string" ? job.image : job.image.name;
  const script = [...(job.before_script ?? []), ...job.script, ...(job.after_script ?? [])].join("\n");
  const check = (wrong: boolean, rule: string): void => {
    if (wrong) broken.push(rule);
  };
  check(!byDigest.test(image), `runs in ${image}, which may change`);
  for (const { name } of job.services ?? []) check(!byDigest.test(name), `has a service ${name}, which may change`);
  for (const { variables = {} } of job.services ?? []) {
    check(/\$/.test(JSON.stringify(variables).replaceAll("$$", "")), "lets GitLab expand a service's text");
  }
  check(!/^[1-9]\d* minutes$/.test(job.timeout ?? ""), "has no timeout");
  check(!(job.rules?.length > 0), "has no rules");
  check(
    job.rules?.some((rule) => rule.when === "manual" && rule.allow_failure === undefined),
    "waits in an unsaid way",
  );
  // GitLab skips it as soon as a job that it needs was skipped, which is what failures do.
  check(job.rules?.some((rule) => rule.when === "on_failure") && job.needs !== undefined, "never hears of a failure");
  check("only" in job || "except" in job || "extends" in job, "has keys of old");
  const variables = { ...job.variables };
  check(
    secrets.some((name) => name in variables),
    "holds a secret in its variables",
  );
  const outside = JSON.stringify({
    ...job,
    script: [],
    before_script: [],
    after_script: [],
    rules: [],
    coverage: "",
    services: [],
  });
  check(/[$%]/.test(outside.replaceAll(known, "")), "lets GitLab expand somebody's text");
  check(/docker\.sock|--privileged|curl[^\n|]*\|\s*(ba)?sh\b/.test(script), "runs what nobody may");
  if (job.resource_group !== undefined) {
    check(job.environment === undefined || job.environment.action !== undefined, "deploys to no environment");
    check(job.interruptible !== false, "can be stopped by a later push");
    check(job.retry !== undefined, "deploys again by itself");
    check(job.cache === undefined || !Array.isArray(job.cache), "deploys what a cache holds");
  }
  check(
    job.retry?.when.some((reason) => !/runner_system_failure|scheduler_failure/.test(reason)) ?? false,
    "tries bad tests again",
  );
  return broken;
}

function circles(jobs: Readonly<Record<string, CiJob>>): string[] {
  const state = new Map<string, "open" | "done">();
  const found: string[] = [];
  const visit = (name: string): void => {
    if (state.get(name) === "done") return;
    if (state.get(name) === "open") {
      found.push(`${name} waits for itself`);
      return;
    }
    state.set(name, "open");
    for (const { job } of jobs[name]?.needs ?? []) visit(job);
    state.set(name, "done");
  };
  for (const name of Object.keys(jobs)) visit(name);
  return found;
}

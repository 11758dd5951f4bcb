import { deliveredBranches } from "../../pipeline/delivered-branches";
import { jobsOf, plannedEnvironment } from "../../pipeline/lookup";
import type { PlannedEnvironment } from "../../pipeline/plan";
import { Phase, type PlannedJob, type TestJob } from "../../pipeline/planned-jobs";
import { askJob } from "./approve";
import { publishJob } from "./build";
import { branchCondition, builtImages } from "./delivered";
import { deployFile, deployPermissions, deploySecrets } from "./deploy";
import type { Emitter } from "./emitter";
import { expression, text } from "./expression";
import { announceJob, notifyJob } from "./notify";
import { readSources } from "./permissions";
import { secret } from "./registry";
import { releaseJob } from "./release";
import { scanPermissions } from "./scans";
import { keepFiguresJob, testJob } from "./tests";
import type { CallJob, Job, Permissions, Workflow } from "./workflow";

/** Name of the job that calls the checks of a change; other jobs know them as the gate. */
const checks = "checks";

/** From a push to the last environment: checks, images, deployments, tests of what is deployed, the version. */
export function deliverWorkflow(emitter: Emitter): Workflow | undefined {
  const jobs = emitter.plan.jobs.filter(({ phase }) => phase === Phase.deliver);
  if (jobs.length === 0) return undefined;
  const made: Record<string, Job> = {
    [checks]: { name: "Checks", permissions: checkPermissions(emitter), calls: "ci.yml" },
  };
  for (const job of jobs) made[job.id] = deliverJob(emitter, job);
  const compared = jobsOf(emitter.plan, "test").filter(({ comparison }) => comparison?.baseline === "branch");
  if (compared.length > 0) {
    const needs = [checks, ...compared.filter(({ phase }) => phase === Phase.deliver).map(({ id }) => id)];
    made["keep-figures"] = keepFiguresJob(emitter, compared, needs);
  }
  return {
    file: "deliver.yml",
    name: "Deliver",
    on: { push: { branches: deliveredBranches(emitter.plan) } },
    // Each commit has a run of its own: deployments wait for each other, runs do not.
    concurrency: { group: text`deliver-${expression`github.sha`}`, cancelInProgress: false },
    jobs: made,
  };
}

/** What the checks may do at most, all of them together. */
function checkPermissions(emitter: Emitter): Permissions {
  const toCodecov = jobsOf(emitter.plan, "test").some(({ coverage }) => coverage?.upload === "codecov");
  return {
    ...readSources,
    ...scanPermissions(jobsOf(emitter.plan, "scan")),
    ...(toCodecov && { "id-token": { access: "write" as const, why: "send coverage to Codecov" } }),
  };
}

function deliverJob(emitter: Emitter, job: PlannedJob): Job {
  const needs = job.needs.map((id) => (id === "gate" ? checks : id));
  switch (job.kind) {
    case "build":
      return publishJob(emitter, job, needs);
    case "deploy":
      return deployJob(emitter, plannedEnvironment(emitter.plan, job.environment), needs);
    case "ask":
      return askJob(emitter, plannedEnvironment(emitter.plan, job.environment), needs);
    case "test":
      return { ...testJob(emitter, job as TestJob), needs };
    case "release":
      return releaseJob(emitter, needs);
    case "announce": {
      const condition = branchCondition(emitter, plannedEnvironment(emitter.plan, job.environment));
      return { ...announceJob(emitter, job, needs), ...(condition !== undefined && { if: condition }) };
    }
    case "notify":
      return notifyJob(emitter, job, needs);
    default:
      throw new Error(`${job.id} is no part of a delivery`);
  }
}

function deployJob(emitter: Emitter, environment: PlannedEnvironment, needs: readonly string[]): CallJob {
  const condition = branchCondition(emitter, environment);
  return {
    name: `Deploy to ${environment.name}`,
    needs,
    ...(condition !== undefined && { if: condition }),
    permissions: deployPermissions(emitter, environment),
    calls: deployFile(environment),
    with: { images: builtImages(environment.images) },
    secrets: Object.fromEntries(deploySecrets(emitter, environment).map((name) => [name, secret(name)])),
  };
}

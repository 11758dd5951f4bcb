import { formatProblem } from "../model/problem";
import { deliveredBranches } from "../pipeline/delivered-branches";
import type { GeneratedFile } from "../pipeline/generated-file";
import { hookFiles } from "../pipeline/hooks";
import { jobsOf, plannedEnvironment } from "../pipeline/lookup";
import type { PipelinePlan } from "../pipeline/plan";
import { Phase, type PlannedJob } from "../pipeline/planned-jobs";
import { renovateFile } from "../pipeline/renovate";
import { type CiFile, type CiJob, type Rule, stages, type WorkflowRule } from "./ci-file";
import * as conditions from "./conditions";
import { Emitter, jobName, needsOf } from "./emitter";
import type { GitlabImages } from "./images/images";
import { approvedBy, buildJobs, tryBuildJob } from "./jobs/build";
import { commandsJob, gateJob, scanJob, testJob, worksOnGitlab } from "./jobs/check";
import { deployJob } from "./jobs/deploy";
import { watchJob } from "./jobs/infrastructure";
import { notifyJobs } from "./jobs/notify";
import { dispatchedJob, findJob, releaseJob } from "./jobs/release";
import { gitlabProblems } from "./problems";
import { renderCiFile } from "./render";

/** What the files are written with, beside the plan. */
export interface GitlabFilesOptions {
  /** Images that come before the document's and the library's own. */
  images?: GitlabImages;
}

/**
 * Every file that GitLab needs for a pipeline: jobs, the updater's settings, git hooks. The same plan gives the same
 * bytes. Throws what gitlabProblems finds.
 */
export function gitlabFiles(plan: PipelinePlan, { images = {} }: GitlabFilesOptions = {}): GeneratedFile[] {
  const problems = gitlabProblems(plan, { images });
  if (problems.length > 0) throw new Error(problems.map(formatProblem).join("\n"));
  const emitter = new Emitter(plan, images);
  const parts: CiFile[] = [
    { path: ".gitlab/ci/check.yml", jobs: checkJobs(emitter) },
    { path: ".gitlab/ci/deliver.yml", jobs: deliverJobs(emitter) },
    { path: ".gitlab/ci/tag.yml", jobs: tagJobs(emitter) },
    { path: ".gitlab/ci/watch.yml", jobs: watchJobs(emitter) },
    { path: ".gitlab/ci/run.yml", jobs: runJobs(emitter) },
  ].filter(({ jobs }) => Object.keys(jobs).length > 0);
  return [
    renderCiFile({
      path: ".gitlab-ci.yml",
      workflow: { auto_cancel: { on_new_commit: "interruptible" }, rules: pipelines(emitter, parts) },
      stages,
      include: parts.map(({ path }) => ({ local: `/${path}` })),
      jobs: {},
    }),
    ...parts.map(renderCiFile),
    // Dependabot does not work on GitLab. The images of its jobs come from the document.
    ...(plan.maintenance.updates === "renovate" ? [renovateFile(plan, ["gitlabci"])] : []),
    ...(plan.hooks === undefined ? [] : hookFiles(plan.hooks)),
  ];
}

/** Branches whose pushes are checked. */
const pushedBranches = ({ plan }: Emitter): string[] => {
  const { production, integration } = plan.branches;
  return [...new Set([production, ...(integration === undefined ? [] : [integration]), ...deliveredBranches(plan)])];
};

/** Pipelines that have a job. A commit that is delivered has one of its own, which no later one cancels. */
function pipelines(emitter: Emitter, files: readonly CiFile[]): WorkflowRule[] {
  const used = new Set(
    files.flatMap(({ jobs }) => Object.values(jobs).flatMap(({ rules }) => rules.map((rule) => rule.if))),
  );
  const has = (source: string) => [...used].some((condition) => condition.includes(source));
  return [
    { if: conditions.onMergeRequest(emitter.plan) },
    { if: conditions.onPush(pushedBranches(emitter)), auto_cancel: { on_new_commit: "none" } },
    ...[...used].filter((condition) => condition.includes("$CI_COMMIT_TAG")).map((condition) => ({ if: condition })),
    ...(has(conditions.onAnySchedule)
      ? [{ if: conditions.onAnySchedule, auto_cancel: { on_new_commit: "none" as const } }]
      : []),
    ...(has(conditions.onAnyRequest)
      ? [{ if: conditions.onAnyRequest, auto_cancel: { on_new_commit: "none" as const } }]
      : []),
  ];
}

type Jobs = Record<string, CiJob>;

/** What a change must pass, and the gate over all of it. */
function checkJobs(emitter: Emitter): Jobs {
  const change = emitter.onChange(pushedBranches(emitter));
  // A branch that is delivered builds its images to publish them.
  const delivered = deliveredBranches(emitter.plan);
  const other = pushedBranches(emitter).filter((branch) => !delivered.includes(branch));
  const tried = other.length === 0 ? change.slice(0, 1) : emitter.onChange(other);
  const jobs: Jobs = {};
  for (const job of emitter.plan.jobs) {
    if (job.kind === "scan" && worksOnGitlab(job.scanner)) {
      jobs[job.id] = scanJob(emitter, job, [...change, { if: conditions.onSchedule("scan") }]);
    }
    if (job.phase !== Phase.change) continue;
    if (job.kind === "commands") jobs[jobName(job.id)] = commandsJob(emitter, job, change);
    if (job.kind === "test") jobs[job.id] = testJob(emitter, job, change);
    if (job.kind === "build") jobs[job.id] = tryBuildJob(emitter, job, tried);
  }
  const optional = jobsOf(emitter.plan, "build").map(({ id }) => id);
  const gate = gateJob(emitter, Object.keys(jobs), change);
  jobs["gate"] = {
    ...gate,
    needs: (gate.needs ?? []).map((need) => ({ ...need, ...(optional.includes(need.job) && { optional: true }) })),
  };
  return jobs;
}

/** From a push to the last environment: images, deployments, tests of what is deployed, the version. */
function deliverJobs(emitter: Emitter): Jobs {
  const { plan } = emitter;
  const jobs: Jobs = {};
  const branches = deliveredBranches(plan);
  for (const job of plan.jobs) {
    if (job.phase !== Phase.deliver) continue;
    switch (job.kind) {
      case "build":
        for (const [id, made] of buildJobs(emitter, job, [{ if: conditions.onPush(branches) }])) jobs[id] = made;
        break;
      case "deploy":
      case "ask":
        jobs[`deploy-${job.environment}`] = delivery(emitter, job);
        break;
      case "test":
        if (job.environment !== undefined) {
          const rule = { if: conditions.onPush(...branchesTo(emitter, job.environment)) };
          jobs[job.id] = testJob(emitter, job, [rule], needsOf(job.needs, { artifacts: false }));
        }
        break;
      case "release":
        jobs[job.id] = releaseJob(
          emitter,
          [{ if: conditions.onPush([plan.branches.production]) }],
          needsWithImages(emitter, job),
        );
        break;
      case "announce":
        // GitLab shows what waits by itself; gitlabRemarks says that nobody is told of it.
        break;
      case "notify":
        for (const [id, made] of notifyJobs(emitter, job, [conditions.onPush(branches)])) jobs[id] = made;
        break;
      default:
        throw new Error(`${job.id} is no part of a delivery`);
    }
  }
  return jobs;
}

/** The branches of an environment and of each that it promotes from: a version that was nowhere before goes nowhere. */
const branchesTo = (emitter: Emitter, environment: string) => {
  const [own = [], ...before] = conditions
    .wayTo(emitter.plan, plannedEnvironment(emitter.plan, environment))
    .map(({ branches }) => branches);
  return [own, ...before] as const;
};

function needsWithImages(emitter: Emitter, job: PlannedJob) {
  const images = emitter.plan.images.map(({ name }) => name).filter((name) => job.needs.includes(`build-${name}`));
  const others = [
    ...job.needs.filter((id) => !id.startsWith("build-")),
    ...images.flatMap((name) => approvedBy(emitter, name)),
  ];
  return [...needsOf(images.map((name) => `build-${name}`)), ...needsOf(others, { artifacts: false })];
}

/** A deployment that waits for somebody where the plan asks for it: nobody can be made to agree in a file. */
function delivery(emitter: Emitter, job: PlannedJob & { environment: string }): CiJob {
  const environment = plannedEnvironment(emitter.plan, job.environment);
  const waits = environment.approval !== undefined;
  const rule: Rule = {
    if: conditions.onPush(...branchesTo(emitter, environment.name)),
    ...(waits && { when: "manual", allow_failure: false }),
  };
  return deployJob(emitter, environment, "jobs", { rules: [rule], needs: needsWithImages(emitter, job) });
}

/** What a pushed tag does. The plan gives its deployments the names of those that follow a push. */
function tagJobs(emitter: Emitter): Jobs {
  const { plan } = emitter;
  const jobs: Jobs = {};
  const { versioning } = plan;
  const own = versioning?.way === "tag" ? [`${versioning.prefix}*${versioning.suffix}`] : [];
  const patterns = plan.jobs.flatMap((job) =>
    job.phase === Phase.tag && job.kind === "deploy" ? plannedEnvironment(emitter.plan, job.environment).tags : [],
  );
  for (const job of plan.jobs) {
    if (job.phase !== Phase.tag) continue;
    if (job.kind === "resolve")
      jobs[job.id] = findJob(emitter, [{ if: conditions.onTag([...own, ...patterns]) }], job.timeoutMinutes);
    if (job.kind !== "deploy") continue;
    const environment = plannedEnvironment(emitter.plan, job.environment);
    const before = job.needs.filter((id) => id !== "find-images").map((id) => id.slice("deploy-".length));
    const tags = [environment.tags, ...before.map((name) => plannedEnvironment(emitter.plan, name).tags)];
    const rule: Rule = {
      if: conditions.onTag(...tags),
      ...(environment.approval !== undefined && { when: "manual", allow_failure: false }),
    };
    const needs = [...needsOf(["find-images"]), ...needsOf(before.map(tagged), { artifacts: false })];
    jobs[tagged(environment.name)] = deployJob(emitter, environment, "jobs", { rules: [rule], needs });
  }
  return jobs;
}

const tagged = (environment: string): string => `tagged-deploy-${environment}`;

/** Previews on merge requests, and looks for drift on a schedule. */
function watchJobs(emitter: Emitter): Jobs {
  const jobs: Jobs = {};
  for (const job of emitter.plan.jobs) {
    if (job.kind === "preview")
      jobs[job.id] = watchJob(emitter, job, [{ if: conditions.onMergeRequest(emitter.plan) }]);
    if (job.kind === "drift") jobs[job.id] = watchJob(emitter, job, [{ if: conditions.onSchedule("drift") }]);
  }
  return jobs;
}

/** What somebody starts: work of the document, and deployments of images that are there already. */
function runJobs(emitter: Emitter): Jobs {
  const jobs: Jobs = {};
  const rules = (what: string): Rule[] => [
    { if: conditions.onRequest(what) },
    { if: conditions.onChoice, when: "manual", allow_failure: true },
  ];
  for (const job of jobsOf(emitter.plan, "dispatched"))
    jobs[`run-${job.name}`] = dispatchedJob(emitter, job, rules(`run-${job.name}`));
  for (const environment of emitter.plan.environments) {
    const what = `start-deploy-${environment.name}`;
    const [request, choice] = rules(what);
    const guarded: Rule[] = [
      { ...(request as Rule), ...(environment.approval !== undefined && { when: "manual", allow_failure: false }) },
      choice as Rule,
    ];
    jobs[what] = deployJob(emitter, environment, "request", { rules: guarded, needs: [] });
  }
  return jobs;
}

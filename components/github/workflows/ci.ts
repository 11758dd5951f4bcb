import { jobsOf } from "../../pipeline/lookup";
import { type CommandsJob, Phase, Scanner } from "../../pipeline/planned-jobs";
import { gateScript } from "../../pipeline/scripts/gate";
import { tryBuildJob } from "./build";
import type { Emitter } from "./emitter";
import { expression, text } from "./expression";
import { readSources } from "./permissions";
import { scanJob, scanPermissions } from "./scans";
import { checkout, setup } from "./setup";
import { testJob } from "./tests";
import type { Job, StepsJob, Triggers, Workflow } from "./workflow";

/** Name of the job that calls the scans. */
const security = "security";

/** What a change must pass: lint, types, tests, builds, scans, and the gate over all of them. */
export function ciWorkflow(emitter: Emitter, deliveredFrom: readonly string[]): Workflow {
  const { plan } = emitter;
  const scans = jobsOf(plan, "scan");
  const jobs: Record<string, Job> = {};
  for (const job of plan.jobs) {
    if (job.phase !== Phase.change) continue;
    if (job.kind === "commands") jobs[job.id] = commandsJob(emitter, job);
    if (job.kind === "test") jobs[job.id] = testJob(emitter, job);
    if (job.kind === "build") jobs[job.id] = tryBuildJob(emitter, job);
  }
  if (scans.length > 0) {
    jobs[security] = { name: "Security", permissions: scanPermissions(scans), calls: "security.yml" };
  }
  const skippable = scans.length > 0 && scans.every(({ scanner }) => scanner === Scanner.dependencyReview);
  jobs["gate"] = gateJob(emitter, Object.keys(jobs), skippable ? [security] : []);
  return {
    file: "ci.yml",
    name: "CI",
    on: { ...onChanges(emitter, deliveredFrom), call: {} },
    concurrency: {
      group: text`ci-${expression`github.workflow`}-${expression`github.event.pull_request.number || github.sha`}`,
      cancelInProgress: expression`github.event_name == 'pull_request'`,
    },
    jobs,
  };
}

/** Branches that are delivered from are checked by the delivery itself. */
function onChanges({ plan: { branches } }: Emitter, deliveredFrom: readonly string[]): Triggers {
  const { production, integration } = branches;
  const targets = integration === undefined ? [production] : [production, integration];
  const pushed = targets.filter((branch) => !deliveredFrom.includes(branch));
  return {
    pullRequest: { branches: targets },
    mergeGroup: true,
    ...(pushed.length > 0 && { push: { branches: pushed } }),
  };
}

function commandsJob(emitter: Emitter, job: CommandsJob): StepsJob {
  const { plan } = emitter;
  return {
    name: job.title,
    permissions: readSources,
    runsOn: plan.runners.githubLabel,
    timeoutMinutes: job.timeoutMinutes,
    steps: [
      checkout(emitter),
      ...setup(emitter, plan.toolchain, { directory: plan.directory, cached: emitter.mayCache }),
      ...job.commands.map(({ title, run }, index) => ({
        name: title,
        // Every command tells what it found, also after another one failed.
        ...(index > 0 && { if: expression`!cancelled()` }),
        workingDirectory: plan.directory,
        run,
      })),
    ],
  };
}

/** The one check that rulesets ask for, so that they stay as they are when jobs come and go. */
function gateJob({ plan }: Emitter, needs: readonly string[], maySkip: readonly string[]): StepsJob {
  return {
    name: "gate",
    needs,
    if: expression`always()`,
    permissions: {},
    runsOn: plan.runners.githubLabel,
    timeoutMinutes: 5,
    steps: [
      {
        name: "Look at every result",
        env: { RESULTS: expression`toJSON(needs)`, MAY_SKIP: maySkip.join(" ") },
        run: gateScript,
      },
    ],
  };
}

/** The scans by themselves, for the time table and for the workflow above. */
export function securityWorkflow(emitter: Emitter): Workflow | undefined {
  const scans = jobsOf(emitter.plan, "scan");
  if (scans.length === 0) return undefined;
  return {
    file: "security.yml",
    name: "Security",
    on: { schedule: emitter.plan.security.schedule, dispatch: {}, call: {} },
    concurrency: {
      group: text`security-${expression`github.workflow`}-${expression`github.event.pull_request.number || github.sha`}`,
      cancelInProgress: expression`github.event_name == 'pull_request'`,
    },
    jobs: Object.fromEntries(scans.map((scan) => [scan.id, scanJob(emitter, scan)])),
  };
}

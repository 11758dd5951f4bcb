import type { Pipeline } from "../model/pipeline";
import type { Checks } from "../model/pipeline-tests";
import { minutesOf } from "./environments";
import type { PipelinePlan, PlannedEnvironment } from "./plan";
import {
  type Command,
  type CommandsJob,
  type JobBasics,
  Phase,
  type PlannedJob,
  Scanner,
  type TestJob,
} from "./planned-jobs";
import { toolCommand } from "./toolchain";

/** Minutes after which a job that nobody gave a time is stopped. */
const usualMinutes = 30;
/** A release that goes step by step takes its time: six hours is the most that GitHub gives a job. */
const deployMinutes = 360;

type Parts = Omit<PipelinePlan, "jobs">;
type Basics = Partial<JobBasics> & Pick<JobBasics, "id" | "title" | "phase">;

const basics = (given: Basics): JobBasics => ({ needs: [], timeoutMinutes: usualMinutes, secrets: [], ...given });

/** Every job with what it needs. The order in which things may happen is decided here, for every platform alike. */
export function planJobs(pipeline: Pipeline, parts: Parts, tests: readonly TestJob[]): PlannedJob[] {
  const changes: PlannedJob[] = [
    ...commandsJob("lint", "Lint", pipeline.lint, parts),
    ...commandsJob("types", "Types", pipeline.types, parts),
    ...tests.filter(({ phase }) => phase === Phase.change),
    ...parts.images.map(
      ({ name }): PlannedJob => ({
        ...basics({ id: `try-${name}`, title: `Build ${name}`, phase: Phase.change, timeoutMinutes: 60 }),
        kind: "build",
        image: name,
        publish: false,
      }),
    ),
    ...scanJobs(pipeline, parts),
  ];
  const gate: PlannedJob = {
    ...basics({ id: "gate", title: "Gate", phase: Phase.change, timeoutMinutes: 5, needs: ids(changes) }),
    kind: "gate",
  };
  return [
    ...changes,
    gate,
    ...deliverJobs(parts, tests),
    ...watchJobs(parts),
    ...tagJobs(parts),
    ...Object.entries(pipeline.dispatch ?? {}).map(
      ([name, { description = name, command, timeout = "30m", inputs = {}, secrets = [] }]): PlannedJob => ({
        ...basics({ id: name, title: description, phase: Phase.dispatch, timeoutMinutes: minutesOf(timeout), secrets }),
        kind: "dispatched",
        name,
        command,
        inputs,
      }),
    ),
    ...(parts.maintenance.keepImagesDays === undefined || parts.images.length === 0
      ? []
      : [
          {
            ...basics({ id: "remove-images", title: "Remove images without a tag", phase: Phase.cleanup }),
            kind: "cleanup" as const,
            keepDays: parts.maintenance.keepImagesDays,
          },
        ]),
  ];
}

const ids = (jobs: readonly JobBasics[]): string[] => jobs.map(({ id }) => id);

function commandsJob(id: string, title: string, checks: Checks | undefined, parts: Parts): CommandsJob[] {
  const commands: Command[] = [
    ...(checks?.tools ?? []).map((tool) => toolCommand(tool, parts.toolchain)),
    ...(checks?.commands ?? []).map((run) => ({ title: run.trim().split("\n")[0] ?? run, run })),
  ];
  if (commands.length === 0) return [];
  return [{ ...basics({ id, title, phase: Phase.change }), kind: "commands", commands }];
}

function scanJobs({ security = {} }: Pipeline, { security: planned }: Parts): PlannedJob[] {
  const { trivy, codeql, snyk, bandit, gitleaks = true, dependencyReview = true, workflows = true } = security;
  const wanted: [Scanner, string, boolean, string[]?][] = [
    [Scanner.trivyFiles, "Trivy: known holes", trivy !== undefined && trivy.files !== false],
    [Scanner.trivyConfiguration, "Trivy: settings", trivy !== undefined && trivy.configuration !== false],
    [Scanner.codeql, "CodeQL", codeql !== undefined],
    [Scanner.snyk, "Snyk", snyk !== undefined, [planned.snykToken]],
    [Scanner.bandit, "Bandit", bandit === true],
    [Scanner.npmAudit, "npm audit", planned.audit.includes("npm-audit")],
    [Scanner.pipAudit, "pip-audit", planned.audit.includes("pip-audit")],
    [Scanner.gitleaks, "Gitleaks", gitleaks],
    [Scanner.dependencyReview, "Dependency review", dependencyReview],
    [Scanner.workflows, "Workflows", workflows],
  ];
  return wanted
    .filter(([, , isWanted]) => isWanted)
    .map(([scanner, title, , secrets = []]) => ({
      ...basics({ id: scanner, title, phase: Phase.scan, secrets }),
      kind: "scan",
      scanner,
    }));
}

function deliverJobs(parts: Parts, tests: readonly TestJob[]): PlannedJob[] {
  const { images, environments, versioning, messages } = parts;
  const builds = images.map(
    ({ name }): PlannedJob => ({
      ...basics({ id: `build-${name}`, title: `Publish ${name}`, phase: Phase.deliver, timeoutMinutes: 60 }),
      needs: ["gate"],
      kind: "build",
      image: name,
      publish: true,
    }),
  );
  const jobs: PlannedJob[] = [...builds];
  const reached = environments.filter(({ automatic, branches }) => automatic && branches.length > 0);
  for (const environment of reached) {
    const before = tests.filter(
      (test) => test.environment === environment.promotesFrom && test.environment !== undefined,
    );
    const from = environment.promotesFrom === undefined ? [] : [`deploy-${environment.promotesFrom}`];
    const needs = ["gate", ...ids(builds), ...from, ...ids(before)];
    if (waitsForSomebody(environment) && tells(parts, environment, "approval-needed")) {
      jobs.push(announceJob(parts, environment, needs));
    }
    jobs.push(
      environment.approval?.way === "issue"
        ? askJob(environment, needs)
        : { ...deployJob(environment, Phase.deliver), needs },
      ...(environment.approval?.way === "issue" ? [] : testsAfter(tests, environment)),
    );
  }
  if (versioning !== undefined && versioning.way !== "tag") {
    jobs.push({
      ...basics({ id: "release", title: "Release", phase: Phase.deliver, needs: ["gate", ...ids(builds)] }),
      kind: "release",
    });
  }
  if (messages.length > 0 && jobs.length > 0) {
    jobs.push({
      ...basics({ id: "notify", title: "Notify", phase: Phase.deliver, timeoutMinutes: 5 }),
      needs: ["gate", ...ids(jobs.filter(({ kind }) => kind !== "announce"))],
      secrets: [...new Set(messages.flatMap(({ secrets }) => secrets))],
      kind: "notify",
    });
  }
  return jobs;
}

const testsAfter = (tests: readonly TestJob[], { name }: PlannedEnvironment): TestJob[] =>
  tests.filter(({ environment }) => environment === name).map((test) => ({ ...test, needs: [`deploy-${name}`] }));

const waitsForSomebody = ({ approval }: PlannedEnvironment): boolean =>
  approval !== undefined && approval.users.length + approval.teams.length > 0;

const tells = ({ messages }: Parts, { name }: PlannedEnvironment, event: string): boolean =>
  messages.some(({ events, environments }) => events.includes(event) && environments.includes(name));

const announceJob = ({ messages }: Parts, { name }: PlannedEnvironment, needs: readonly string[]): PlannedJob => ({
  ...basics({ id: `announce-${name}`, title: `Announce ${name}`, phase: Phase.deliver, timeoutMinutes: 5, needs }),
  secrets: [...new Set(messages.flatMap(({ secrets }) => secrets))],
  kind: "announce",
  environment: name,
});

const askJob = ({ name }: PlannedEnvironment, needs: readonly string[]): PlannedJob => ({
  ...basics({ id: `ask-${name}`, title: `Ask for ${name}`, phase: Phase.deliver, timeoutMinutes: 5, needs }),
  kind: "ask",
  environment: name,
});

const deployJob = ({ name, secrets }: PlannedEnvironment, phase: Phase) => ({
  ...basics({ id: `deploy-${name}`, title: `Deploy to ${name}`, phase, timeoutMinutes: deployMinutes, secrets }),
  kind: "deploy" as const,
  environment: name,
});

function watchJobs({ infrastructure, environments }: Parts): PlannedJob[] {
  const { secrets } = infrastructure;
  const of = (kind: "preview" | "drift", title: string, phase: Phase): PlannedJob[] =>
    environments.map(({ name }) => ({
      ...basics({ id: `${kind}-${name}`, title: `${title} ${name}`, phase, timeoutMinutes: 30, secrets }),
      kind,
      environment: name,
    }));
  return [
    ...(infrastructure.preview ? of("preview", "Preview", Phase.preview) : []),
    ...(infrastructure.drift === undefined ? [] : of("drift", "Drift of", Phase.drift)),
  ];
}

/** A pushed tag names a commit whose images are there already: they get the version, and go where tags go. */
function tagJobs({ versioning, environments, images }: Parts): PlannedJob[] {
  const reached = environments.filter(({ tags, approval }) => tags.length > 0 && approval?.way !== "dispatch");
  if (images.length === 0 || (versioning?.way !== "tag" && reached.length === 0)) return [];
  const resolve: PlannedJob = {
    ...basics({ id: "find-images", title: "Find the images of the commit", phase: Phase.tag }),
    kind: "resolve",
  };
  return [
    resolve,
    ...reached.map((environment) => ({
      ...deployJob(environment, Phase.tag),
      needs: [
        "find-images",
        ...reached.filter(({ name }) => name === environment.promotesFrom).map(({ name }) => `deploy-${name}`),
      ],
    })),
  ];
}

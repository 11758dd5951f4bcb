import { parseDuration } from "../model/duration";
import type { Approval, Environment, Verification } from "../model/environment";
import type { SmokeTests } from "../model/pipeline-tests";
import { joinPath, type Problem } from "../model/problem";
import type { PlannedApproval, PlannedEnvironment, PlannedSmoke, PlannedVerification } from "./plan";
import { someMeet } from "./refs";

/** What environments are planned with, beside what they say themselves. */
export interface EnvironmentContext {
  productionBranch: string;
  smoke?: SmokeTests;
  /** Secrets that Pulumi needs everywhere. */
  pulumiSecrets: readonly string[];
  /** Names of images built here, and of all services, that are delivered to an environment. */
  imagesOf(environment: string): readonly string[];
  servicesOf(environment: string): readonly string[];
}

/** Environment of jobs that get secrets and deploy nothing. */
export const ownEnvironment = "pipeline";

export const minutesOf = (duration: string): number => Math.max(1, Math.ceil(parseDuration(duration) / 60));

/** The environments, each after the one it promotes from. */
export function planEnvironments(
  environments: Readonly<Record<string, Environment>>,
  context: EnvironmentContext,
): PlannedEnvironment[] {
  const planned: PlannedEnvironment[] = [];
  const add = (name: string): void => {
    const environment = environments[name];
    if (environment === undefined || planned.some((each) => each.name === name)) return;
    const from = environment.promotesFrom;
    if (from !== undefined) add(from);
    const before = planned.find((each) => each.name === from);
    planned.push(planEnvironment(name, environment, context, before));
  };
  for (const name of Object.keys(environments)) add(name);
  return planned;
}

function planEnvironment(
  name: string,
  environment: Environment,
  context: EnvironmentContext,
  before: PlannedEnvironment | undefined,
): PlannedEnvironment {
  const { stack = name, target, promotesFrom, url, variables = {}, secrets = [], identity = {} } = environment;
  const approval = planApproval(environment.approval);
  const verify = planVerification(environment.verify, url);
  const smoke = planSmoke(context.smoke, name);
  return {
    name,
    stack,
    ...(target !== undefined && { target }),
    ...(promotesFrom !== undefined && { promotesFrom }),
    ...(approval !== undefined && { approval }),
    branches: environment.branches ?? [context.productionBranch],
    tags: environment.tags ?? [],
    variables,
    secrets: [...new Set([...secrets, ...context.pulumiSecrets])],
    identity,
    ...(url !== undefined && { url }),
    ...(verify !== undefined && { verify }),
    ...(smoke !== undefined && { smoke }),
    images: context.imagesOf(name),
    services: context.servicesOf(name),
    automatic: approval?.way !== "dispatch" && before?.automatic !== false && before?.approval?.way !== "issue",
  };
}

function planApproval(approval: Approval | undefined): PlannedApproval | undefined {
  if (approval === undefined) return undefined;
  const { way = "environment", users = [], teams = [], preventSelfReview = true, wait = "0s" } = approval;
  return { way, users, teams, preventSelfReview, waitMinutes: Math.ceil(parseDuration(wait) / 60) };
}

function planVerification(verify: Verification | undefined, url: string | undefined): PlannedVerification | undefined {
  if (verify === undefined || url === undefined) return undefined;
  const { path = "/", consecutive = 5, interval = "30s", timeout = "10m", onFailure = "rollback" } = verify;
  return {
    url: `${url.replace(/\/+$/, "")}${path}`,
    consecutive,
    intervalSeconds: parseDuration(interval),
    timeoutSeconds: parseDuration(timeout),
    rollback: onFailure === "rollback",
  };
}

function planSmoke(smoke: SmokeTests | undefined, environment: string): PlannedSmoke | undefined {
  if (smoke === undefined || (smoke.environment ?? environment) !== environment) return undefined;
  const { command, timeout = "5m", secrets = [], onFailure = "fail" } = smoke;
  return { command, timeoutMinutes: minutesOf(timeout), secrets, rollback: onFailure === "rollback" };
}

/** Problems that show only once it is known where a run can go. */
export function environmentProblems(environments: readonly PlannedEnvironment[], path: string): Problem[] {
  return environments.flatMap((environment) => {
    const here = joinPath(path, environment.name);
    const { branches, tags, promotesFrom, approval } = environment;
    const problems: Problem[] = [];
    if (environment.name === ownEnvironment) {
      const problem = "is the name of the environment that holds the secrets of the pipeline itself";
      problems.push({ path: here, problem, fix: "Choose another name" });
    }
    if (branches.length === 0 && tags.length === 0) {
      const fix = 'Write branches: ["main"], for example';
      problems.push({ path: `${here}.branches`, problem: "is empty, so that nothing is ever deployed there", fix });
    }
    const before = environments.find((each) => each.name === promotesFrom);
    if (before !== undefined && branches.length > 0 && !someMeet(branches, before.branches)) {
      problems.push({
        path: here,
        problem: `is never reached: no branch of its own is one of ${before.name}'s, which it promotes from`,
        got: `${quoted(branches)} and ${quoted(before.branches)}`,
        fix: `Add ${quoted(branches.slice(0, 1))} to environments.${before.name}.branches`,
      });
    }
    if (approval?.way === "issue" && approval.users.length === 0) {
      const fix = "Name people in users: an answer in an issue is compared with them";
      problems.push({ path: `${here}.approval.users`, problem: 'is empty beside way "issue"', fix });
    }
    if (approval?.way === "issue" && approval.teams.length > 0) {
      const fix = 'Name people in users, or choose way "environment": a pipeline cannot see who is in a team';
      problems.push({ path: `${here}.approval.teams`, problem: 'has no effect beside way "issue"', fix });
    }
    if (approval !== undefined && approval.way !== "environment" && approval.waitMinutes > 0) {
      const fix = 'Remove it, or choose way "environment"';
      problems.push({ path: `${here}.approval.wait`, problem: `has no effect beside way "${approval.way}"`, fix });
    }
    return problems;
  });
}

const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(", ");

import { nearest } from "../../model/nearest";
import { describeValue, joinPath, type Problem } from "../../model/problem";
import { repeated, unknownName } from "../../model/references";
import type { GeneratedFile } from "../../pipeline/generated-file";
import type { PipelinePlan } from "../../pipeline/plan";
import { FileSink, type GithubDeliveryArgs, PinPolicy } from "./args";
import { environmentsIn } from "./environments";

/** Problems of what secrets, variables and the repository are called. */
export function accessProblems(args: GithubDeliveryArgs, pipeline: PipelinePlan): Problem[] {
  const { secrets = {}, environmentSecrets = {}, variables = {}, existingSecrets = [] } = args;
  return [
    ...repositoryProblems(args),
    ...repeated(existingSecrets, "existingSecrets"),
    ...existingSecrets.flatMap((name, index) =>
      name in secrets ? [twice(joinPath("existingSecrets", index), name, "secrets")] : [],
    ),
    ...Object.keys(variables).flatMap((name) =>
      name in secrets || existingSecrets.includes(name)
        ? [twice(joinPath("variables", name), name, name in secrets ? "secrets" : "existingSecrets")]
        : [],
    ),
    ...Object.entries(environmentSecrets).flatMap(([environment, values]) => {
      const here = joinPath("environmentSecrets", environment);
      const plain = pipeline.environments.find(({ name }) => name === environment)?.variables ?? {};
      return Object.keys(values).flatMap((name) =>
        name in plain ? [twice(joinPath(here, name), name, `delivery.environments.${environment}.variables`)] : [],
      );
    }),
  ];
}

const twice = (path: string, name: string, other: string): Problem => ({
  path,
  problem: `is also in ${other}`,
  got: describeValue(name),
  fix: "Remove it from one of the two",
});

function repositoryProblems({ repository, delivery }: GithubDeliveryArgs): Problem[] {
  const all = Object.values(delivery.repositories ?? {});
  const found = all.find(({ name }) => name.toLowerCase() === repository.toLowerCase());
  if (found === undefined && all.length > 0) {
    const names = all.map(({ name }) => name);
    const meant = nearest(repository, names);
    const fix = meant === undefined ? `Known there: ${names.join(", ")}` : `Did you mean ${meant}?`;
    return [{ path: "repository", problem: "is none of delivery.repositories", got: describeValue(repository), fix }];
  }
  if (found?.platform !== "gitlab") return [];
  const fix = 'Remove platform, or set it to "github"';
  return [{ path: "repository", problem: "is a repository of GitLab in delivery.repositories", fix }];
}

/** Problems of where files go. */
export function sinkProblems(args: GithubDeliveryArgs, { branches }: PipelinePlan): Problem[] {
  const { sink = FileSink.repository, branch, pullRequest, commitAuthor, directory, pins, bypass } = args;
  const problems: Problem[] = [];
  const useless = (path: string, given: boolean, fix: string) => {
    if (given) problems.push({ path, problem: `has no effect beside sink "${sink}"`, fix });
  };
  if (sink !== FileSink.repository) {
    const fix = 'Remove it, or choose sink "repository"';
    useless("branch", branch !== undefined, fix);
    useless("pullRequest", pullRequest !== undefined, fix);
    useless("commitAuthor", commitAuthor !== undefined, fix);
    useless("pins", pins === PinPolicy.keepNewer, fix);
  }
  useless("directory", sink !== FileSink.workTree && directory !== undefined, 'Remove it, or choose sink "work-tree"');
  const fields = Object.entries(bypass ?? {}).filter(([, value]) => value !== undefined && value !== false);
  if (bypass !== undefined && fields.length !== 1) {
    const got = fields.length === 0 ? "none" : fields.map(([key]) => key).join(" and ");
    const fix = "Write { app: 12345 }, the id of the GitHub App that runs Pulumi, for example";
    problems.push({ path: "bypass", problem: "must have exactly one of app, team and administrators", got, fix });
  }
  const target = branch ?? (pullRequest === undefined ? branches.production : undefined);
  const guarded = target !== undefined && [branches.production, branches.integration].includes(target);
  if (sink === FileSink.repository && guarded && pullRequest !== undefined) {
    const got = describeValue(branch);
    problems.push({
      path: "branch",
      problem: "is protected, and nothing can be proposed from it",
      got,
      fix: "Remove it: the files then get a branch of their own",
    });
  } else if (sink === FileSink.repository && guarded && bypass === undefined) {
    const problem = `is missing: the ruleset of ${target} would refuse the next change of a file`;
    const fix = "Add bypass: { app: 12345 }, the id of the GitHub App that runs Pulumi, or pullRequest: {}";
    problems.push({ path: "bypass", problem, fix });
  }
  if (branch?.includes("*")) {
    const fix = 'Write "pipeline", for example';
    problems.push({ path: "branch", problem: "must be one branch, not a glob", got: describeValue(branch), fix });
  }
  return problems;
}

/** Secrets that the files ask for and nobody gives, and those that are given where nobody asks. */
export function secretProblems(
  { secrets = {}, environmentSecrets = {}, existingSecrets = [] }: GithubDeliveryArgs,
  { environments }: PipelinePlan,
  files: readonly GeneratedFile[],
): Problem[] {
  const known = [...new Set([...environments.map(({ name }) => name), ...environmentsIn(files)])];
  const unknown = Object.keys(environmentSecrets).flatMap((name) =>
    unknownName(name, known, "delivery.environments", joinPath("environmentSecrets", name)),
  );
  const everywhere = new Set([...Object.keys(secrets), ...existingSecrets]);
  const inEnvironment = (environment: string, name: string) => name in (environmentSecrets[environment] ?? {});
  const missing = environments.flatMap(({ name: environment, secrets: asked, smoke }) =>
    [...new Set([...asked, ...(smoke?.secrets ?? [])])]
      .filter((name) => !everywhere.has(name) && !inEnvironment(environment, name))
      .map((name) => lacking(joinPath("environmentSecrets", environment, name), `deployments to ${environment}`)),
  );
  const told = new Set(environments.flatMap(({ secrets: asked, smoke }) => [...asked, ...(smoke?.secrets ?? [])]));
  const others = [...new Set(files.flatMap(({ content }) => content.match(/\bsecrets\.[A-Z_][A-Z0-9_]*/g) ?? []))]
    .map((each) => each.replace("secrets.", ""))
    .filter((name) => name !== "GITHUB_TOKEN" && !told.has(name) && !everywhere.has(name))
    .filter((name) => !Object.keys(environmentSecrets).some((environment) => inEnvironment(environment, name)));
  return [...unknown, ...missing, ...others.map((name) => lacking(joinPath("secrets", name), "the workflows"))];
}

const lacking = (path: string, who: string): Problem => ({
  path,
  problem: `has no value, and ${who} ask for it`,
  fix: "Add it, or name it in existingSecrets when the repository has it already",
});

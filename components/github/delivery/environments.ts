import type { GeneratedFile } from "../../pipeline/generated-file";
import type { PipelinePlan } from "../../pipeline/plan";
import type { GithubDeliveryArgs } from "./args";

/** One environment of a repository. */
export interface GithubEnvironment {
  name: string;
  /** Logins and slugs of who has to agree; nobody, when both are empty. */
  users: readonly string[];
  teams: readonly string[];
  preventSelfReview: boolean;
  waitMinutes: number;
  /** Globs of what may be deployed there; without any, everything. */
  branches: readonly string[];
  tags: readonly string[];
  /** Names. */
  secrets: readonly string[];
  variables: Readonly<Record<string, string>>;
}

/** Environments that are deployed to, and those that other jobs of the pipeline have their secrets from. */
export function planGithubEnvironments(
  { environments }: PipelinePlan,
  { environmentSecrets = {} }: GithubDeliveryArgs,
  files: readonly GeneratedFile[],
): GithubEnvironment[] {
  const secretsOf = (name: string) => Object.keys(environmentSecrets[name] ?? {}).sort();
  const planned = environments.map(({ name, approval, branches, tags, variables }): GithubEnvironment => {
    const asked = approval?.way === "environment" ? approval : undefined;
    const { users = [], teams = [], preventSelfReview = false, waitMinutes = 0 } = asked ?? {};
    return {
      name,
      users,
      teams,
      // Without reviewers there is nothing to prevent.
      preventSelfReview: preventSelfReview && users.length + teams.length > 0,
      waitMinutes,
      branches,
      tags,
      secrets: secretsOf(name),
      variables,
    };
  });
  const open = {
    users: [],
    teams: [],
    preventSelfReview: false,
    waitMinutes: 0,
    branches: [],
    tags: [],
    variables: {},
  };
  const others = environmentsIn(files).filter((name) => !environments.some((each) => each.name === name));
  return [...planned, ...others.map((name) => ({ name, ...open, secrets: secretsOf(name) }))];
}

/** Names of the environments that jobs are in. */
export function environmentsIn(files: readonly GeneratedFile[]): string[] {
  const names = files.flatMap(({ content }) => [
    ...content.matchAll(/^ +environment:\n +name: ["']?([\w./-]+)["']?$/gm),
  ]);
  return [...new Set(names.map(([, name = ""]) => name))].sort();
}

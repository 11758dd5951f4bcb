import { branch } from "./branch";
import { deploymentPolicy } from "./deployment-policy";
import { environment } from "./environment";
import { repositoryFile } from "./file";
import { issueLabel } from "./label";
import { subjectTemplate } from "./oidc";
import { actionsPermissions } from "./permissions";
import { pullRequest } from "./pull-request";
import type { GithubResource } from "./resource";
import { ruleset } from "./ruleset";
import { actionsSecret, environmentSecret } from "./secret";
import { actionsVariable, environmentVariable } from "./variable";
import { webhook } from "./webhook";

const resources: Record<string, GithubResource> = {
  RepositoryFile: repositoryFile,
  RepositoryPullRequest: pullRequest,
  Branch: branch,
  ActionsSecret: actionsSecret,
  ActionsVariable: actionsVariable,
  ActionsEnvironmentSecret: environmentSecret,
  ActionsEnvironmentVariable: environmentVariable,
  RepositoryEnvironment: environment,
  RepositoryEnvironmentDeploymentPolicy: deploymentPolicy,
  ActionsRepositoryPermissions: actionsPermissions,
  ActionsRepositoryOidcSubjectClaimCustomizationTemplate: subjectTemplate,
  RepositoryWebhook: webhook,
  IssueLabel: issueLabel,
  RepositoryRuleset: ruleset,
};

export function resourceOf(type: string): GithubResource {
  const name = type.split(":").pop() ?? type;
  const resource = type.startsWith("github:index/") ? resources[name] : undefined;
  if (resource !== undefined) return resource;
  throw new Error(
    `The testkit's github provider does not serve ${type}. Install the official github plugin, or use one of ${Object.keys(resources).join(", ")}.`,
  );
}

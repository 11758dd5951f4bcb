import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { GithubEmulator } from "../emulator/emulator";

export const SEALED = "correct horse battery staple";

export interface Values {
  content?: string;
  message?: string;
  value?: string;
  secret?: string;
  reviews?: number;
  label?: string;
  wait?: number;
  pattern?: string;
  file?: string;
  claims?: string[];
}

/** A provider of the emulator, as fast as tests want it. */
export function providerOf(emulator: GithubEmulator, token = emulator.token): github.Provider {
  return new github.Provider("github", {
    baseUrl: emulator.url,
    token,
    owner: "acme",
    writeDelayMs: 1,
    retryDelayMs: 10,
  });
}

/** One of every type that the testkit serves. */
export function everything(emulator: GithubEmulator, values: Values = {}) {
  return async (): Promise<Record<string, pulumi.Output<unknown>>> => {
    const provider = providerOf(emulator);
    const repository = "shop";
    const on = { provider };
    const branch = new github.Branch("branch", { repository, branch: "pipeline" }, on);
    const file = new github.RepositoryFile(
      "file",
      {
        repository,
        file: values.file ?? ".github/workflows/ci.yml",
        content: values.content ?? "on: push\n",
        branch: branch.branch,
        commitMessage: values.message ?? "Write the pipeline",
        commitAuthor: "Robot",
        commitEmail: "robot@example.com",
      },
      on,
    );
    const request = new github.RepositoryPullRequest(
      "request",
      { baseRepository: repository, baseRef: "main", headRef: branch.branch, title: "Pipeline", body: "By hand" },
      { ...on, dependsOn: file },
    );
    new github.ActionsSecret(
      "secret",
      { repository, secretName: "NPM_TOKEN", value: pulumi.secret(values.secret ?? SEALED) },
      on,
    );
    new github.ActionsVariable(
      "variable",
      { repository, variableName: "LOG_LEVEL", value: values.value ?? "info" },
      on,
    );
    const environment = new github.RepositoryEnvironment(
      "environment",
      {
        repository,
        environment: "eu/production",
        canAdminsBypass: false,
        preventSelfReview: true,
        waitTimer: values.wait ?? 10,
        reviewers: [
          {
            users: [github.getUserOutput({ username: "octocat" }, on).id.apply(Number)],
            teams: [github.getTeamOutput({ slug: "operators" }, on).id.apply(Number)],
          },
        ],
        deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true },
      },
      on,
    );
    const place = { repository, environment: environment.environment };
    new github.RepositoryEnvironmentDeploymentPolicy(
      "policy",
      { ...place, branchPattern: values.pattern ?? "release/*" },
      on,
    );
    new github.RepositoryEnvironmentDeploymentPolicy("tags", { ...place, tagPattern: "v*" }, on);
    new github.ActionsEnvironmentSecret("environment-secret", { ...place, secretName: "PASSWORD", value: SEALED }, on);
    new github.ActionsEnvironmentVariable(
      "environment-variable",
      { ...place, variableName: "REGION", value: "eu" },
      on,
    );
    new github.ActionsRepositoryPermissions(
      "permissions",
      {
        repository,
        allowedActions: "selected",
        allowedActionsConfig: { githubOwnedAllowed: true, patternsAlloweds: ["docker/*@*", "acme/*@*"] },
        shaPinningRequired: true,
      },
      on,
    );
    new github.ActionsRepositoryOidcSubjectClaimCustomizationTemplate(
      "subject",
      { repository, useDefault: false, includeClaimKeys: values.claims ?? ["repo", "context"] },
      on,
    );
    const hook = new github.RepositoryWebhook(
      "hook",
      {
        repository,
        events: ["push", "deployment_status"],
        configuration: { url: "https://hooks.example.com/", contentType: "json", secret: pulumi.secret(SEALED) },
      },
      on,
    );
    new github.IssueLabel(
      "label",
      { repository, name: values.label ?? "deploy: production", color: "0e8a16", description: "Deploys" },
      on,
    );
    const ruleset = new github.RepositoryRuleset(
      "ruleset",
      {
        repository,
        name: "pipeline",
        target: "branch",
        enforcement: "active",
        bypassActors: [{ actorId: 4711, actorType: "Integration", bypassMode: "always" }],
        conditions: { refName: { includes: ["refs/heads/main"], excludes: [] } },
        rules: {
          deletion: true,
          nonFastForward: true,
          requiredLinearHistory: true,
          pullRequest: { requiredApprovingReviewCount: values.reviews ?? 1 },
          requiredStatusChecks: {
            requiredChecks: [{ context: "gate", integrationId: 15368 }, { context: "licence" }],
            strictRequiredStatusChecksPolicy: true,
          },
          mergeQueue: { mergeMethod: "SQUASH" },
        },
      },
      on,
    );
    return {
      number: request.number,
      sha: file.sha,
      hook: hook.url,
      ruleset: ruleset.rulesetId,
      branch: branch.sha,
    };
  };
}

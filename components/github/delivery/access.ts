import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { DeliveryContext } from "./context";
import type { GithubEnvironment } from "./environments";

/** What runs may do and get: all that has to be there before the first run. */
export function createAccess(context: DeliveryContext): pulumi.Resource[] {
  const { plan } = context;
  return [
    ...createValues(context),
    ...plan.environments.flatMap((environment) => createEnvironment(context, environment)),
    ...createPermissions(context),
  ];
}

function createValues({ name, component: parent, plan, args, repository }: DeliveryContext): pulumi.Resource[] {
  return [
    ...plan.secrets.map(
      (secretName) =>
        new github.ActionsSecret(
          `${name}-secret-${secretName}`,
          { repository, secretName, value: pulumi.secret(args.secrets?.[secretName] ?? "") },
          { parent },
        ),
    ),
    ...plan.variables.map(
      (variableName) =>
        new github.ActionsVariable(
          `${name}-variable-${variableName}`,
          { repository, variableName, value: args.variables?.[variableName] ?? "" },
          { parent },
        ),
    ),
  ];
}

/** An environment with everything in it. The name of each part begins with the environment's. */
function createEnvironment(context: DeliveryContext, planned: GithubEnvironment): pulumi.Resource[] {
  const { name, component: parent, args, repository } = context;
  const role = `${name}-environment-${planned.name}`;
  const limited = planned.branches.length + planned.tags.length > 0;
  const reviewers = reviewersOf(parent, planned);
  const made = new github.RepositoryEnvironment(
    role,
    {
      repository,
      environment: planned.name,
      canAdminsBypass: false,
      preventSelfReview: planned.preventSelfReview,
      ...(planned.waitMinutes > 0 && { waitTimer: planned.waitMinutes }),
      ...(reviewers !== undefined && { reviewers: [reviewers] }),
      ...(limited && { deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true } }),
    },
    { parent },
  );
  const place = { repository, environment: made.environment };
  const options = { parent, dependsOn: made };
  return [
    made,
    ...planned.branches.map(
      (branchPattern) =>
        new github.RepositoryEnvironmentDeploymentPolicy(
          `${role}-branch-${branchPattern}`,
          { ...place, branchPattern },
          options,
        ),
    ),
    ...planned.tags.map(
      (tagPattern) =>
        new github.RepositoryEnvironmentDeploymentPolicy(
          `${role}-tag-${tagPattern}`,
          { ...place, tagPattern },
          options,
        ),
    ),
    ...planned.secrets.map(
      (secretName) =>
        new github.ActionsEnvironmentSecret(
          `${role}-secret-${secretName}`,
          { ...place, secretName, value: pulumi.secret(args.environmentSecrets?.[planned.name]?.[secretName] ?? "") },
          options,
        ),
    ),
    ...Object.entries(planned.variables).map(
      ([variableName, value]) =>
        new github.ActionsEnvironmentVariable(
          `${role}-variable-${variableName}`,
          { ...place, variableName, value },
          options,
        ),
    ),
  ];
}

/** People and teams by the numbers that GitHub wants, looked up in a preview too. */
function reviewersOf(parent: pulumi.Resource, { users, teams }: GithubEnvironment) {
  if (users.length + teams.length === 0) return undefined;
  return {
    users: users.map((username) => github.getUserOutput({ username }, { parent }).id.apply(Number)),
    teams: teams.map((slug) => teamId(slug, parent)),
  };
}

export const teamId = (slug: string, parent: pulumi.Resource): pulumi.Output<number> =>
  github.getTeamOutput({ slug, summaryOnly: true }, { parent }).id.apply(Number);

function createPermissions({ name, component: parent, plan, repository }: DeliveryContext): pulumi.Resource[] {
  const permissions = new github.ActionsRepositoryPermissions(
    `${name}-permissions`,
    {
      repository,
      enabled: true,
      allowedActions: "selected",
      allowedActionsConfig: {
        githubOwnedAllowed: true,
        verifiedAllowed: false,
        patternsAlloweds: [...plan.allowedActions],
      },
      shaPinningRequired: true,
    },
    { parent },
  );
  const claims = plan.subjectClaims;
  if (claims === undefined) return [permissions];
  const own = claims.length > 0;
  const subject = new github.ActionsRepositoryOidcSubjectClaimCustomizationTemplate(
    `${name}-subject`,
    { repository, useDefault: !own, ...(own && { includeClaimKeys: [...claims] }) },
    { parent },
  );
  return [permissions, subject];
}

import fc from "fast-check";
import { expect, it } from "vitest";
import { judge } from "../core/judge";
import { parseSettings } from "../core/settings";
import { RULES } from ".";

const TYPES = [
  "docker:index/container:Container",
  "docker:index/service:Service",
  "docker:index/remoteImage:RemoteImage",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:ecs/cluster:Cluster",
  "aws:iam/policy:Policy",
  "aws:iam/role:Role",
  "aws:lambda/function:Function",
  "aws:lambda/permission:Permission",
  "aws:ecr/repository:Repository",
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
  "aws:sfn/stateMachine:StateMachine",
  "aws:secretsmanager/secret:Secret",
  "aws:secretsmanager/secretRotation:SecretRotation",
  "gcp:cloudrunv2/service:Service",
  "gcp:cloudrunv2/serviceIamPolicy:ServiceIamPolicy",
  "gcp:container/cluster:Cluster",
  "gcp:billing/budget:Budget",
  "gcp:monitoring/alertPolicy:AlertPolicy",
  "gcp:binaryauthorization/policy:Policy",
  "aws:ecs/service:Service",
  "aws:lambda/alias:Alias",
  "aws:codedeploy/deploymentGroup:DeploymentGroup",
  "aws:budgets/budget:Budget",
  "azure-native:app:ContainerApp",
  "github:index/repository:Repository",
  "github:index/branchProtection:BranchProtection",
  "github:index/branchProtectionV3:BranchProtectionV3",
  "github:index/repositoryRuleset:RepositoryRuleset",
  "github:index/repositoryEnvironment:RepositoryEnvironment",
  "github:index/actionsSecret:ActionsSecret",
  "github:index/actionsRepositoryPermissions:ActionsRepositoryPermissions",
  "kubernetes:kyverno.io/v1:ClusterPolicy",
  "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
  "kubernetes:monitoring.coreos.com/v1:ServiceMonitor",
  "gcp:artifactregistry/repository:Repository",
];

/** Fields that rules of these types read, so that what is drawn gets past the first of them. */
const FIELDS = [
  ...["containerDefinitions", "policy", "assumeRolePolicy", "Statement", "Effect", "Action", "Resource", "Principal"],
  ...["Condition", "StringEquals", "AWS", "image", "volumes", "mounts", "ports", "capabilities", "drops", "template"],
  ...["containers", "policyData", "bindings", "members", "settings", "rules", "healthcheck", "tests"],
  ...[
    "requiredPullRequestReviews",
    "pattern",
    "reviewers",
    "secretName",
    "notifications",
    "traffics",
    "spec",
    "groups",
  ],
  ...["labels", "tags", "environment", "variables", "envs", "expr", "alert", "verifyImages", "selector"],
];

const { any } = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.constantFrom<unknown>("Allow", "*", "canary-Zq81_value", null, 0, true, ""),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie("any"), { maxKeys: 6 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie("any"), { maxKeys: 4 }).map((value) => JSON.stringify(value)),
  ),
}));

it("arbitrary data upsets no rule of clouds and engines, and none of it is told", () => {
  const settings = parseSettings({}, RULES);
  fc.assert(
    fc.property(fc.constantFrom(...TYPES), any, (type, properties) => {
      const findings = judge([{ type, name: "any", properties }], RULES, settings);
      expect(findings.filter(({ kind }) => kind === "error")).toEqual([]);
      expect(JSON.stringify(findings)).not.toContain("Zq81_value");
    }),
    { numRuns: 500 },
  );
});

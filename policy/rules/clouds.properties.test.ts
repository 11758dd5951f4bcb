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
  "gcp:artifactregistry/repository:Repository",
];

/** Fields that rules of these types read, so that what is drawn gets past the first of them. */
const FIELDS = [
  ...["containerDefinitions", "policy", "assumeRolePolicy", "Statement", "Effect", "Action", "Resource", "Principal"],
  ...["Condition", "StringEquals", "AWS", "image", "volumes", "mounts", "ports", "capabilities", "drops", "template"],
  ...["containers", "policyData", "bindings", "members", "settings", "rules", "healthcheck", "tests"],
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
      expect(JSON.stringify(findings)).not.toContain("canary");
    }),
    { numRuns: 500 },
  );
});

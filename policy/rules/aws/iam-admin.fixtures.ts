import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";
import { policy, textPolicy, trusting } from "../../testing/iam";

const read = { Effect: "Allow", Action: ["s3:GetObject", "s3:Get*"], Resource: "*" };
const all = { Effect: "Allow", Action: "*", Resource: "*" };
const attachment = (arn: unknown, kind = "role") => {
  const name = `${kind[0]?.toUpperCase()}${kind.slice(1)}PolicyAttachment`;
  return resource(`aws:iam/${kind}PolicyAttachment:${name}`, { policyArn: arn });
};
const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";

export const fixtures: Fixtures = {
  pass: [
    example("named actions on everything", policy(read)),
    example(
      "all of a service on one bucket",
      policy({ Effect: "Allow", Action: "s3:*", Resource: ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"] }),
    ),
    example("everything denied", policy({ Effect: "Deny", NotAction: ["iam:*"], Resource: "*" })),
    example(
      "a service that takes a role",
      trusting({ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }),
    ),
    example(
      "everybody in the organisation",
      trusting({
        Effect: "Allow",
        Principal: { AWS: "*" },
        Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
        Action: "sts:AssumeRole",
      }),
    ),
    example("another policy of AWS", attachment("arn:aws:iam::aws:policy/ReadOnlyAccess")),
    example("a policy of that name", attachment("arn:aws:iam::123456789012:policy/AdministratorAccess")),
  ],
  fail: [
    broken("everything", "policy.Statement[0].Action", policy(all)),
    broken("all of a service", "policy.Statement[1].Action", policy(read, { ...all, Action: ["s3:List", "ec2:*"] })),
    broken("every name there is", "policy.Statement[0].Action", policy({ ...all, Action: "*:*", Resource: "arn:*" })),
    broken(
      "on all but a few",
      "policy.Statement[0].Action",
      policy({ Effect: "Allow", Action: "s3:*", NotResource: "arn:aws:s3:::secret" }),
    ),
    broken(
      "all but a few actions",
      "policy.Statement[0].NotAction",
      policy({ ...all, Action: undefined, NotAction: "iam:*" }),
    ),
    ...["rolePolicy:RolePolicy", "userPolicy:UserPolicy", "groupPolicy:GroupPolicy"].map((type) =>
      broken(`everything in a ${type}`, "policy.Statement[0].Action", textPolicy(`aws:iam/${type}`, all)),
    ),
    broken(
      "everything in a role",
      ["inlinePolicies[0].policy.Statement.Action", "managedPolicyArns[0]"],
      resource("aws:iam/role:Role", {
        inlinePolicies: [{ name: "all", policy: JSON.stringify({ Statement: all }) }],
        managedPolicyArns: [ADMINISTRATOR],
      }),
    ),
    ...["role", "user", "group"].map((kind) =>
      broken(`an administrator by ${kind}`, "policyArn", attachment(ADMINISTRATOR, kind)),
    ),
    broken(
      "an administrator of another partition",
      "policyArn",
      resource("aws:iam/policyAttachment:PolicyAttachment", {
        policyArn: "arn:aws-us-gov:iam::aws:policy/AdministratorAccess",
      }),
    ),
    broken(
      "everybody takes the role",
      "assumeRolePolicy.Statement[0].Principal",
      trusting({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }),
    ),
    broken(
      "everybody with an account takes the role",
      "assumeRolePolicy.Statement[0].Principal",
      trusting({ Effect: "Allow", Principal: { AWS: ["*"] }, Action: "sts:AssumeRole" }),
    ),
    broken(
      "all but one take the role",
      "assumeRolePolicy.Statement[0].NotPrincipal",
      trusting({ Effect: "Allow", NotPrincipal: { AWS: "arn:aws:iam::1:root" }, Action: "sts:AssumeRole" }),
    ),
  ],
  malformed: [
    malformed("no JSON", "pass", resource("aws:iam/policy:Policy", { policy: "{" })),
    malformed("statements that are numbers", "pass", resource("aws:iam/policy:Policy", { policy: { Statement: [1] } })),
    malformed("an ARN that is a number", "pass", attachment(1)),
    malformed("actions that are an object", "pass", policy({ ...all, Action: { a: "*" } })),
  ],
  wrongKind: [example("a key's policy", textPolicy("aws:kms/key:Key", all))],
};

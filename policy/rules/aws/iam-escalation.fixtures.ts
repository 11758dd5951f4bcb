import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";
import { policy, textPolicy } from "../../testing/iam";

const ACTION = "policy.Statement[0].Action";
const allow = (action: unknown, more: Record<string, unknown> = {}) => ({
  Effect: "Allow",
  Action: action,
  Resource: "*",
  ...more,
});

export const fixtures: Fixtures = {
  pass: [
    example(
      "one role, to one service",
      policy(
        allow(["iam:PassRole"], {
          Resource: "arn:aws:iam::123456789012:role/shop",
          Condition: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
        }),
        allow(["lambda:CreateFunction", "iam:GetRole", "iam:List*"]),
      ),
    ),
    example("roles of one name", policy(allow("iam:PassRole", { Resource: "arn:aws:iam::*:role/shop-*" }))),
    example("denied", policy(allow("iam:*", { Effect: "Deny" }))),
    example(
      "within a boundary",
      policy(
        allow(["iam:PutRolePolicy", "iam:AttachRolePolicy"], {
          Condition: { ArnLike: { "iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/boundary" } },
        }),
      ),
    ),
    example(
      "of one policy",
      policy(
        allow("iam:AttachGroupPolicy", {
          Condition: { ArnEquals: { "iam:PolicyARN": "arn:aws:iam::123456789012:policy/shop" } },
        }),
      ),
    ),
  ],
  fail: [
    broken("any role", ACTION, policy(allow("iam:PassRole"))),
    broken(
      "any role of the account",
      ACTION,
      policy(allow(["s3:Get*", "iam:Pass*"], { Resource: "arn:aws:iam::123456789012:role/*" })),
    ),
    broken(
      "any role but one",
      ACTION,
      policy(allow("iam:PassRole", { Resource: undefined, NotResource: "arn:aws:x" })),
    ),
    broken("any policy", ACTION, textPolicy("aws:iam/rolePolicy:RolePolicy", allow("iam:CreatePolicyVersion"))),
    broken("all of it", [ACTION, ACTION], policy(allow("iam:*"))),
    broken(
      "a condition that bounds nothing",
      ACTION,
      policy(allow("iam:PutUserPolicy", { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } })),
    ),
    broken(
      "one of two bounded",
      ACTION,
      policy(
        allow(["iam:PutRolePolicy", "iam:CreateAccessKey"], {
          Condition: { ArnLike: { "iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/boundary" } },
        }),
      ),
    ),
  ],
  malformed: [
    malformed("no JSON", "pass", resource("aws:iam/policy:Policy", { policy: "iam:PassRole" })),
    malformed("an action that is a number", "pass", policy(allow(1))),
    malformed("a condition that is a text", "fail", policy(allow("iam:PutUserPolicy", { Condition: "boundary" }))),
  ],
  wrongKind: [example("a bucket's policy", textPolicy("aws:s3/bucketPolicy:BucketPolicy", allow("iam:PassRole")))],
};

import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";
import { policy, trusting } from "../../testing/iam";

const PROVIDER = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
const [AUD, SUB] = ["token.actions.githubusercontent.com:aud", "token.actions.githubusercontent.com:sub"];
const PATH = "assumeRolePolicy.Statement[0].Condition";
const AUDIENCE = { [AUD]: "sts.amazonaws.com" };

const trust = (condition: unknown, federated: unknown = PROVIDER) => ({
  Effect: "Allow",
  Principal: { Federated: federated },
  Action: "sts:AssumeRoleWithWebIdentity",
  Condition: condition,
});
const subject = (sub: unknown, operator = "StringEquals") =>
  trusting(
    trust({
      StringEquals: AUDIENCE,
      ...(operator === "StringEquals" ? { StringEquals: { ...AUDIENCE, [SUB]: sub } } : { [operator]: { [SUB]: sub } }),
    }),
  );

export const fixtures: Fixtures = {
  pass: [
    example("an environment", subject("repo:acme/shop:environment:production")),
    example(
      "a branch and a tag's beginning",
      subject(["repo:acme/shop:ref:refs/heads/main", "repo:acme/shop:ref:refs/tags/v*"], "StringLike"),
    ),
    example("a workflow", subject("repo:acme/shop:job_workflow_ref:acme/shop/.github/workflows/x.yml@refs/heads/main")),
    example("a repository by its number, too", subject("repo:acme@1/shop@2:environment:production")),
    example(
      "a service",
      trusting({ Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" }),
    ),
    example("another issuer", trusting(trust(undefined, "arn:aws:iam::123456789012:oidc-provider/gitlab.com"))),
    example("denied", trusting({ ...trust(undefined), Effect: "Deny" })),
    example("one of two values of the claim", subject("repo:acme/shop:environment:x", "ForAnyValue:StringLike")),
  ],
  fail: [
    broken("nothing asked", [PATH, PATH], trusting(trust(undefined))),
    broken("nothing asked of one of two", [PATH, PATH], trusting(trust(undefined, ["arn:aws:x", PROVIDER]))),
    broken("only the audience", PATH, trusting(trust({ StringEquals: AUDIENCE }))),
    broken("only the audience, told by the condition", PATH, trusting(trust({ StringEquals: AUDIENCE }, "github"))),
    broken(
      "any audience",
      PATH,
      trusting(trust({ StringLike: { [AUD]: "*", [SUB]: "repo:acme/shop:environment:x" } })),
    ),
    broken(
      "an audience only where there is one",
      PATH,
      trusting(trust({ StringEqualsIfExists: AUDIENCE, StringEquals: { [SUB]: "repo:acme/shop:environment:x" } })),
    ),
    ...[
      "repo:acme/shop:*",
      "repo:acme/*:environment:production",
      "repo:*/shop:environment:production",
      "repo:acme/shop:environment:*",
      "repo:acme/shop:ref:refs/heads/*",
      "repo:acme/shop:ref:*",
      "repo:acme/shop:pull_request",
      "repo:acme/shop",
      "*",
    ].map((sub) => broken(`the subject ${sub}`, PATH, subject(sub, "StringLike"))),
    broken("one good, one wide", PATH, subject(["repo:acme/shop:environment:x", "repo:acme/*"], "StringLike")),
    broken("all but one subject", PATH, subject("repo:acme/shop:environment:x", "StringNotEquals")),
    broken("subjects where there are any", PATH, subject("repo:acme/shop:environment:x", "ForAllValues:StringEquals")),
    broken("no subject", PATH, subject([])),
  ],
  malformed: [
    malformed("no JSON", "pass", resource("aws:iam/role:Role", { assumeRolePolicy: PROVIDER })),
    malformed("a subject that is a number", "fail", subject(1)),
    malformed("a condition that is a text", "fail", trusting(trust("repo:acme/shop:environment:x"))),
  ],
  wrongKind: [example("a policy, which trusts nobody", policy(trust(undefined)))],
};

import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const policy = of("aws:ecr/repositoryPolicy:RepositoryPolicy");
const member = of("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember");
const binding = of("gcp:artifactregistry/repositoryIamBinding:RepositoryIamBinding");
const pull = { Effect: "Allow", Action: "ecr:BatchGetImage" };
const textOf = (statement: unknown) => JSON.stringify({ Statement: [statement] });

export const fixtures: Fixtures = {
  pass: [
    example("one account", policy({ policy: textOf({ ...pull, Principal: { AWS: "arn:aws:iam::1:root" } }) })),
    example(
      "the organisation",
      policy({
        policy: textOf({ ...pull, Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
      }),
    ),
    example("everybody denied", policy({ policy: textOf({ ...pull, Effect: "Deny", Principal: "*" }) })),
    example("one member", member({ member: "serviceAccount:shop@example.iam.gserviceaccount.com" })),
  ],
  fail: [
    broken("everybody", "policy.Statement[0].Principal", policy({ policy: textOf({ ...pull, Principal: "*" }) })),
    broken(
      "every account, in an object",
      "policy.Statement.Principal",
      policy({ policy: { Statement: { ...pull, Principal: { AWS: ["*"] } } } }),
    ),
    broken("everybody in Google Cloud", "member", member({ member: "allUsers" })),
    broken(
      "everybody with an account",
      "members[1]",
      binding({ members: ["group:shop@example.com", "allAuthenticatedUsers"] }),
    ),
    broken(
      "everybody in a policy",
      "policyData.bindings[0].members[0]",
      of("gcp:artifactregistry/repositoryIamPolicy:RepositoryIamPolicy")({
        policyData: JSON.stringify({ bindings: [{ role: "roles/artifactregistry.reader", members: ["allUsers"] }] }),
      }),
    ),
  ],
  malformed: [
    malformed("no JSON", "pass", policy({ policy: "*" })),
    malformed("members that are a text", "pass", binding({ members: "allUsers" })),
  ],
  wrongKind: [example("a repository", of("aws:ecr/repository:Repository")({ member: "allUsers" }))],
};

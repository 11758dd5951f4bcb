import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const ecr = of("aws:ecr/repository:Repository");
const lifecycle = of("aws:ecr/lifecyclePolicy:LifecyclePolicy");
const artifacts = of("gcp:artifactregistry/repository:Repository");
const cleanupPolicies = [
  { id: "untagged", action: "DELETE", condition: { tagState: "UNTAGGED", olderThan: "604800s" } },
];

export const fixtures: Fixtures = {
  pass: [
    example("a lifecycle", ecr({ name: "shop" }), lifecycle({ repository: "shop", policy: "{}" })),
    example("a lifecycle before there is a name", ecr({}), lifecycle({ repository: "shop-1", policy: "{}" })),
    example("a clean-up", artifacts({ cleanupPolicies, cleanupPolicyDryRun: false })),
  ],
  fail: [
    broken("none", "", ecr({ name: "shop" })),
    broken("another's", "", ecr({ name: "shop" }), lifecycle({ repository: "other", policy: "{}" })),
    broken("none in Artifact Registry", "cleanupPolicies", artifacts({ format: "DOCKER" })),
    broken("a clean-up on trial", "cleanupPolicies", artifacts({ cleanupPolicies, cleanupPolicyDryRun: true })),
  ],
  malformed: [malformed("a text for a list", "fail", artifacts({ cleanupPolicies: "all" }))],
  wrongKind: [example("a public repository", of("aws:ecrpublic/repository:Repository")({}))],
};

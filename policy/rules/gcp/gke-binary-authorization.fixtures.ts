import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const cluster = of("gcp:container/cluster:Cluster");

export const fixtures: Fixtures = {
  pass: [
    example("enforced", cluster({ binaryAuthorization: { evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE" } })),
    example("by the former field", cluster({ binaryAuthorization: { enabled: true } })),
  ],
  fail: [
    broken("nothing said", "binaryAuthorization.evaluationMode", cluster({})),
    broken(
      "switched off",
      "binaryAuthorization.evaluationMode",
      cluster({ binaryAuthorization: { evaluationMode: "DISABLED" } }),
    ),
  ],
  malformed: [malformed("a number", "fail", cluster({ binaryAuthorization: { evaluationMode: 1 } }))],
  wrongKind: [example("a fleet's membership", of("gcp:gkehub/membership:Membership")({}))],
};

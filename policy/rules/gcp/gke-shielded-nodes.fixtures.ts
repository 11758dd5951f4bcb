import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const cluster = of("gcp:container/cluster:Cluster");

export const fixtures: Fixtures = {
  pass: [
    example("nothing said, which shields them", cluster({})),
    example("shielded", cluster({ enableShieldedNodes: true })),
  ],
  fail: [broken("switched off", "enableShieldedNodes", cluster({ enableShieldedNodes: false }))],
  malformed: [malformed("a text", "pass", cluster({ enableShieldedNodes: "no" }))],
  wrongKind: [example("a fleet's membership", of("gcp:gkehub/membership:Membership")({ enableShieldedNodes: false }))],
};

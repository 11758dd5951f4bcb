import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const cluster = of("gcp:container/cluster:Cluster");

export const fixtures: Fixtures = {
  pass: [
    example("a pool", cluster({ workloadIdentityConfig: { workloadPool: "shop.svc.id.goog" } })),
    example("Autopilot, which has it", cluster({ enableAutopilot: true })),
  ],
  fail: [
    broken("nothing said", "workloadIdentityConfig.workloadPool", cluster({})),
    broken(
      "no pool",
      "workloadIdentityConfig.workloadPool",
      cluster({ enableAutopilot: false, workloadIdentityConfig: { workloadPool: "" } }),
    ),
  ],
  malformed: [malformed("a number", "fail", cluster({ workloadIdentityConfig: { workloadPool: 1 } }))],
  wrongKind: [example("a fleet's membership", of("gcp:gkehub/membership:Membership")({}))],
};

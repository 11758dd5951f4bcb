import { deployment, workload } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed, noWorkload, pod } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("one after the other", deployment({ strategy: { type: "RollingUpdate" } })),
    example("the normal strategy and time", deployment({})),
    example("time to end", pod({ terminationGracePeriodSeconds: 30 })),
    example("a kind without that strategy", workload("apps/v1:StatefulSet", { strategy: { type: "Recreate" } })),
  ],
  fail: [
    broken("all at once", "spec.strategy.type", deployment({ strategy: { type: "Recreate" } })),
    broken("no time", "spec.terminationGracePeriodSeconds", pod({ terminationGracePeriodSeconds: 0 })),
    broken(
      "no time in a workload",
      "spec.template.spec.terminationGracePeriodSeconds",
      workload("apps/v1:DaemonSet", { template: { spec: { terminationGracePeriodSeconds: 0 } } }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("a strategy that is a text", "pass", deployment({ strategy: "Recreate" })),
  ],
  wrongKind: [noWorkload(pod({ terminationGracePeriodSeconds: 0 }))],
};

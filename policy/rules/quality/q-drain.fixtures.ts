import { deployment, rollout, service, workload } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const AT = "spec.template.spec.containers[0].lifecycle.preStop";
const preStop = { sleep: { seconds: 5 } };
const pods = (...containers: object[]) => ({
  template: { metadata: { labels: { app: "shop" } }, spec: { containers } },
});

export const fixtures: Fixtures = {
  pass: [
    example("a pause before the end", deployment(pods({ name: "web", lifecycle: { preStop } })), service()),
    example(
      "a proxy that waits for all",
      rollout(pods({ name: "web" }, { name: "proxy", lifecycle: { preStop } })),
      service(),
    ),
    example("a workload that nobody asks", deployment({})),
    example(
      "a Service without an address of its own",
      workload("apps/v1:StatefulSet", {}),
      service({ clusterIP: "None" }),
    ),
    example("a patch", workload("apps/v1:DeploymentPatch", {}), service()),
  ],
  fail: [
    broken("an end at once", AT, deployment({}), service()),
    broken("a rollout", AT, rollout(pods({ name: "web", lifecycle: { postStart: preStop } })), service()),
  ],
  malformed: [
    malformed("a hook that is null", "fail", deployment(pods({ lifecycle: { preStop: null } })), service()),
    malformed("no containers", "pass", deployment({ template: { metadata: { labels: { app: "shop" } } } }), service()),
  ],
  wrongKind: [example("a job", workload("batch/v1:Job", {}), service())],
};

import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";
import { lift } from "../../testing/lift";

const readinessProbe = { httpGet: { path: "/ready", port: 8080 } };

export const fixtures: Fixtures = {
  pass: [
    example("a readiness probe", podOf({ readinessProbe })),
    example("a job", lift(podOf({}), "Job")),
    example("a job by the clock", lift(podOf({}), "CronJob")),
    example("a pod that runs once", podOf({}, { restartPolicy: "Never" })),
    example("a pod that runs until it succeeds", podOf({}, { restartPolicy: "OnFailure" })),
    example(
      "an init container",
      pod({ containers: [{ name: "web", readinessProbe }], initContainers: [{ name: "migrate" }] }),
    ),
    {
      ...example("a startup probe, where one is asked for", podOf({ readinessProbe, startupProbe: readinessProbe })),
      options: { liveness: true },
    },
  ],
  fail: [
    broken("none", "spec.containers[0].readinessProbe", podOf({})),
    broken("a liveness probe only", "spec.containers[0].readinessProbe", podOf({ livenessProbe: readinessProbe })),
    broken("a rollout", "spec.template.spec.containers[0].readinessProbe", lift(podOf({}), "Rollout")),
    broken(
      "a sidecar",
      "spec.initContainers[0].readinessProbe",
      pod({
        containers: [{ name: "web", readinessProbe }],
        initContainers: [{ name: "proxy", restartPolicy: "Always" }],
      }),
    ),
    {
      ...broken(
        "no liveness probe, where one is asked for",
        "spec.containers[0].livenessProbe",
        podOf({ readinessProbe }),
      ),
      options: { liveness: true },
    },
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("a container that is null", "fail", pod({ containers: [null] })),
  ],
  wrongKind: [noWorkload(podOf({}))],
};

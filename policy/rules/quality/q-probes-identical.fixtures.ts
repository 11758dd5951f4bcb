import { broken, example, type Fixtures, malformed, noWorkload, podOf } from "../../testing/fixtures";
import { lift } from "../../testing/lift";

const probe = { httpGet: { path: "/health", port: 8080 } };
const AT = "spec.containers[0].livenessProbe";

export const fixtures: Fixtures = {
  pass: [
    example("more patience", podOf({ readinessProbe: probe, livenessProbe: { ...probe, failureThreshold: 10 } })),
    example(
      "another question",
      podOf({ readinessProbe: probe, livenessProbe: { httpGet: { path: "/live", port: 8080 } } }),
    ),
    example("no liveness probe", podOf({ readinessProbe: probe })),
    example("no readiness probe", podOf({ livenessProbe: probe })),
    example("a job", lift(podOf({ readinessProbe: probe, livenessProbe: probe }), "Job")),
  ],
  fail: [
    broken("the same twice", AT, podOf({ readinessProbe: probe, livenessProbe: probe })),
    broken(
      "the same, sooner",
      AT,
      podOf({
        readinessProbe: { exec: { command: ["ok"] } },
        livenessProbe: { exec: { command: ["ok"] }, periodSeconds: 5 },
      }),
    ),
  ],
  malformed: [
    malformed("probes that are texts", "pass", podOf({ readinessProbe: "no", livenessProbe: "no" })),
    malformed("probes that are empty", "pass", podOf({ readinessProbe: {}, livenessProbe: {} })),
  ],
  wrongKind: [noWorkload(podOf({ readinessProbe: probe, livenessProbe: probe }))],
};

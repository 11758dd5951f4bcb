import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";

const ref = { secretKeyRef: { name: "shop", key: "password" } };

export const fixtures: Fixtures = {
  pass: [
    example("a file", podOf({ volumeMounts: [{ name: "secrets", mountPath: "/run/secrets" }] })),
    example(
      "settings",
      podOf({
        env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "shop", key: "a" } } }],
        envFrom: [{ configMapRef: { name: "shop" } }],
      }),
    ),
  ],
  fail: [
    broken(
      "one of two variables",
      "spec.containers[0].env[1].valueFrom.secretKeyRef",
      podOf({
        env: [
          { name: "A", value: "b" },
          { name: "B", valueFrom: ref },
        ],
      }),
    ),
    broken(
      "all of a Secret",
      "spec.containers[0].envFrom[0].secretRef",
      podOf({ envFrom: [{ secretRef: { name: "shop" } }] }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("a variable that is null", "pass", podOf({ env: [null], envFrom: "shop" })),
  ],
  wrongKind: [noWorkload(podOf({ env: [{ name: "B", valueFrom: ref }] }))],
};

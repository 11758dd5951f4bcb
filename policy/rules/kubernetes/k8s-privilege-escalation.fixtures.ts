import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("forbidden", podOf({ securityContext: { allowPrivilegeEscalation: false } })),
    example("a pod on Windows", podOf({}, { os: { name: "windows" } })),
  ],
  fail: [
    broken("nothing said", "spec.containers[0].securityContext.allowPrivilegeEscalation", podOf({})),
    broken(
      "allowed",
      "spec.containers[0].securityContext.allowPrivilegeEscalation",
      podOf({ securityContext: { allowPrivilegeEscalation: true } }),
    ),
    broken(
      "on Linux by name",
      "spec.containers[0].securityContext.allowPrivilegeEscalation",
      podOf({}, { os: { name: "linux" } }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("containers that are a map", "pass", pod({ containers: { web: {} } })),
    malformed("a container that is null", "fail", pod({ containers: [null] })),
    malformed("a text", "fail", podOf({ securityContext: { allowPrivilegeEscalation: "false" } })),
  ],
  wrongKind: [noWorkload(podOf({}))],
};

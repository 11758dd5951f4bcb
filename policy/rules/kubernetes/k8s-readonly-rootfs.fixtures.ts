import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("read-only", podOf({ securityContext: { readOnlyRootFilesystem: true } })),
    example("a pod on Windows", podOf({}, { os: { name: "windows" } })),
  ],
  fail: [
    broken("nothing said", "spec.containers[0].securityContext.readOnlyRootFilesystem", podOf({})),
    broken(
      "on Linux by name",
      "spec.containers[0].securityContext.readOnlyRootFilesystem",
      podOf({ securityContext: { readOnlyRootFilesystem: false } }, { os: { name: "linux" } }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("containers that are a map", "pass", pod({ containers: { web: {} } })),
    malformed("a container that is null", "fail", pod({ containers: [null] })),
  ],
  wrongKind: [noWorkload(podOf({}))],
};

import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("said for the pod", podOf({}, { securityContext: { runAsNonRoot: true, runAsUser: 10001 } })),
    example("said by the container", podOf({ securityContext: { runAsNonRoot: true } })),
    example(
      "users of the pod's own",
      podOf(
        { securityContext: { runAsUser: 0, runAsNonRoot: false } },
        { hostUsers: false, securityContext: { runAsNonRoot: false } },
      ),
    ),
  ],
  fail: [
    broken("nothing said", "spec.containers[0].securityContext.runAsNonRoot", podOf({})),
    broken(
      "taken back by the container",
      "spec.containers[0].securityContext.runAsNonRoot",
      podOf({ securityContext: { runAsNonRoot: false } }, { securityContext: { runAsNonRoot: true } }),
    ),
    broken(
      "taken back for the pod",
      "spec.securityContext.runAsNonRoot",
      podOf({ securityContext: { runAsNonRoot: true } }, { securityContext: { runAsNonRoot: false } }),
    ),
    broken(
      "root by number in the container",
      "spec.containers[0].securityContext.runAsUser",
      podOf({ securityContext: { runAsUser: 0 } }, { securityContext: { runAsNonRoot: true } }),
    ),
    broken(
      "root by number in the pod",
      "spec.securityContext.runAsUser",
      podOf({}, { hostUsers: true, securityContext: { runAsNonRoot: true, runAsUser: 0 } }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("containers that are a map", "pass", pod({ containers: { web: {} } })),
    malformed("a container that is null", "fail", pod({ containers: [null] })),
    malformed("a text", "fail", podOf({ securityContext: { runAsNonRoot: "true" } })),
  ],
  wrongKind: [noWorkload(podOf({}))],
};

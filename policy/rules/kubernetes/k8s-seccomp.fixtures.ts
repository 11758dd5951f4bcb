import { rollout } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example(
      "the runtime's for the pod",
      podOf({}, { securityContext: { seccompProfile: { type: "RuntimeDefault" } } }),
    ),
    example(
      "one of the node for the container",
      podOf({ securityContext: { seccompProfile: { type: "Localhost", localhostProfile: "shop.json" } } }),
    ),
    example("a pod on Windows", podOf({}, { os: { name: "windows" } })),
    { ...example("nothing said, under the baseline", podOf({})), options: { profile: "baseline" } },
  ],
  fail: [
    broken("nothing said", "spec.containers[0].securityContext.seccompProfile.type", podOf({})),
    broken(
      "nothing said in a rollout",
      "spec.template.spec.containers[0].securityContext.seccompProfile.type",
      rollout({}),
    ),
    broken(
      "unconfined in one container",
      "spec.containers[0].securityContext.seccompProfile.type",
      podOf(
        { securityContext: { seccompProfile: { type: "Unconfined" } } },
        { securityContext: { seccompProfile: { type: "RuntimeDefault" } } },
      ),
    ),
    broken(
      "unconfined in the pod",
      "spec.securityContext.seccompProfile.type",
      podOf(
        { securityContext: { seccompProfile: { type: "RuntimeDefault" } } },
        { securityContext: { seccompProfile: { type: "Unconfined" } } },
      ),
    ),
    {
      ...broken(
        "unconfined on Windows, under the baseline",
        "spec.containers[0].securityContext.seccompProfile.type",
        podOf({ securityContext: { seccompProfile: { type: "Unconfined" } } }, { os: { name: "windows" } }),
      ),
      options: { profile: "baseline" },
    },
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("containers that are a map", "pass", pod({ containers: { web: {} } })),
    malformed("a container that is null", "fail", pod({ containers: [null] })),
    malformed("a profile without its type", "fail", podOf({ securityContext: { seccompProfile: {} } })),
  ],
  wrongKind: [noWorkload(podOf({}))],
};

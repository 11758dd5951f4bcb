import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("the default", podOf({ securityContext: { procMount: "Default" } })),
    example("nothing said", podOf({})),
    {
      ...example(
        "users of the pod's own, under the baseline",
        podOf({ securityContext: { procMount: "Unmasked" } }, { hostUsers: false }),
      ),
      options: { profile: "baseline" },
    },
  ],
  fail: [
    broken(
      "unmasked",
      "spec.containers[0].securityContext.procMount",
      podOf({ securityContext: { procMount: "Unmasked" } }),
    ),
    broken(
      "unmasked with users of the pod's own",
      "spec.containers[0].securityContext.procMount",
      podOf({ securityContext: { procMount: "Unmasked" } }, { hostUsers: false }),
    ),
    {
      ...broken(
        "unmasked, under the baseline",
        "spec.containers[0].securityContext.procMount",
        podOf({ securityContext: { procMount: "Unmasked" } }),
      ),
      options: { profile: "baseline" },
    },
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("containers that are a map", "pass", pod({ containers: { web: {} } })),
    malformed("a container that is null", "pass", pod({ containers: [null] })),
    malformed("a number", "fail", podOf({ securityContext: { procMount: 1 } })),
  ],
  wrongKind: [noWorkload(podOf({ securityContext: { procMount: "Unmasked" } }))],
};

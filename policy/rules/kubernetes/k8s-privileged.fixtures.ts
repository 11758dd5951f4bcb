import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example(
      "one capability instead",
      podOf({ securityContext: { privileged: false, capabilities: { add: ["NET_BIND_SERVICE"] } } }),
    ),
    example("nothing said", podOf({})),
  ],
  fail: [
    broken(
      "a privileged container",
      "spec.containers[0].securityContext.privileged",
      podOf({ securityContext: { privileged: true } }),
    ),
    broken(
      "a privileged init container beside a good one",
      "spec.initContainers[0].securityContext.privileged",
      podOf({}, { initContainers: [{ name: "set-up", securityContext: { privileged: true } }] }),
    ),
    broken(
      "a privileged container for debugging",
      "spec.ephemeralContainers[0].securityContext.privileged",
      podOf({}, { ephemeralContainers: [{ name: "debug", securityContext: { privileged: true } }] }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("containers that are a map", "pass", pod({ containers: { web: {} } })),
    malformed("a container that is null", "pass", pod({ containers: [null] })),
    malformed("a text, which the API server refuses", "pass", podOf({ securityContext: { privileged: "true" } })),
  ],
  wrongKind: [noWorkload(podOf({ securityContext: { privileged: true } }))],
};

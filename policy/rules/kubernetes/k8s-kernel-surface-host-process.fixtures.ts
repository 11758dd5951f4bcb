import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [example("a container", podOf({ securityContext: { windowsOptions: { hostProcess: false } } }))],
  fail: [
    broken(
      "a process of the node",
      "spec.containers[0].securityContext.windowsOptions.hostProcess",
      podOf({ securityContext: { windowsOptions: { hostProcess: true } } }),
    ),
    broken(
      "all containers of a pod",
      "spec.securityContext.windowsOptions.hostProcess",
      pod({ securityContext: { windowsOptions: { hostProcess: true } } }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("containers that are a map", "pass", pod({ containers: { web: {} } })),
    malformed("a container that is null", "pass", pod({ containers: [null] })),
  ],
  wrongKind: [noWorkload(podOf({ securityContext: { windowsOptions: { hostProcess: true } } }))],
};

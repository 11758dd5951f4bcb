import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";

const ANNOTATION = "container.apparmor.security.beta.kubernetes.io/web";

export const fixtures: Fixtures = {
  pass: [
    example("the runtime's", podOf({ securityContext: { appArmorProfile: { type: "RuntimeDefault" } } })),
    example("one of the node", podOf({ securityContext: { appArmorProfile: { type: "Localhost" } } })),
    example(
      "annotations that name one",
      pod(
        {},
        {
          annotations: {
            [ANNOTATION]: "localhost/shop",
            [`${ANNOTATION}2`]: "runtime/default",
            [`${ANNOTATION}3`]: "",
            other: "unconfined",
          },
        },
      ),
    ),
  ],
  fail: [
    broken(
      "unconfined",
      "spec.containers[0].securityContext.appArmorProfile.type",
      podOf({ securityContext: { appArmorProfile: { type: "Unconfined" } } }),
    ),
    broken(
      "unconfined for the pod",
      "spec.securityContext.appArmorProfile.type",
      pod({ securityContext: { appArmorProfile: { type: "Unconfined" } } }),
    ),
    broken(
      "unconfined by an annotation",
      `metadata.annotations["${ANNOTATION}"]`,
      pod({}, { annotations: { [ANNOTATION]: "unconfined" } }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("containers that are a map", "pass", pod({ containers: { web: {} } })),
    malformed("a container that is null", "pass", pod({ containers: [null] })),
    malformed("a profile without its type", "fail", podOf({ securityContext: { appArmorProfile: {} } })),
    malformed("an annotation that is a number", "fail", pod({}, { annotations: { [ANNOTATION]: 1 } })),
  ],
  wrongKind: [noWorkload(podOf({ securityContext: { appArmorProfile: { type: "Unconfined" } } }))],
};

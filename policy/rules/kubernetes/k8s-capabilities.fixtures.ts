import { rollout } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";

const BASELINE = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

export const fixtures: Fixtures = {
  pass: [
    example("all dropped", podOf({ securityContext: { capabilities: { drop: ["ALL"] } } })),
    example(
      "one added",
      podOf({ securityContext: { capabilities: { drop: ["NET_RAW", "ALL"], add: ["NET_BIND_SERVICE"] } } }),
    ),
    example(
      "a pod on Windows",
      podOf({ securityContext: { capabilities: { add: ["CHOWN"] } } }, { os: { name: "windows" } }),
    ),
    {
      ...example(
        "what the runtime gives anyway, under the baseline",
        podOf({ securityContext: { capabilities: { add: BASELINE } } }),
      ),
      options: { profile: "baseline" },
    },
  ],
  fail: [
    broken("nothing dropped", "spec.containers[0].securityContext.capabilities.drop", podOf({})),
    broken(
      "nothing dropped in a rollout",
      "spec.template.spec.containers[0].securityContext.capabilities.drop",
      rollout({}),
    ),
    broken(
      "one dropped, one added",
      [
        "spec.containers[0].securityContext.capabilities.drop",
        "spec.containers[0].securityContext.capabilities.add[1]",
      ],
      podOf({ securityContext: { capabilities: { drop: ["NET_RAW"], add: ["NET_BIND_SERVICE", "SYS_ADMIN"] } } }),
    ),
    {
      ...broken(
        "one that gives the node, under the baseline",
        "spec.containers[0].securityContext.capabilities.add[1]",
        podOf({ securityContext: { capabilities: { add: ["CHOWN", "SYS_ADMIN"] } } }),
      ),
      options: { profile: "baseline" },
    },
    {
      ...broken(
        "on Windows, under the baseline",
        "spec.containers[0].securityContext.capabilities.add[0]",
        podOf({ securityContext: { capabilities: { add: ["SYS_ADMIN"] } } }, { os: { name: "windows" } }),
      ),
      options: { profile: "baseline" },
    },
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("containers that are a map", "pass", pod({ containers: { web: {} } })),
    malformed("a container that is null", "fail", pod({ containers: [null] })),
    malformed("a text for a list", "fail", podOf({ securityContext: { capabilities: { drop: "ALL" } } })),
    malformed(
      "a number in the list",
      "fail",
      podOf({ securityContext: { capabilities: { drop: ["ALL"], add: [1] } } }),
    ),
  ],
  wrongKind: [noWorkload(podOf({}))],
};

import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example(
      "a type for containers",
      podOf({ securityContext: { seLinuxOptions: { type: "container_t", level: "s0:c123,c456" } } }),
    ),
    example(
      "container_init_t",
      podOf({ securityContext: { seLinuxOptions: { type: "container_init_t", user: "", role: "" } } }),
    ),
    example(
      "container_kvm_t",
      podOf({ securityContext: { seLinuxOptions: { type: "container_kvm_t", user: "", role: "" } } }),
    ),
    example(
      "container_engine_t",
      podOf({ securityContext: { seLinuxOptions: { type: "container_engine_t", user: "", role: "" } } }),
    ),
  ],
  fail: [
    broken(
      "another type",
      "spec.containers[0].securityContext.seLinuxOptions.type",
      podOf({ securityContext: { seLinuxOptions: { type: "spc_t" } } }),
    ),
    broken(
      "a user and a role for the pod",
      ["spec.securityContext.seLinuxOptions.user", "spec.securityContext.seLinuxOptions.role"],
      pod({ securityContext: { seLinuxOptions: { type: "", user: "system_u", role: "sysadm_r" } } }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("containers that are a map", "pass", pod({ containers: { web: {} } })),
    malformed("a container that is null", "pass", pod({ containers: [null] })),
    malformed("options that are a text", "pass", podOf({ securityContext: { seLinuxOptions: "none" } })),
    malformed("a type that is a number", "fail", podOf({ securityContext: { seLinuxOptions: { type: 1 } } })),
  ],
  wrongKind: [noWorkload(podOf({ securityContext: { seLinuxOptions: { type: "spc_t" } } }))],
};

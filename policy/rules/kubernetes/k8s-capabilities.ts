import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisKubernetes, podSecurity } from "../../core/standard";
import { isWindows, podWorkload, takesChanges } from "../../model/podspec";
import { profileOptions } from "./profile";

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
const RESTRICTED = ["NET_BIND_SERVICE"];

export const k8sCapabilities = defineRule({
  id: "k8s-capabilities",
  title: "Containers keep no capability they do not need",
  severity: "high",
  standards: [
    podSecurity("baseline", "capabilities_baseline"),
    podSecurity("restricted", "capabilities_restricted"),
    ...cisKubernetes("5.2.8", "5.2.9", "5.2.10"),
  ],
  levels: levels("advisory", "mandatory"),
  model: podWorkload,
  options: profileOptions,
  why: "Each capability is a piece of root's power over the node.",
  remediation: 'Set capabilities.drop to ["ALL"], and add NET_BIND_SERVICE at most.',
  adds: 'capabilities.drop of ["ALL"] to containers that drop nothing, but in a Pod and a Job',
  *check(workload, { profile }) {
    const restricted = profile === "restricted";
    const allowed = restricted ? RESTRICTED : BASELINE;
    for (const container of workload.containers) {
      const drop = container.at("securityContext.capabilities.drop");
      const add = container.at("securityContext.capabilities.add");
      if (restricted) {
        yield container.fails(
          "keeps capabilities it may not need",
          drop,
          () => !drop.some((name) => name.read() === "ALL") && !isWindows(workload),
          takesChanges(workload) ? ["ALL"] : undefined,
        );
      }
      for (const name of add.items()) {
        yield container.fails(
          "adds a capability that is not allowed",
          name,
          () => !allowed.includes(name.text() ?? "") && !(restricted && isWindows(workload)),
        );
      }
    }
  },
});

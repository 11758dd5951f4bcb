import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { podSecurity } from "../../core/standard";
import { hasOwnUsers, podWorkload } from "../../model/podspec";
import { profileOptions } from "./profile";

export const k8sKernelSurfaceProcMount = defineRule({
  id: "k8s-kernel-surface-proc-mount",
  title: "Containers see the masked /proc",
  severity: "high",
  standards: [podSecurity("baseline", "procMount"), podSecurity("restricted", "procMount_restricted")],
  levels: levels("mandatory", "mandatory"),
  model: podWorkload,
  options: profileOptions,
  why: "An unmasked /proc shows settings and keys of the node's kernel.",
  remediation: "Remove procMount, or set it to Default.",
  *check(workload, { profile }) {
    for (const container of workload.containers) {
      const procMount = container.at("securityContext.procMount");
      yield container.fails("sees an unmasked /proc", procMount, () => {
        const masked = !procMount.present() || procMount.read() === "Default";
        return !masked && !(profile === "baseline" && hasOwnUsers(workload));
      });
    }
  },
});

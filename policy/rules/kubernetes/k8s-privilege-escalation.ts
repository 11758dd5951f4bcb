import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, cisKubernetes, podSecurity } from "../../core/standard";
import { isWindows, podWorkload } from "../../model/podspec";

export const k8sPrivilegeEscalation = defineRule({
  id: "k8s-privilege-escalation",
  title: "No process can gain more rights than its container has",
  severity: "high",
  standards: [
    podSecurity("restricted", "allowPrivilegeEscalation"),
    ...cisKubernetes("5.2.6"),
    ...checkov("CKV_K8S_20"),
  ],
  levels: levels("advisory", "mandatory"),
  model: podWorkload,
  why: "A program with the setuid bit can otherwise make a process root, whatever user the container runs as.",
  remediation: "Set securityContext.allowPrivilegeEscalation to false.",
  *check(workload) {
    for (const container of workload.containers) {
      const allowed = container.at("securityContext.allowPrivilegeEscalation");
      yield container.fails("may gain privileges", allowed, () => allowed.read() !== false && !isWindows(workload));
    }
  },
});

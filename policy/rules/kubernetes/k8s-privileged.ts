import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, cisKubernetes, podSecurity } from "../../core/standard";
import { podWorkload } from "../../model/podspec";

export const k8sPrivileged = defineRule({
  id: "k8s-privileged",
  title: "No container is privileged",
  severity: "critical",
  standards: [podSecurity("baseline", "privileged"), ...cisKubernetes("5.2.2"), ...checkov("CKV_K8S_16")],
  levels: levels("mandatory", "mandatory"),
  model: podWorkload,
  why: "A privileged container has every right on its node: who takes it over has taken the node.",
  remediation: "Remove privileged. Add the one capability that is needed instead.",
  *check({ containers }) {
    for (const container of containers) {
      const privileged = container.at("securityContext.privileged");
      yield container.fails("is privileged", privileged, () => privileged.read() === true);
    }
  },
});

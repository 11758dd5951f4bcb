import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, cisKubernetes, owaspKubernetes } from "../../core/standard";
import { role } from "../../model/role";

export const k8sRbacWildcard = defineRule({
  id: "k8s-rbac-wildcard",
  title: "Roles name what they allow",
  severity: "high",
  standards: [...cisKubernetes("5.1.3"), ...checkov("CKV_K8S_49"), ...owaspKubernetes("K02")],
  levels: levels("advisory", "mandatory"),
  model: role,
  why: "A star allows what exists today and whatever the cluster learns tomorrow.",
  remediation: "List the verbs, resources and API groups that are used.",
  *check({ object, part }) {
    for (const rule of object.at("rules").items()) {
      for (const field of ["verbs", "resources", "apiGroups"]) {
        for (const name of rule.at(field).items()) {
          yield part.fails("allows everything by a star", name, () => name.read() === "*");
        }
      }
    }
  },
});

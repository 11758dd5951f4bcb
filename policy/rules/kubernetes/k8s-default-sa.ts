import { levels } from "../../core/level";
import { anyOf } from "../../core/resource";
import { defineRule } from "../../core/rule";
import { checkov, cisKubernetes } from "../../core/standard";
import { podWorkload } from "../../model/podspec";
import { roleBinding } from "../../model/role-binding";

export const k8sDefaultSa = defineRule({
  id: "k8s-default-sa",
  title: "Every service has a service account of its own",
  severity: "medium",
  standards: [...cisKubernetes("5.1.5"), ...checkov("CKV_K8S_41", "CKV_K8S_42")],
  levels: levels("advisory", "mandatory"),
  model: anyOf("workloads and role bindings", podWorkload, roleBinding),
  why: "A right given to the account default is given to every pod of the namespace that names no other.",
  remediation: "Create a service account for the service, name it in the pod, and bind roles to it.",
  *check(model) {
    if ("subjects" in model) {
      for (const subject of model.subjects) {
        const name = subject.at("name");
        yield subject.fails(
          "is the account that every pod gets",
          name,
          () => name.read() === "default" && subject.at("kind").read() === "ServiceAccount",
        );
      }
      return;
    }
    const { pod } = model;
    const [name, former] = [pod.at("serviceAccountName"), pod.at("serviceAccount")];
    yield pod.fails("uses the namespace's default account", name, () => {
      const used = (name.text() ?? "") !== "" ? name.text() : former.text();
      return used === undefined || used === "" || used === "default";
    });
  },
});

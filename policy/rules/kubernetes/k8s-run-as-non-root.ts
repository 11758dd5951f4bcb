import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, cisKubernetes, podSecurity } from "../../core/standard";
import { effective, hasOwnUsers, podWorkload } from "../../model/podspec";

export const k8sRunAsNonRoot = defineRule({
  id: "k8s-run-as-non-root",
  title: "Containers do not run as root",
  severity: "high",
  standards: [
    podSecurity("restricted", "runAsNonRoot"),
    podSecurity("restricted", "runAsUser"),
    ...cisKubernetes("5.2.7"),
    ...checkov("CKV_K8S_6", "CKV_K8S_23"),
  ],
  levels: levels("advisory", "mandatory"),
  model: podWorkload,
  why: "Root in a container is root on the node as soon as it finds a way out.",
  remediation: "Set runAsNonRoot to true and runAsUser to a number above 0 in the pod's securityContext.",
  *check(workload) {
    const { pod, containers } = workload;
    const forPod = pod.at("securityContext.runAsNonRoot");
    yield pod.fails("may run as root", forPod, () => forPod.read() === false && !hasOwnUsers(workload));
    for (const container of containers) {
      yield container.fails(
        "may run as root",
        container.at("securityContext.runAsNonRoot"),
        () => effective(container, pod, "runAsNonRoot") !== true && !hasOwnUsers(workload),
      );
    }
    for (const part of [pod, ...containers]) {
      const user = part.at("securityContext.runAsUser");
      yield part.fails("runs as root", user, () => user.read() === 0 && !hasOwnUsers(workload));
    }
  },
});

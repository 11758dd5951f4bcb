import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, cisKubernetes, podSecurity } from "../../core/standard";
import { isWindows, podWorkload, takesChanges } from "../../model/podspec";
import { profileOptions } from "./profile";

const PROFILES = ["RuntimeDefault", "Localhost"];

export const k8sSeccomp = defineRule({
  id: "k8s-seccomp",
  title: "Containers run under a seccomp profile",
  severity: "medium",
  standards: [
    podSecurity("baseline", "seccompProfile_baseline"),
    podSecurity("restricted", "seccompProfile_restricted"),
    ...cisKubernetes("5.7.2"),
    ...checkov("CKV_K8S_31"),
  ],
  levels: levels("advisory", "mandatory"),
  model: podWorkload,
  options: profileOptions,
  why: "Without a profile every system call of the node's kernel is open to the container, also those with known faults.",
  remediation: "Set seccompProfile.type to RuntimeDefault in the pod's securityContext.",
  adds: "seccompProfile.type of RuntimeDefault to containers that have no profile, but in a Pod and a Job",
  *check(workload, { profile }) {
    const { pod, containers } = workload;
    const exempt = () => profile === "restricted" && isWindows(workload);
    const forPod = pod.at("securityContext.seccompProfile");
    for (const part of [pod, ...containers]) {
      const own = part.at("securityContext.seccompProfile");
      const type = own.at("type");
      yield part.fails(
        "runs under no seccomp profile of the runtime or the node",
        type,
        () => {
          const allowed = own.present()
            ? PROFILES.includes(type.text() ?? "")
            : part === pod || profile === "baseline" || forPod.present();
          return !allowed && !exempt();
        },
        takesChanges(workload) ? "RuntimeDefault" : undefined,
      );
    }
  },
});

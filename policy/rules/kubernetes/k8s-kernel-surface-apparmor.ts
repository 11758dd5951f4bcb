import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { podSecurity } from "../../core/standard";
import { podWorkload } from "../../model/podspec";

const TYPES = ["RuntimeDefault", "Localhost"];
const ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

export const k8sKernelSurfaceApparmor = defineRule({
  id: "k8s-kernel-surface-apparmor",
  title: "Containers keep their AppArmor profile",
  severity: "high",
  standards: [podSecurity("baseline", "appArmorProfile")],
  levels: levels("mandatory", "mandatory"),
  model: podWorkload,
  why: "An unconfined container may touch files and kernel interfaces that its profile would keep it from.",
  remediation: "Remove the profile or the annotation, or set RuntimeDefault.",
  *check({ pod, containers, metadata }) {
    for (const part of [pod, ...containers]) {
      const profile = part.at("securityContext.appArmorProfile");
      const type = profile.at("type");
      yield part.fails(
        "runs under no AppArmor profile",
        type,
        () => profile.present() && !TYPES.includes(type.text() ?? ""),
      );
    }
    for (const [key, value] of metadata.at("annotations").entries()) {
      if (!value.unknown && !key.startsWith(ANNOTATION)) continue;
      yield pod.fails(
        "has a container that runs under no AppArmor profile",
        value,
        () => value.present() && !/^(|runtime\/default|localhost\/.*)$/s.test(value.text() ?? "-"),
      );
    }
  },
});

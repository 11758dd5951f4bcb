import type { Cursor } from "../../core/cursor";
import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { podSecurity } from "../../core/standard";
import { podWorkload } from "../../model/podspec";

const TYPES = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

const isSet = (field: Cursor): boolean => field.present() && field.read() !== "";

export const k8sKernelSurfaceSelinux = defineRule({
  id: "k8s-kernel-surface-selinux",
  title: "Pods stay in an SELinux domain for containers",
  severity: "high",
  standards: [podSecurity("baseline", "seLinuxOptions")],
  levels: levels("mandatory", "mandatory"),
  model: podWorkload,
  why: "Another type, user or role takes the container out of the domain that keeps it from files of the node.",
  remediation: "Remove seLinuxOptions, or set its type to container_t.",
  *check({ pod, containers }) {
    for (const part of [pod, ...containers]) {
      const options = part.at("securityContext.seLinuxOptions");
      const [type, user, role] = [options.at("type"), options.at("user"), options.at("role")];
      yield part.fails(
        "has an SELinux type that is not for containers",
        type,
        () => isSet(type) && !TYPES.includes(type.text() ?? ""),
      );
      yield part.fails("sets an SELinux user", user, () => isSet(user));
      yield part.fails("sets an SELinux role", role, () => isSet(role));
    }
  },
});

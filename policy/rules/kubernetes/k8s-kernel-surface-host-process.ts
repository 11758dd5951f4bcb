import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { podSecurity } from "../../core/standard";
import { podWorkload } from "../../model/podspec";

export const k8sKernelSurfaceHostProcess = defineRule({
  id: "k8s-kernel-surface-host-process",
  title: "No container of Windows is a process of its node",
  severity: "high",
  standards: [podSecurity("baseline", "windowsHostProcess")],
  levels: levels("mandatory", "mandatory"),
  model: podWorkload,
  why: "Such a container runs with the rights of the node itself.",
  remediation: "Remove windowsOptions.hostProcess.",
  *check({ pod, containers }) {
    for (const part of [pod, ...containers]) {
      const hostProcess = part.at("securityContext.windowsOptions.hostProcess");
      yield part.fails("is a process of its node", hostProcess, () => hostProcess.read() === true);
    }
  },
});

import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, nsaHardening } from "../../core/standard";
import { isWindows, podWorkload } from "../../model/podspec";

export const k8sReadonlyRootfs = defineRule({
  id: "k8s-readonly-rootfs",
  title: "Containers cannot write into their image's files",
  severity: "medium",
  standards: [...checkov("CKV_K8S_22"), ...nsaHardening("Immutable container file systems")],
  levels: levels("advisory", "mandatory"),
  model: podWorkload,
  why: "Who breaks in can otherwise change programs or leave some behind.",
  remediation:
    "Set securityContext.readOnlyRootFilesystem to true, and mount an emptyDir where the program has to write.",
  *check(workload) {
    for (const container of workload.containers) {
      const readOnly = container.at("securityContext.readOnlyRootFilesystem");
      yield container.fails(
        "can write into its image's files",
        readOnly,
        () => readOnly.read() !== true && !isWindows(workload),
      );
    }
  },
});

import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisKubernetes, podSecurity } from "../../core/standard";
import { podWorkload } from "../../model/podspec";

export const k8sHostPath = defineRule({
  id: "k8s-host-path",
  title: "No volume is a folder of the node",
  severity: "high",
  standards: [podSecurity("baseline", "hostPathVolumes"), ...cisKubernetes("5.2.12")],
  levels: levels("advisory", "mandatory"),
  model: podWorkload,
  why: "A folder of the node outlives the pod, is shared with every other pod that names it, and may lead to the node's own files.",
  remediation: "Use a persistentVolumeClaim, an emptyDir or a CSI volume.",
  *check({ volumes }) {
    for (const volume of volumes) {
      const hostPath = volume.at("hostPath");
      yield volume.fails("is a folder of the node", hostPath, () => hostPath.present());
    }
  },
});

import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { podSecurity } from "../../core/standard";
import { podWorkload } from "../../model/podspec";

const ALLOWED = [
  "name",
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

export const k8sVolumeTypes = defineRule({
  id: "k8s-volume-types",
  title: "Volumes are of the kinds meant for applications",
  severity: "medium",
  standards: [podSecurity("restricted", "restrictedVolumes")],
  levels: levels("advisory", "mandatory"),
  model: podWorkload,
  why: "Other kinds reach into the node or name storage directly, past the claims and quotas of the cluster.",
  remediation: "Use a persistentVolumeClaim, a CSI volume or an emptyDir.",
  *check({ volumes }) {
    for (const volume of volumes) {
      for (const [kind, source] of volume.cursor.entries()) {
        if (ALLOWED.includes(kind)) continue;
        yield volume.fails("is of a kind that is not meant for applications", source, () => source.present());
      }
    }
  },
});

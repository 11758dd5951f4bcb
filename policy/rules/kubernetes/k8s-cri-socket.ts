import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, kyverno } from "../../core/standard";
import { podWorkload } from "../../model/podspec";
import { reachesSocket } from "../../model/runtime-socket";

export const k8sCriSocket = defineRule({
  id: "k8s-cri-socket",
  title: "No pod reaches the container runtime's socket",
  severity: "critical",
  standards: [...checkov("CKV_K8S_27"), ...kyverno("disallow-cri-sock-mount")],
  levels: levels("mandatory", "mandatory"),
  model: podWorkload,
  why: "Whoever can talk to the container runtime can start a privileged container, and so has the node.",
  remediation: "Do not mount the runtime's socket, or a folder above it. Build images with a rootless builder.",
  *check({ volumes }) {
    for (const volume of volumes) {
      const path = volume.at("hostPath.path");
      yield volume.fails("reaches the container runtime's socket", path, () => reachesSocket(path.text()));
    }
  },
});

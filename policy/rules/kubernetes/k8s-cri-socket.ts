import { posix } from "node:path";
import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, kyverno } from "../../core/standard";
import { podWorkload } from "../../model/podspec";

/** Below /run; /var/run is a link to it. */
const SOCKETS = [
  "/run/docker.sock",
  "/run/cri-dockerd.sock",
  "/run/containerd/containerd.sock",
  "/run/k3s/containerd/containerd.sock",
  "/run/k0s/containerd.sock",
  "/run/crio/crio.sock",
  "/run/podman/podman.sock",
];

/** Whether the path is a socket or a folder above one. */
function reachesSocket(path: string | undefined): boolean {
  if (path === undefined) return false;
  const plain = posix.resolve("/", path).replace(/^\/var\/run(?=\/|$)/, "/run");
  return (
    plain === "/var" || SOCKETS.some((socket) => plain === "/" || socket === plain || socket.startsWith(`${plain}/`))
  );
}

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

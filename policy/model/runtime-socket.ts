import { posix } from "node:path";

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

/** Whether a path of the host is a container runtime's socket or a folder above one. */
export function reachesSocket(path: string | undefined): boolean {
  if (path === undefined) return false;
  const plain = posix.resolve("/", path).replace(/^\/var\/run(?=\/|$)/, "/run");
  return (
    plain === "/var" || SOCKETS.some((socket) => plain === "/" || socket === plain || socket.startsWith(`${plain}/`))
  );
}

import { broken, example, type Fixtures, malformed, noWorkload, pod } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example(
      "a folder that has no socket below it",
      pod({ volumes: [{ name: "run", hostPath: { path: "/var/log" } }] }),
    ),
    example("a name that only begins alike", pod({ volumes: [{ name: "run", hostPath: { path: "/run/container" } }] })),
    example("a claim", pod({ volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] })),
    example(
      "a file below a socket's neighbour",
      pod({ volumes: [{ name: "run", hostPath: { path: "/var/runner" } }] }),
    ),
  ],
  fail: [
    broken(
      "Docker's socket",
      "spec.volumes[0].hostPath.path",
      pod({ volumes: [{ name: "run", hostPath: { path: "/var/run/docker.sock" } }] }),
    ),
    broken(
      "Docker's socket where /var/run leads",
      "spec.volumes[0].hostPath.path",
      pod({ volumes: [{ name: "run", hostPath: { path: "/run/docker.sock" } }] }),
    ),
    broken(
      "cri-dockerd's socket",
      "spec.volumes[0].hostPath.path",
      pod({ volumes: [{ name: "run", hostPath: { path: "/run/cri-dockerd.sock" } }] }),
    ),
    broken(
      "containerd's folder",
      "spec.volumes[0].hostPath.path",
      pod({ volumes: [{ name: "run", hostPath: { path: "/run/containerd" } }] }),
    ),
    broken(
      "containerd's socket in k3s",
      "spec.volumes[0].hostPath.path",
      pod({ volumes: [{ name: "run", hostPath: { path: "/run/k3s/containerd/containerd.sock" } }] }),
    ),
    broken(
      "containerd's socket in k0s",
      "spec.volumes[0].hostPath.path",
      pod({ volumes: [{ name: "run", hostPath: { path: "/run/k0s/containerd.sock" } }] }),
    ),
    broken(
      "CRI-O's socket",
      "spec.volumes[0].hostPath.path",
      pod({ volumes: [{ name: "run", hostPath: { path: "/var/run/crio/crio.sock" } }] }),
    ),
    broken(
      "Podman's socket",
      "spec.volumes[0].hostPath.path",
      pod({ volumes: [{ name: "run", hostPath: { path: "/run/podman/podman.sock" } }] }),
    ),
    broken(
      "containerd's socket",
      "spec.volumes[0].hostPath.path",
      pod({ volumes: [{ name: "run", hostPath: { path: "/run/containerd/containerd.sock" } }] }),
    ),
    broken("the root", "spec.volumes[0].hostPath.path", pod({ volumes: [{ name: "run", hostPath: { path: "/" } }] })),
    broken("/var", "spec.volumes[0].hostPath.path", pod({ volumes: [{ name: "run", hostPath: { path: "/var" } }] })),
    broken(
      "/run with more in it",
      "spec.volumes[0].hostPath.path",
      pod({ volumes: [{ name: "run", hostPath: { path: "//run/./" } }] }),
    ),
    broken(
      "a way around",
      "spec.volumes[0].hostPath.path",
      pod({ volumes: [{ name: "run", hostPath: { path: "/etc/../var/run/" } }] }),
    ),
    broken(
      "/var/run",
      "spec.volumes[0].hostPath.path",
      pod({ volumes: [{ name: "run", hostPath: { path: "/var/run" } }] }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("a volume that is a text", "pass", pod({ volumes: ["data"] })),
    malformed("a path that is a number", "pass", pod({ volumes: [{ name: "run", hostPath: { path: 1 } }] })),
  ],
  wrongKind: [noWorkload(pod({ volumes: [{ name: "run", hostPath: { path: "/run" } }] }))],
};

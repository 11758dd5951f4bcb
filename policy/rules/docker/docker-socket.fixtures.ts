import { container, noContainer, swarm } from "../../testing/docker";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example(
      "a volume and a folder",
      container({ volumes: [{ volumeName: "data", containerPath: "/data" }, { hostPath: "/srv/shop" }] }),
    ),
    example("a volume of a socket's name", container({ mounts: [{ type: "volume", source: "run", target: "/run" }] })),
    example("scratch space", container({ mounts: [{ type: "tmpfs", target: "/tmp" }] })),
    example("a volume in a swarm", swarm({ mounts: [{ type: "volume", source: "data", target: "/data" }] })),
    example("another pipe", container({ mounts: [{ type: "npipe", source: "//./pipe/other", target: "//./pipe/x" }] })),
  ],
  fail: [
    broken(
      "the socket as a volume",
      "volumes[0].hostPath",
      container({ volumes: [{ hostPath: "/var/run/docker.sock" }] }),
    ),
    broken(
      "the socket as a mount",
      "mounts[1].source",
      container({
        mounts: [
          { type: "tmpfs", target: "/tmp" },
          { type: "bind", source: "/run/docker.sock", target: "/docker.sock", readOnly: true },
        ],
      }),
    ),
    broken("the root", "volumes[0].hostPath", container({ volumes: [{ hostPath: "/", readOnly: true }] })),
    broken(
      "the engine's pipe",
      "mounts[0].source",
      container({ mounts: [{ type: "npipe", source: "\\\\.\\pipe\\docker_engine", target: "x" }] }),
    ),
    broken(
      "the engine's pipe, written with slashes",
      "volumes[0].hostPath",
      container({ volumes: [{ hostPath: "//./pipe/docker_engine" }] }),
    ),
    broken(
      "the socket in a swarm",
      "taskSpec.containerSpec.mounts[0].source",
      swarm({ mounts: [{ type: "bind", source: "/var/run", target: "/run" }] }),
    ),
  ],
  malformed: [
    malformed("volumes that are a text", "pass", container({ volumes: "/var/run/docker.sock" })),
    malformed("a path that is a number", "pass", container({ volumes: [{ hostPath: 1 }] })),
    malformed("a mount that is null", "pass", container({ mounts: [null] })),
  ],
  wrongKind: [noContainer({ volumes: [{ hostPath: "/var/run/docker.sock" }] })],
};

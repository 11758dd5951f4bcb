import { container, noContainer, swarm } from "../../testing/docker";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("a limit", container({ memory: 256 })),
    example("a limit in a swarm", swarm({}, { resources: { limits: { memoryBytes: 268435456 } } })),
    example("a container that only holds files", container({ start: false })),
  ],
  fail: [
    broken("none", "memory", container({ memoryReservation: 256 })),
    broken("zero, which is none", "memory", container({ memory: 0 })),
    broken(
      "none in a swarm",
      "taskSpec.resources.limits.memoryBytes",
      swarm({}, { resources: { limits: { nanoCpus: 1 } } }),
    ),
  ],
  malformed: [malformed("a text", "fail", container({ memory: "256m" }))],
  wrongKind: [noContainer({})],
};

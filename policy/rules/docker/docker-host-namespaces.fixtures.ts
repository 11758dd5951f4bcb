import { container, noContainer, swarm } from "../../testing/docker";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("a network of its own", container({ networksAdvanced: [{ name: "shop" }], ipcMode: "private" })),
    example("another container's", container({ networkMode: "container:proxy" })),
    example("a service's network", swarm({}, { networksAdvanceds: [{ name: "shop" }] })),
  ],
  fail: [
    broken("the network", "networkMode", container({ networkMode: "host" })),
    broken("the processes", "pidMode", container({ pidMode: "host" })),
    broken("the memory", "ipcMode", container({ ipcMode: "host" })),
    broken("the network by its name", "networksAdvanced[0].name", container({ networksAdvanced: [{ name: "host" }] })),
    broken(
      "the network of a service",
      "taskSpec.networksAdvanceds[0].name",
      swarm({}, { networksAdvanceds: [{ name: "host" }] }),
    ),
  ],
  malformed: [
    malformed("a number", "pass", container({ pidMode: 1 })),
    malformed("networks that are a text", "pass", container({ networksAdvanced: "host" })),
  ],
  wrongKind: [noContainer({ networkMode: "host" })],
};

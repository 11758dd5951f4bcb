import { container, noContainer, swarm } from "../../testing/docker";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("all dropped", container({ capabilities: { drops: ["ALL"] } })),
    example(
      "one added, by the names of Linux",
      container({ capabilities: { drops: ["CAP_CHOWN", "CAP_ALL"], adds: ["cap_net_bind_service"] } }),
    ),
    example("all dropped in a swarm", swarm({ capDrops: ["all"], capAdds: ["NET_BIND_SERVICE"] })),
    example("a container that only holds files", container({ start: false })),
  ],
  fail: [
    broken("nothing dropped", "capabilities.drops", container({})),
    broken(
      "one dropped, one added",
      ["capabilities.drops", "capabilities.adds[1]"],
      container({ capabilities: { drops: ["NET_RAW"], adds: ["NET_BIND_SERVICE", "SYS_ADMIN"] } }),
    ),
    broken(
      "one added in a swarm",
      "taskSpec.containerSpec.capAdds[0]",
      swarm({ capDrops: ["ALL"], capAdds: ["CAP_SYS_PTRACE"] }),
    ),
  ],
  malformed: [
    malformed("a text for a list", "fail", container({ capabilities: { drops: "ALL" } })),
    malformed("a number in the list", "fail", container({ capabilities: { drops: ["ALL"], adds: [1] } })),
  ],
  wrongKind: [noContainer({ capabilities: { adds: ["SYS_ADMIN"] } })],
};

import { container, noContainer, swarm } from "../../testing/docker";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("no port", container({})),
    example("this machine only", container({ ports: [{ internal: 80, external: 8080, ip: "127.0.0.1" }] })),
    example("one address", container({ ports: [{ internal: 80, ip: "2001:db8::1" }], publishAllPorts: false })),
  ],
  fail: [
    broken("no address", "ports[0].ip", container({ ports: [{ internal: 80 }] })),
    broken(
      "every address, of either kind",
      ["ports[0].ip", "ports[2].ip"],
      container({
        ports: [
          { internal: 80, ip: "0.0.0.0" },
          { internal: 81, ip: "127.0.0.1" },
          { internal: 82, ip: "::" },
        ],
      }),
    ),
    broken("every port", "publishAllPorts", container({ publishAllPorts: true })),
  ],
  malformed: [
    malformed("a port that is a number", "fail", container({ ports: [80] })),
    malformed("an address that is a number", "fail", container({ ports: [{ internal: 80, ip: 1 }] })),
    malformed("ports that are a text", "pass", container({ ports: "80:80" })),
  ],
  wrongKind: [
    noContainer({ ports: [{ internal: 80 }] }),
    example("a service, whose ports belong to the swarm", swarm({ ports: [{ internal: 80 }] })),
  ],
};

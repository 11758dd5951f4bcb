import { container, noContainer, swarm } from "../../testing/docker";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("until it is stopped", container({ restart: "unless-stopped" })),
    example("five times", container({ restart: "on-failure", maxRetryCount: 5 })),
    example("never", container({ restart: "no" })),
    example("nothing said", container({})),
    {
      ...example("always, where that is allowed", container({ restart: "always" })),
      options: { unbounded: ["always"] },
    },
  ],
  fail: [
    broken("always", "restart", container({ restart: "always" })),
    broken("after every failure", "restart", container({ restart: "on-failure" })),
    broken("after every failure, written out", "restart", container({ restart: "on-failure", maxRetryCount: 0 })),
    {
      ...broken("until it is stopped, by the benchmark's letter", "restart", container({ restart: "unless-stopped" })),
      options: { unbounded: [] },
    },
  ],
  malformed: [
    malformed("a number", "pass", container({ restart: 1 })),
    malformed("a count that is a text", "fail", container({ restart: "on-failure", maxRetryCount: "often" })),
  ],
  wrongKind: [
    noContainer({ restart: "always" }),
    example("a service, which the swarm restarts", swarm({ restart: "always" })),
  ],
};

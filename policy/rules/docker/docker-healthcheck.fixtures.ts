import { container, noContainer, swarm } from "../../testing/docker";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const healthcheck = { tests: ["CMD", "/app", "--healthy"] };

export const fixtures: Fixtures = {
  pass: [
    example("a check", container({ healthcheck })),
    example("a check in a swarm", swarm({ healthcheck })),
    example("a task that ends", container({ mustRun: false })),
    example("a task whose end is waited for", container({ attach: true })),
    example("a container that only holds files", container({ start: false })),
  ],
  fail: [
    broken("none", "healthcheck.tests", container({ attach: false })),
    broken("the image's switched off", "healthcheck.tests", container({ healthcheck: { tests: ["NONE"] } })),
    broken("no test", "healthcheck.tests", container({ healthcheck: { tests: [], interval: "5s" }, mustRun: true })),
    broken("none in a swarm", "taskSpec.containerSpec.healthcheck.tests", swarm({})),
  ],
  malformed: [malformed("a text for a list", "fail", container({ healthcheck: { tests: "curl" } }))],
  wrongKind: [noContainer({})],
};

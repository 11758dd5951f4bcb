import { container, noContainer, swarm } from "../../testing/docker";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [example("nothing said", container({})), example("not privileged", container({ privileged: false }))],
  fail: [broken("privileged", "privileged", container({ privileged: true }))],
  malformed: [malformed("a text", "pass", container({ privileged: "yes" }))],
  wrongKind: [
    noContainer({ privileged: true }),
    example("a service, which has no such field", swarm({ privileged: true })),
  ],
};

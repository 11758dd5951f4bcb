import { container, noContainer, swarm } from "../../testing/docker";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("read-only", container({ readOnly: true, tmpfs: { "/tmp": "" } })),
    example("read-only in a swarm", swarm({ readOnly: true })),
    example("a container that only holds files", container({ start: false })),
  ],
  fail: [
    broken("nothing said", "readOnly", container({})),
    broken("writable", "readOnly", container({ readOnly: false })),
    broken("nothing said in a swarm", "taskSpec.containerSpec.readOnly", swarm({})),
  ],
  malformed: [malformed("a text", "fail", container({ readOnly: "true" }))],
  wrongKind: [noContainer({ readOnly: false })],
};

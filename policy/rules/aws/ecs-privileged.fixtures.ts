import { task, taskOf } from "../../testing/ecs";
import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [example("nothing said", task({})), example("not privileged", task({ privileged: false }))],
  fail: [
    broken("privileged", "containerDefinitions[0].privileged", task({ privileged: true })),
    broken(
      "privileged, beside one that is not",
      "containerDefinitions[1].privileged",
      taskOf('[{"name": "web"}, {"name": "agent", "privileged": true}]'),
    ),
  ],
  malformed: [
    malformed("no JSON", "pass", taskOf("[{")),
    malformed("an object for a list", "pass", taskOf('{"privileged": true}')),
    malformed("null", "pass", taskOf("[null]")),
    malformed("a number", "pass", taskOf(1)),
  ],
  wrongKind: [example("a service", resource("aws:ecs/service:Service", { privileged: true }))],
};

import { task, taskOf } from "../../testing/ecs";
import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

const USER = "containerDefinitions[0].user";

export const fixtures: Fixtures = {
  pass: [
    example("a number", task({ user: "10001" })),
    example("a number and a group", task({ user: "10001:0" })),
    example("a name", task({ user: "app" })),
    example(
      "Windows, which has no root",
      task({}, { runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2019_FULL" } }),
    ),
  ],
  fail: [
    broken("nothing said", USER, task({})),
    broken("root", USER, task({ user: "root" })),
    broken("root and a group", USER, task({ user: "root:app" })),
    broken("zero", USER, task({ user: "0" })),
    broken("zero, written longer", USER, task({ user: "00:10001" })),
    broken("only a group", USER, task({ user: ":10001" })),
  ],
  malformed: [
    malformed("no JSON", "pass", taskOf("root")),
    malformed("a number for a text", "fail", task({ user: 10001 })),
  ],
  wrongKind: [example("a cluster", resource("aws:ecs/cluster:Cluster", {}))],
};

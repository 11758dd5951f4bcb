import { task, taskOf } from "../../testing/ecs";
import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

const cluster = (settings: unknown) => resource("aws:ecs/cluster:Cluster", { name: "shop", settings });
const DRIVER = "containerDefinitions[0].logConfiguration.logDriver";

export const fixtures: Fixtures = {
  pass: [
    example("a log group", task({ logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/shop" } } })),
    example("a cluster that measures", cluster([{ name: "containerInsights", value: "enhanced" }])),
    example(
      "a cluster that measures tasks only",
      cluster([
        { name: "other", value: "disabled" },
        { name: "containerInsights", value: "enabled" },
      ]),
    ),
  ],
  fail: [
    broken("no logs", DRIVER, task({})),
    broken("logs thrown away", DRIVER, task({ logConfiguration: { logDriver: "none" } })),
    broken("a cluster without settings", "settings", cluster(undefined)),
    broken("a cluster that does not measure", "settings", cluster([{ name: "containerInsights", value: "disabled" }])),
    broken("another setting", "settings", cluster([{ name: "other", value: "enabled" }])),
  ],
  malformed: [
    malformed("no JSON", "pass", taskOf("")),
    malformed("an empty driver", "fail", task({ logConfiguration: { logDriver: "" } })),
    malformed("settings that are a text", "fail", cluster("containerInsights")),
  ],
  wrongKind: [example("a service", resource("aws:ecs/service:Service", {}))],
};

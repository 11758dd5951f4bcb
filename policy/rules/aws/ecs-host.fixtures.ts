import { task, taskOf } from "../../testing/ecs";
import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("a network of its own", task({}, { networkMode: "awsvpc" })),
    example("the instance's network, not as root", task({ user: "10001:10001" }, { networkMode: "host" })),
    example("processes of the task", task({}, { pidMode: "task", ipcMode: "none" })),
    example(
      "Windows, which has no root",
      task({}, { networkMode: "host", runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" } }),
    ),
  ],
  fail: [
    broken("the processes", "pidMode", task({}, { pidMode: "host" })),
    broken("the memory", "ipcMode", task({}, { ipcMode: "host" })),
    broken("the network as root", "networkMode", task({ user: "0:0" }, { networkMode: "host" })),
    broken("the network as whoever the image says", "networkMode", task({}, { networkMode: "host" })),
  ],
  malformed: [
    malformed("no JSON", "pass", taskOf("[{")),
    malformed("a number", "pass", task({}, { pidMode: 1 })),
    malformed("a user that is a number", "fail", task({ user: 10001 }, { networkMode: "host" })),
  ],
  wrongKind: [example("a service", resource("aws:ecs/service:Service", { pidMode: "host" }))],
};

import { task, taskOf } from "../../testing/ecs";
import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("read-only", task({ readonlyRootFilesystem: true })),
    example(
      "Windows, which cannot",
      task({}, { runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" } }),
    ),
  ],
  fail: [
    broken("nothing said", "containerDefinitions[0].readonlyRootFilesystem", task({})),
    broken(
      "writable, on a named platform",
      "containerDefinitions[0].readonlyRootFilesystem",
      task({ readonlyRootFilesystem: false }, { runtimePlatform: { operatingSystemFamily: "LINUX" } }),
    ),
  ],
  malformed: [
    malformed("no JSON", "pass", taskOf("read-only")),
    malformed("a text", "fail", task({ readonlyRootFilesystem: "true" })),
  ],
  wrongKind: [example("a cluster", resource("aws:ecs/cluster:Cluster", {}))],
};

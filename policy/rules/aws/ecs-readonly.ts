import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, foundationalSecurity } from "../../core/standard";
import { runsWindows, taskDefinition } from "../../model/ecs";

export const ecsReadonly = defineRule({
  id: "ecs-readonly",
  title: "Containers of a task do not write to their image's files",
  severity: "medium",
  standards: [...foundationalSecurity("ECS.5"), ...checkov("CKV_AWS_336")],
  levels: levels("advisory", "mandatory"),
  model: taskDefinition,
  why: "An intruder who can write to the root file system can put programs there and change those that run.",
  remediation: "Set readonlyRootFilesystem to true, and mount a volume or tmpfs where the program writes.",
  *check(definition) {
    for (const container of definition.containers) {
      const readonly = container.at("readonlyRootFilesystem");
      yield container.fails(
        "can write to its root file system",
        readonly,
        () => readonly.read() !== true && !runsWindows(definition),
      );
    }
  },
});

import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { foundationalSecurity } from "../../core/standard";
import { isRoot, runsWindows, taskDefinition } from "../../model/ecs";

export const ecsNonroot = defineRule({
  id: "ecs-nonroot",
  title: "Containers of a task do not run as root",
  severity: "medium",
  standards: foundationalSecurity("ECS.20"),
  levels: levels("advisory", "mandatory"),
  model: taskDefinition,
  why: "Root in a container is root on its instance as soon as anything leads out of the container.",
  remediation: 'Set user to a number above 0: "10001:10001".',
  *check(definition) {
    for (const container of definition.containers) {
      const user = container.at("user");
      yield container.fails("may run as root", user, () => isRoot(container) && !runsWindows(definition));
    }
  },
});

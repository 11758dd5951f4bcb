import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, foundationalSecurity } from "../../core/standard";
import { taskDefinition } from "../../model/ecs";

export const ecsPrivileged = defineRule({
  id: "ecs-privileged",
  title: "No container of a task is privileged",
  severity: "critical",
  standards: [...foundationalSecurity("ECS.4"), ...checkov("CKV_AWS_334")],
  levels: levels("mandatory", "mandatory"),
  model: taskDefinition,
  why: "A privileged container has every right of root on the instance that runs it.",
  remediation: "Remove privileged. Add the single capability in linuxParameters that is needed.",
  *check({ containers }) {
    for (const container of containers) {
      const privileged = container.at("privileged");
      yield container.fails("is privileged", privileged, () => privileged.read() === true);
    }
  },
});

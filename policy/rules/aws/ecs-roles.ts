import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov } from "../../core/standard";
import { taskDefinition } from "../../model/ecs";

export const ecsRoles = defineRule({
  id: "ecs-roles",
  title: "Tasks have a role of their own, apart from the one that starts them",
  severity: "medium",
  standards: checkov("CKV_AWS_249"),
  levels: levels("advisory", "mandatory"),
  model: taskDefinition,
  why: "With the role that starts it a program can read every secret and image of the task; with none it takes the instance's.",
  remediation: "Give taskRoleArn a role of the service's own, with what the program itself needs.",
  *check({ task }) {
    const [own, execution] = [task.at("taskRoleArn"), task.at("executionRoleArn")];
    yield task.fails("has no role of its own", own, () => (own.text() ?? "") === "");
    yield task.fails("runs with the role that starts it", own, () => own.present() && own.read() === execution.read());
  },
});

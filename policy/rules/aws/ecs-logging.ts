import { levels } from "../../core/level";
import { anyOf } from "../../core/resource";
import { defineRule } from "../../core/rule";
import { checkov, foundationalSecurity } from "../../core/standard";
import { taskDefinition } from "../../model/ecs";
import { objects } from "../../model/object";

const cluster = objects("clusters of ECS", "the cluster", ["aws:ecs/cluster:Cluster"]);

export const ecsLogging = defineRule({
  id: "ecs-logging",
  title: "Tasks write logs, and clusters measure them",
  severity: "medium",
  standards: [...foundationalSecurity("ECS.9", "ECS.12"), ...checkov("CKV_AWS_65")],
  levels: levels("advisory", "mandatory"),
  model: anyOf("task definitions and clusters of ECS", taskDefinition, cluster),
  why: "What a container wrote is gone with it unless a log driver took it, and so are its figures.",
  remediation:
    'Give every container logConfiguration with awslogs or awsfirelens, and the cluster the setting containerInsights: "enhanced".',
  *check(model) {
    if ("containers" in model) {
      for (const container of model.containers) {
        const driver = container.at("logConfiguration.logDriver");
        yield container.fails("writes no logs", driver, () => {
          const name = driver.text();
          return name === undefined || name === "" || name === "none";
        });
      }
      return;
    }
    const settings = model.at("settings");
    yield model.fails(
      "measures no containers",
      settings,
      () =>
        !settings.some((setting) => {
          const value = setting.at("value").read();
          return setting.at("name").read() === "containerInsights" && (value === "enabled" || value === "enhanced");
        }),
    );
  },
});

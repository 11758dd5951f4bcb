import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, foundationalSecurity } from "../../core/standard";
import { objects } from "../../model/object";

export const ecsPublicIp = defineRule({
  id: "ecs-public-ip",
  title: "Tasks have no public address",
  severity: "high",
  standards: [...foundationalSecurity("ECS.2", "ECS.16"), ...checkov("CKV_AWS_333")],
  levels: levels("advisory", "mandatory"),
  model: objects("services and task sets of ECS", "the service", [
    "aws:ecs/service:Service",
    "aws:ecs/taskSet:TaskSet",
  ]),
  why: "A task with a public address can be reached past the load balancer, where one security group is all that guards it.",
  remediation: "Set assignPublicIp to false, and give the private subnets a NAT gateway or VPC endpoints.",
  *check(service) {
    const assigned = service.at("networkConfiguration.assignPublicIp");
    yield service.fails("gives its tasks public addresses", assigned, () => assigned.read() === true);
  },
});

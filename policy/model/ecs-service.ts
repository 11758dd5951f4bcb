import { findOf } from "../core/cursor";
import type { Part } from "../core/part";
import type { Stack } from "../core/rule";
import { objects } from "./object";

/** Services of Amazon ECS. */
export const ecsServices = objects("services of ECS", "the service", ["aws:ecs/service:Service"]);
const scalingTargets = objects("what AWS scales", "the target", ["aws:appautoscaling/target:Target"]);

/** Whether it runs one task on every instance, so that nobody counts them. @throws UnknownValue */
export const isDaemon = (service: Part): boolean => service.at("schedulingStrategy").read() === "DAEMON";

/** How many tasks run at least: what autoscaling keeps, or the number that is asked for. @throws UnknownValue */
export function leastTasks(stack: Stack, service: Part): number {
  const target = findOf(stack.of(scalingTargets), (each) => {
    const [dimension, id] = [each.at("scalableDimension").read(), each.at("resourceId").text() ?? ""];
    return dimension === "ecs:service:DesiredCount" && id.split("/").at(-1) === service.at("name").read();
  });
  return (target === undefined ? service.at("desiredCount") : target.at("minCapacity")).number() ?? 0;
}

import { type Cursor, findOf, UnknownValue } from "../core/cursor";
import type { Part } from "../core/part";
import type { Stack } from "../core/rule";
import { cloudRunServices, leastInstances } from "./cloud-run";
import { type TaskDefinition, taskDefinition } from "./ecs";
import { ecsServices, leastTasks } from "./ecs-service";
import { type PodWorkload, podWorkload } from "./podspec";
import { quantity } from "./quantity";
import { isReference, leastCopies, runsCopies } from "./selection";

/** What a core and a GiB of memory cost in a month. */
export interface Prices {
  core: number;
  gibibyte: number;
}

const GIBIBYTE = 2 ** 30;

/** What each thing that runs all the time costs in a month, at least. Each may throw UnknownValue. */
export function costsOf(stack: Stack, prices: Prices): (() => number)[] {
  const cost = (cores: number, gibibytes: number) => cores * prices.core + gibibytes * prices.gibibyte;
  return [
    ...stack
      .of(podWorkload)
      .filter(runsCopies)
      .map((workload) => () => {
        if (isReference(workload)) return 0;
        return leastCopies(stack, workload) * cost(askedBy(workload, "cpu"), askedBy(workload, "memory") / GIBIBYTE);
      }),
    ...stack.of(ecsServices).map((service) => () => {
      const task = taskOf(stack, service)?.task;
      // CPU units are 1024 to a core, and memory is in MiB.
      const number = (name: string) => Number(task?.at(name).read() ?? 0) / 1024 || 0;
      return leastTasks(stack, service) * cost(number("cpu"), number("memory"));
    }),
    ...stack.of(cloudRunServices).map((service) => () => {
      const limit = (name: string) => total(service.at("template.containers"), [`resources.limits.${name}`]);
      return leastInstances(service) * cost(limit("cpu"), limit("memory") / GIBIBYTE);
    }),
  ];
}

/** Whether all together are above a bound: what is known may be above it, whatever is not. @throws UnknownValue */
export function isAbove(costs: readonly (() => number)[], most: number): boolean {
  let sum = 0;
  let unknown: UnknownValue | undefined;
  for (const cost of costs) {
    try {
      sum += cost();
    } catch (error) {
      if (!(error instanceof UnknownValue)) throw error;
      unknown ??= error;
    }
  }
  if (sum > most) return true;
  if (unknown !== undefined) throw unknown;
  return false;
}

/** Containers that run all the time, together: a limit without a request is the request, too. */
const askedBy = ({ pod }: PodWorkload, name: string): number =>
  total(pod.at("containers"), [`resources.requests.${name}`, `resources.limits.${name}`]);

const total = (containers: Cursor, places: readonly string[]): number =>
  containers.items().reduce((sum, container) => {
    if (container.unknown) container.read();
    const found = places.map((place) => quantity(container.at(place).read())).find((each) => each !== undefined);
    return sum + (found ?? 0);
  }, 0);

/** The task definition that a service names: by its family, with a revision or none, or by its ARN. */
const taskOf = (stack: Stack, service: Part): TaskDefinition | undefined =>
  findOf(stack.of(taskDefinition), ({ task }) => {
    const named = service.at("taskDefinition").text()?.split("task-definition/").at(-1)?.split(":")[0];
    return named !== undefined && task.at("family").read() === named;
  });

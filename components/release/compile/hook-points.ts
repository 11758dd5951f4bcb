import { parseDuration } from "../../model/duration";
import type { Problem } from "../../model/problem";
import type { Hook, Hooks, Migration, Release } from "../../model/release";
import { impossible } from "./target";

/** The points of a release in the order in which they come, each with its name as a part of resource names. */
export const hookPoints = {
  beforeDeploy: "before-deploy",
  beforeTraffic: "before-traffic",
  afterStep: "after-step",
  beforePromote: "before-promote",
  afterPromote: "after-promote",
  onRollback: "on-rollback",
} as const satisfies Record<keyof Hooks, string>;
export type HookPoint = keyof typeof hookPoints;

/** Points at which something is there to be run, in their order. */
export function hooksOf({ hooks = {} }: Release): { point: HookPoint; id: string; hook: Hook }[] {
  const points: HookPoint[] = [
    "beforeDeploy",
    "beforeTraffic",
    "afterStep",
    "beforePromote",
    "afterPromote",
    "onRollback",
  ];
  return points.flatMap((point) => {
    const hook = hooks[point];
    return hook === undefined ? [] : [{ point, id: hookPoints[point], hook }];
  });
}

/** Longest time a hook may take, in whole seconds. */
export function hookSeconds({ timeout = "300s" }: Hook): number {
  return Math.ceil(parseDuration(timeout));
}

/** Longest time a migration may take, in whole seconds. */
export function migrationSeconds({ timeout = "600s" }: Migration): number {
  return Math.ceil(parseDuration(timeout));
}

/** Longest time that all hooks and the migration may take, in seconds, with so many steps. */
export function allHooksSeconds(release: Release, steps: number): number {
  const migration = release.migration === undefined ? 0 : migrationSeconds(release.migration);
  return hooksOf(release).reduce(
    (sum, { point, hook }) => sum + hookSeconds(hook) * (point === "afterStep" ? steps : 1),
    migration,
  );
}

/** Functions of AWS, where nothing may call them. */
export function lambdaProblems(release: Release, name: string): Problem[] {
  return hooksOf(release).flatMap(({ point, hook }) => {
    if (hook.lambda === undefined) return [];
    const fix = "Give the function an address and write it as hook.http, or run a container";
    return [impossible(`release.hooks.${point}.lambda`, `cannot be called from ${name}`, fix)];
  });
}

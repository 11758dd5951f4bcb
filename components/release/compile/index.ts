import type { Release } from "../../model/release";
import type { Service } from "../../model/service";
import type { Target } from "../../model/target";
import type { ReleasePlan } from "../plan";
import { type CloudRunRelease, compileForCloudRun } from "./cloud-run";
import { compileFor } from "./compile-for";
import { type ContainerAppsRelease, compileForContainerApps } from "./container-apps";
import { compileForDocker } from "./docker";
import { compileForEcs, type EcsRelease } from "./ecs";
import { compileForKubernetes, type KubernetesRelease } from "./kubernetes";
import { compileForLambda, type LambdaRelease } from "./lambda";
import type { CompiledRelease, CompileInput, CompileOptions, TargetPlan } from "./target";

/** The fields of each target. */
export interface TargetFields {
  docker: ReleasePlan;
  kubernetes: KubernetesRelease;
  ecs: EcsRelease;
  lambda: LambdaRelease;
  cloudRun: CloudRunRelease;
  containerApps: ContainerAppsRelease;
}

const compilers: { [T in Target]: (input: CompileInput) => TargetPlan<TargetFields[T]> } = {
  docker: compileForDocker,
  kubernetes: compileForKubernetes,
  ecs: compileForEcs,
  lambda: compileForLambda,
  cloudRun: compileForCloudRun,
  containerApps: compileForContainerApps,
};

/**
 * What a target makes of a release: its own fields, and every difference from what was asked. Pure, and the same every
 * time. The values must have passed checkRelease, checkService and checkObjectives; problems are for an ArgumentError.
 */
export function compileRelease<T extends Target>(
  release: Release,
  service: Service,
  target: T,
  options: CompileOptions = {},
): CompiledRelease<TargetFields[T]> {
  return compileFor(target, compilers[target], release, service, options);
}

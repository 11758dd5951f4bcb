import { checkShape } from "./check";
import type { Image } from "./image";
import { imageSchema } from "./image.schema";
import type { Objectives } from "./objectives";
import { objectivesSchema } from "./objectives.schema";
import { describeValue, joinPath, type Problem } from "./problem";
import type { CanaryStep, Release } from "./release";
import { releaseSchema } from "./release.schema";
import type { Replicas, Service } from "./service";
import { serviceSchema } from "./service.schema";

/** Every problem of a service, none when it is well. Never throws, whatever is passed. */
export function checkService(service: Service, path = "service"): Problem[] {
  return [
    ...checkShape(serviceSchema, service, path),
    ...imageRules(part(service, "image"), `${path}.image`),
    ...replicasRules(part(service, "replicas"), path),
  ];
}

/** Every problem of an image. Never throws. */
export function checkImage(image: Image, path = "image"): Problem[] {
  return [...checkShape(imageSchema, image, path), ...imageRules(image, path)];
}

/** Every problem of a release. Never throws. */
export function checkRelease(release: Release, path = "release"): Problem[] {
  const steps = part(part(release, "canary"), "steps");
  return [
    ...checkShape(releaseSchema, release, path),
    ...strategyRules(release, path),
    ...stepRules(Array.isArray(steps) ? steps : undefined, `${path}.canary.steps`),
  ];
}

/** Every problem of objectives. Never throws. */
export function checkObjectives(objectives: Objectives, path = "objectives"): Problem[] {
  return checkShape(objectivesSchema, objectives, path);
}

/** A field of something that may be anything, since these rules also see what the schema refuses. */
function part<T, K extends keyof NonNullable<T>>(value: T, key: K): NonNullable<T>[K] | undefined {
  return typeof value === "object" && value !== null ? (value as NonNullable<T>)[key] : undefined;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !("__pulumiOutput" in value);

function imageRules(image: Image | undefined, path: string): Problem[] {
  if (!isObject(image)) return [];
  const given = [image.build, image.reference].filter((way) => way !== undefined).length;
  if (given === 1) return [];
  return [
    {
      path,
      problem: "must have either build or reference",
      got: given === 0 ? "neither" : "both",
      fix: given === 0 ? 'Write { build: { context: "." } }, for example' : "Remove one of the two",
    },
  ];
}

function replicasRules(replicas: Replicas | undefined, servicePath: string): Problem[] {
  if (!isObject(replicas)) return [];
  const { count, min, max, targetCpuPercent } = replicas;
  const path = `${servicePath}.replicas`;
  const problems: Problem[] = [];
  if (count !== undefined && (min !== undefined || max !== undefined)) {
    const limit = max !== undefined ? "replicas.max" : "replicas.min";
    problems.push({
      path,
      problem: `cannot be fixed while ${limit} sets an autoscaler`,
      got: describeValue(count),
      fix: "Remove replicas.count",
    });
  } else if ((min === undefined) !== (max === undefined)) {
    const [given, missing] = min === undefined ? ["max", "min"] : ["min", "max"];
    problems.push({
      path: `${path}.${missing}`,
      problem: `is missing beside replicas.${given}`,
      fix: `Add it, or fix the number with replicas.count alone`,
    });
  }
  if (typeof min === "number" && typeof max === "number" && min > max) {
    problems.push({
      path: `${path}.min`,
      problem: "must not be larger than replicas.max",
      got: `${min} and ${max}`,
      fix: "Exchange the two",
    });
  }
  if (targetCpuPercent !== undefined && min === undefined && max === undefined) {
    problems.push({
      path: `${path}.targetCpuPercent`,
      problem: "has no effect without an autoscaler",
      got: describeValue(targetCpuPercent),
      fix: "Set replicas.min and replicas.max, or remove it",
    });
  }
  return problems;
}

function strategyRules(release: Release, path: string): Problem[] {
  if (!isObject(release)) return [];
  const named = (["rolling", "immediate", "blueGreen", "canary"] as const).filter(
    (name) => release[name] !== undefined,
  );
  if (named.length <= 1) return [];
  return [{ path, problem: "must have at most one strategy", got: named.join(", "), fix: "Keep one of them" }];
}

function stepRules(steps: readonly CanaryStep[] | undefined, path: string): Problem[] {
  if (steps === undefined) return [];
  if (steps.length === 0) {
    return [{ path, problem: "is empty", fix: "Add a step, or leave out steps for 10, 25, 50 and 75 percent" }];
  }
  return steps.flatMap((step, index) => {
    const weight = part(step, "weight");
    const before = part(steps[index - 1], "weight");
    if (typeof weight !== "number" || typeof before !== "number" || !(weight <= before)) return [];
    return [
      {
        path: joinPath(path, index, "weight"),
        problem: "must be larger than the step before it",
        got: `${weight} after ${before}`,
        fix: "Sort the steps by weight",
      },
    ];
  });
}

import { entriesOf, isObject, part } from "./anything";
import type { Image } from "./image";
import { describeValue, joinPath, type Problem } from "./problem";
import type { Replicas, Service } from "./service";

const TARGETS = ["targetCpuPercent", "targetMemoryPercent", "targetRequestsPerSecond", "targetMetric"] as const;

/** Problems between settings of a service, beyond what each field says by itself. */
export function serviceRules(service: Service, path: string): Problem[] {
  return [
    ...imageRules(part(service, "image"), `${path}.image`),
    ...replicasRules(part(service, "replicas"), path),
    ...portRules(service, path),
    ...folderRules(service, path),
  ];
}

export function imageRules(image: Image | undefined, path: string): Problem[] {
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
  const { count, min, max } = replicas;
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
  if (min === undefined && max === undefined) {
    for (const target of TARGETS.filter((name) => replicas[name] !== undefined)) {
      problems.push({
        path: `${path}.${target}`,
        problem: "has no effect without an autoscaler",
        got: describeValue(replicas[target]),
        fix: "Set replicas.min and replicas.max, or remove it",
      });
    }
  }
  return problems;
}

/** Two ports with one number: only the first would be reached. */
function portRules(service: Service, path: string): Problem[] {
  const taken = new Map<unknown, string>([[part(service, "port"), "port"]]);
  return entriesOf(part(service, "ports")).flatMap(([name, port]): Problem[] => {
    const other = taken.get(port);
    taken.set(port, `ports.${name}`);
    if (other === undefined || typeof port !== "number") return [];
    const fix = "Give it another number, or remove it";
    return [{ path: joinPath(path, "ports", name), problem: `is the same as ${other}`, got: String(port), fix }];
  });
}

/** Two volumes, or a volume and a file, in one place: one would hide the other. */
function folderRules(service: Service, path: string): Problem[] {
  const taken = new Map<unknown, string>();
  return entriesOf(part(service, "volumes")).flatMap(([name, volume]): Problem[] => {
    const folder = part(volume, "path");
    if (typeof folder !== "string") return [];
    const other = taken.get(folder);
    taken.set(folder, `volumes.${name}`);
    const hidden = entriesOf(part(service, "files")).find(([file]) => file === folder || file.startsWith(`${folder}/`));
    const here = joinPath(path, "volumes", name, "path");
    const got = describeValue(folder);
    const fix = "Choose another folder";
    if (other !== undefined) return [{ path: here, problem: `is the same as that of ${other}`, got, fix }];
    return hidden === undefined
      ? []
      : [{ path: here, problem: `hides the file ${describeValue(hidden[0])}`, got, fix }];
  });
}

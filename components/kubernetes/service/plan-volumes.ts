import type { core } from "@pulumi/kubernetes/types/input";
import { defaults } from "../../model/defaults";
import { parseMemory } from "../../model/memory";
import { describeValue, joinPath, type Problem } from "../../model/problem";
import { type Service, Workload } from "../../model/service";
import { bytesQuantity } from "./plan-amounts";
import { SECRETS_FOLDER } from "./plan-secrets";
import type { KubernetesServicePlan } from "./plan-types";

/** Where nobody says which folders may be written to. */
export const USUAL_SCRATCH = { "/tmp": "64MiB" };
/** Names of the volumes that a service does not name itself. */
const OWN_PREFIX = "headgate-";

/** Folders that may be written to with their bytes; a volume takes the place of a usual one. */
export function scratchFolders(asked: Record<string, string> | undefined, service: Service): [string, number][] {
  const volumes = Object.values(service.volumes ?? {}).map(({ path }) => path);
  const usual = Object.entries(USUAL_SCRATCH).filter(([path]) => !volumes.includes(path));
  return (asked === undefined ? usual : Object.entries(asked)).map(([path, size]) => [path, parseMemory(size)]);
}

const bytesOf = (size: string = defaults.volumeSize) => bytesQuantity(parseMemory(size));

/** Volumes of a pod beside its configuration and secrets, and where they are mounted. */
export function podVolumes({ service, scratch }: KubernetesServicePlan): {
  volumes: core.v1.Volume[];
  mounts: core.v1.VolumeMount[];
} {
  const named = Object.entries(service.volumes ?? {});
  const folders = scratch.map(([path, bytes], index) => ({ name: `${OWN_PREFIX}scratch-${index}`, path, bytes }));
  return {
    volumes: [
      ...folders.map(({ name, bytes }) => ({ name, emptyDir: { sizeLimit: bytesQuantity(bytes) } })),
      ...named
        .filter(([, { persistent }]) => !persistent)
        .map(([name, { size }]) => ({ name, emptyDir: { sizeLimit: bytesOf(size) } })),
    ],
    mounts: [
      ...folders.map(({ name, path }) => ({ name, mountPath: path })),
      ...named.map(([name, { path, readOnly }]) => ({ name, mountPath: path, ...(readOnly && { readOnly }) })),
    ],
  };
}

/** A volume of its own for every copy of a StatefulSet; it stays when the copy goes. */
export function volumeClaims({ service, storageClass }: KubernetesServicePlan): core.v1.PersistentVolumeClaim[] {
  return Object.entries(service.volumes ?? {})
    .filter(([, { persistent }]) => persistent)
    .map(([name, { size }]) => ({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name },
      spec: {
        accessModes: ["ReadWriteOnce"],
        ...(storageClass !== undefined && { storageClassName: storageClass }),
        resources: { requests: { storage: bytesOf(size) } },
      },
    }));
}

/** Folders that cannot be, or would hide one another. */
export function volumeProblems(service: Service, scratch: Record<string, string> | undefined): Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, string>([[SECRETS_FOLDER, "the secrets"]]);
  for (const [name, { path, persistent }] of Object.entries(service.volumes ?? {})) {
    const here = joinPath("service.volumes", name);
    if (name.startsWith(OWN_PREFIX)) {
      const problem = `must not begin with "${OWN_PREFIX}", as the volumes made here do`;
      problems.push({ path: here, problem, got: describeValue(name), fix: "Choose another name" });
    }
    if (persistent && service.workload === Workload.perMachine) {
      const problem = "cannot be true for one copy on every machine: a claim is for one copy with a name";
      problems.push({ path: `${here}.persistent`, problem, fix: 'Set service.workload to "stateful"' });
    }
    if (path === SECRETS_FOLDER) {
      const problem = "is where the secrets are";
      problems.push({ path: `${here}.path`, problem, got: describeValue(path), fix: "Choose another folder" });
    }
    taken.set(path, `service.volumes.${name}`);
  }
  for (const path of Object.keys(service.files ?? {})) {
    if (path === SECRETS_FOLDER || path.startsWith(`${SECRETS_FOLDER}/`)) {
      const problem = "is where the secrets are";
      problems.push({ path: joinPath("service.files", path), problem, fix: "Choose another folder" });
    }
    taken.set(path, joinPath("service.files", path));
  }
  for (const [path, size] of Object.entries(scratch ?? {})) {
    const here = joinPath("scratch", path);
    try {
      if (!/^\/[^:,]+$/.test(path)) throw new RangeError("path");
      parseMemory(size);
    } catch {
      const fix = 'Write { "/tmp": "64MiB" }';
      problems.push({ path: here, problem: "must be a folder with a size", got: describeValue(size), fix });
    }
    const other = taken.get(path);
    if (other !== undefined) {
      problems.push({ path: here, problem: `is the same as ${other}`, fix: "Remove one of the two" });
    }
  }
  return problems;
}

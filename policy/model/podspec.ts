import type { Cursor } from "../core/cursor";
import { Part } from "../core/part";
import type { Model } from "../core/resource";
import { kubernetesType, objectOf } from "./kubernetes";

/** An object that runs pods, whatever its kind. */
export interface PodWorkload {
  kind: string;
  /** The object's own properties. */
  object: Cursor;
  /** Labels and annotations that its pods get. */
  metadata: Cursor;
  /** The pod's spec, with the parts of it that rules look at. */
  pod: Part;
  /** Containers of the three lists: init, app and ephemeral. */
  containers: readonly Container[];
  volumes: readonly Part[];
}

export class Container extends Part {
  constructor(
    readonly role: "init" | "app" | "ephemeral",
    part: Part,
  ) {
    super(part.cursor, part.label);
  }
}

interface Place {
  groups: readonly string[];
  /** Path of what has the pods' metadata and spec; "" for the object itself. */
  template: string;
}

const APPS = ["apps", "extensions"];

/** Where each kind keeps its pods. */
const PLACES: Readonly<Record<string, Place>> = {
  Pod: { groups: [""], template: "" },
  PodTemplate: { groups: [""], template: "template" },
  ReplicationController: { groups: [""], template: "spec.template" },
  Deployment: { groups: APPS, template: "spec.template" },
  ReplicaSet: { groups: APPS, template: "spec.template" },
  DaemonSet: { groups: APPS, template: "spec.template" },
  StatefulSet: { groups: APPS, template: "spec.template" },
  Job: { groups: ["batch"], template: "spec.template" },
  CronJob: { groups: ["batch"], template: "spec.jobTemplate.spec.template" },
  Rollout: { groups: ["argoproj.io"], template: "spec.template" },
};

const LISTS = [
  ["init", "initContainers"],
  ["app", "containers"],
  ["ephemeral", "ephemeralContainers"],
] as const;

function placeOf(type: string): (Place & { kind: string; patch: boolean }) | undefined {
  const parsed = kubernetesType(type);
  const place = parsed !== undefined && Object.hasOwn(PLACES, parsed.kind) ? PLACES[parsed.kind] : undefined;
  if (parsed === undefined || !place?.groups.includes(parsed.group)) return undefined;
  return { ...place, kind: parsed.kind, patch: parsed.patch };
}

/** Workloads: Pod, Deployment, Rollout and every other kind that runs pods. */
export const podWorkload: Model<PodWorkload> = {
  name: "workloads",
  accepts: (type) => placeOf(type) !== undefined,
  of(resource) {
    const place = placeOf(resource.type);
    if (place === undefined) return undefined;
    const object = objectOf(resource, place.patch);
    const template = place.template === "" ? object : object.at(place.template);
    const spec = template.at("spec");
    return {
      kind: place.kind,
      object,
      metadata: template.at("metadata"),
      pod: new Part(spec, "the pod"),
      containers: LISTS.flatMap(([role, list]) =>
        spec
          .at(list)
          .items()
          .map((item) => new Container(role, Part.named("container", item))),
      ),
      volumes: spec
        .at("volumes")
        .items()
        .map((item) => Part.named("volume", item)),
    };
  },
};

/** Whether the pods run on Windows, where some settings of Linux do not exist. */
export const isWindows = ({ pod }: PodWorkload): boolean => pod.at("os.name").read() === "windows";

/** Whether the pods have users of their own, so that root in them is nobody on the node. */
export const hasOwnUsers = ({ pod }: PodWorkload): boolean => pod.at("hostUsers").read() === false;

/**
 * Whether a change of its pods' spec is an ordinary one. A Pod and a Job would be deleted and made again for it, and
 * the Job would run once more.
 */
export const takesChanges = ({ kind }: PodWorkload): boolean => kind !== "Pod" && kind !== "Job";

/** A setting of the security context that a container takes from its pod unless it has its own. */
export function effective(container: Part, pod: Part, name: string): unknown {
  const own = container.at(`securityContext.${name}`).read();
  return own ?? pod.at(`securityContext.${name}`).read();
}

/** Whether the container runs for as long as its pod, in a pod that is not to end: then it can be ready or not. */
export function isProbed({ kind, pod }: PodWorkload, container: Container): boolean {
  if (kind === "Job" || kind === "CronJob" || container.role === "ephemeral") return false;
  if (container.role === "init" && container.at("restartPolicy").read() !== "Always") return false;
  const policy = pod.at("restartPolicy").read();
  return policy !== "Never" && policy !== "OnFailure";
}

import type { Cursor } from "../core/cursor";
import { Part } from "../core/part";
import type { Model } from "../core/resource";
import { kubernetesObjects } from "./kubernetes-object";
import { podWorkload } from "./podspec";

/** What can say by labels or tags whose it is. */
export interface Labelled {
  part: Part;
  labels: Cursor;
  /** Whether it belongs to one service. A namespace may hold several. */
  ofService: boolean;
}

const spaces = kubernetesObjects("namespaces and volumes", "", "Namespace", "PersistentVolumeClaim");

const inCluster: Model<Labelled> = {
  name: "workloads, namespaces and volumes",
  accepts: (type) => podWorkload.accepts(type) || spaces.accepts(type),
  of(resource) {
    const found = podWorkload.of(resource) ?? spaces.of(resource);
    if (found === undefined) return undefined;
    const { object, kind } = found;
    const ofService = kind !== "Namespace";
    return { part: new Part(object, "the object"), labels: object.at("metadata.labels"), ofService };
  },
};

/** What each kind of resource that runs or costs says of its owner. */
const KINDS: readonly Model<Labelled>[] = [inCluster];

/** Everything that runs or costs, and takes labels or tags. */
export const labelled: Model<Labelled> = {
  name: "what runs or costs",
  accepts: (type) => KINDS.some((kind) => kind.accepts(type)),
  of: (resource) => KINDS.find((kind) => kind.accepts(resource.type))?.of(resource),
};

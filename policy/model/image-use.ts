import type { Cursor } from "../core/cursor";
import type { Part } from "../core/part";
import type { Model } from "../core/resource";
import { podWorkload } from "./podspec";

/** A place that names a container image. */
export interface ImageUse {
  /** Who uses it: a container, a volume. */
  part: Part;
  image: Cursor;
}

const inPods: Model<readonly ImageUse[]> = {
  name: podWorkload.name,
  accepts: podWorkload.accepts,
  of(resource) {
    const workload = podWorkload.of(resource);
    if (workload === undefined) return undefined;
    return [
      ...workload.containers.map((part) => ({ part, image: part.at("image") })),
      ...workload.volumes
        .map((part) => ({ part, image: part.at("image.reference") }))
        .filter(({ part }) => part.at("image").unknown || part.cursor.entries().some(([kind]) => kind === "image")),
    ];
  },
};

/** What each kind of resource that runs images says of them. */
const KINDS: readonly Model<readonly ImageUse[]>[] = [inPods];

/** Everything that runs container images. */
export const imageUses: Model<readonly ImageUse[]> = {
  name: "everything that runs images",
  accepts: (type) => KINDS.some((kind) => kind.accepts(type)),
  of: (resource) => KINDS.find((kind) => kind.accepts(resource.type))?.of(resource),
};

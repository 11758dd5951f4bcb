import { Cursor } from "../core/cursor";
import { Part } from "../core/part";
import type { Model } from "../core/resource";
import { cloudRunContainers } from "./cloud-run";
import { dockerContainer } from "./docker";
import { taskDefinition } from "./ecs";
import { isImageId } from "./image";
import { lambdaFunctions } from "./lambda";
import { podWorkload } from "./podspec";

/** A place that names a container image. */
export interface ImageUse {
  /** Who uses it: a container, a volume. */
  part: Part;
  image: Cursor;
  /**
   * Whether a reference stands here. Docker also takes the id of an image that it has, which is a digest and names no
   * registry, and the name that it gives to an image that it builds.
   * @throws UnknownValue
   */
  isReference(): boolean;
}

const use = (part: Part, image: Cursor, isReference = () => true): ImageUse => ({ part, image, isReference });

const isNoId = (image: Cursor): boolean => !isImageId(image.text() ?? "");

/** Whether a field is there, or may be. */
const has = (part: Part, name: string): boolean =>
  part.at(name).unknown || part.cursor.entries().some(([key]) => key === name);

const inPods: Model<readonly ImageUse[]> = {
  name: podWorkload.name,
  accepts: podWorkload.accepts,
  of(resource) {
    const workload = podWorkload.of(resource);
    if (workload === undefined) return undefined;
    return [
      ...workload.containers.map((part) => use(part, part.at("image"))),
      ...workload.volumes.filter((part) => has(part, "image")).map((part) => use(part, part.at("image.reference"))),
    ];
  },
};

const inContainersOfDocker: Model<readonly ImageUse[]> = {
  name: dockerContainer.name,
  accepts: dockerContainer.accepts,
  of(resource) {
    const container = dockerContainer.of(resource);
    return container && [use(container.part, container.image, () => isNoId(container.image))];
  },
};

const inTasks: Model<readonly ImageUse[]> = {
  name: taskDefinition.name,
  accepts: taskDefinition.accepts,
  of: (resource) => taskDefinition.of(resource)?.containers.map((part) => use(part, part.at("image"))),
};

const inCloudRun: Model<readonly ImageUse[]> = {
  name: cloudRunContainers.name,
  accepts: cloudRunContainers.accepts,
  of: (resource) => cloudRunContainers.of(resource)?.map((part) => use(part, part.at("image"))),
};

const inFunctions: Model<readonly ImageUse[]> = {
  name: "Lambda functions of images",
  accepts: lambdaFunctions.accepts,
  of(resource) {
    const part = lambdaFunctions.of(resource);
    return part !== undefined && has(part, "imageUri") ? [use(part, part.at("imageUri"))] : [];
  },
};

const pulled: Model<readonly ImageUse[]> = {
  name: "images that an engine pulls",
  accepts: (type) => type === "docker:index/remoteImage:RemoteImage",
  of(resource) {
    const part = new Part(Cursor.root(resource), "the engine");
    const name = part.at("name");
    return [use(part, name, () => isNoId(name) && !part.at("build").present())];
  },
};

/** What each kind of resource that runs images says of them. */
const KINDS: readonly Model<readonly ImageUse[]>[] = [
  inPods,
  inTasks,
  inFunctions,
  inCloudRun,
  inContainersOfDocker,
  pulled,
];

/** Everything that runs container images. */
export const imageUses: Model<readonly ImageUse[]> = {
  name: "everything that runs images",
  accepts: (type) => KINDS.some((kind) => kind.accepts(type)),
  of: (resource) => KINDS.find((kind) => kind.accepts(resource.type))?.of(resource),
};

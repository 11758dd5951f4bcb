import type { Cursor } from "../core/cursor";
import type { Part } from "../core/part";
import type { Model } from "../core/resource";
import { podWorkload } from "./podspec";

/** An environment variable that is given its value where it stands. */
export interface EnvironmentVariable {
  /** Who gets it: a container, a function. */
  part: Part;
  /** Its name: a place that holds it, or the name itself where it is the key of a map. */
  name: Cursor | string;
  value: Cursor;
}

const inPods: Model<readonly EnvironmentVariable[]> = {
  name: podWorkload.name,
  accepts: podWorkload.accepts,
  of: (resource) =>
    podWorkload.of(resource)?.containers.flatMap((part) =>
      part
        .at("env")
        .items()
        .map((variable) => ({ part, name: variable.at("name"), value: variable.at("value") })),
    ),
};

/** What each kind of resource that runs programs says of their environment. */
const KINDS: readonly Model<readonly EnvironmentVariable[]>[] = [inPods];

/** Everything that gives programs their environment. */
export const environmentVariables: Model<readonly EnvironmentVariable[]> = {
  name: "everything that runs programs",
  accepts: (type) => KINDS.some((kind) => kind.accepts(type)),
  of: (resource) => KINDS.find((kind) => kind.accepts(resource.type))?.of(resource),
};

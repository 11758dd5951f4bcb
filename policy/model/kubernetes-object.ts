import type { Cursor } from "../core/cursor";
import { Part } from "../core/part";
import type { Model } from "../core/resource";
import { kubernetesType, objectOf } from "./kubernetes";

/** An object in a cluster, of a kind that rules know by its name. */
export interface KubernetesObject {
  kind: string;
  /** Its own properties. */
  object: Cursor;
  /** The same, as messages call it: "the Service". */
  part: Part;
}

/**
 * Objects of some kinds of one API group, in any version.
 * @param group "" for the core group.
 */
export function kubernetesObjects(name: string, group: string, ...kinds: string[]): Model<KubernetesObject> {
  const typeOf = (token: string) => {
    const parsed = kubernetesType(token);
    return parsed?.group === group && kinds.includes(parsed.kind) ? parsed : undefined;
  };
  return {
    name,
    accepts: (type) => typeOf(type) !== undefined,
    of(resource) {
      const type = typeOf(resource.type);
      if (type === undefined) return undefined;
      const object = objectOf(resource, type.patch);
      return { kind: type.kind, object, part: new Part(object, `the ${type.kind}`) };
    },
  };
}

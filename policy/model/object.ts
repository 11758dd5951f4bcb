import { Cursor } from "../core/cursor";
import { Part } from "../core/part";
import type { Model } from "../core/resource";

/** Resources of these types, as they are: for what has one place for each setting. */
export function objects(name: string, label: string, types: readonly string[]): Model<Part> {
  const known = new Set(types);
  return {
    name,
    accepts: (type) => known.has(type),
    of: (resource) => new Part(Cursor.root(resource), label),
  };
}

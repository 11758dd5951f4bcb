import type { Cursor } from "../core/cursor";
import { Part } from "../core/part";
import type { Model } from "../core/resource";
import { kubernetesType, objectOf } from "./kubernetes";

/** Texts of an object in a cluster that are kept in the open. */
export interface OpenText {
  part: Part;
  texts: readonly {
    at: Cursor;
    /** The variable that it becomes for programs, where it becomes one. */
    name?: string;
  }[];
}

/** Annotations of every object, what a ConfigMap holds, and values of charts. */
export const openText: Model<OpenText> = {
  name: "objects in a cluster",
  accepts: (type) => kubernetesType(type) !== undefined,
  of(resource) {
    const type = kubernetesType(resource.type);
    if (type === undefined) return undefined;
    const object = objectOf(resource, type.patch);
    const annotations = object.at("metadata.annotations").entries();
    const isMap = type.group === "" && type.kind === "ConfigMap";
    const isChart = type.group === "helm.sh" && ["Release", "Chart"].includes(type.kind);
    return {
      part: new Part(object, isChart ? "the chart" : "the object"),
      texts: [
        ...annotations.map(([, at]) => ({ at })),
        ...(isMap
          ? object
              .at("data")
              .entries()
              .map(([name, at]) => ({ at, name }))
          : []),
        ...(isChart ? leavesOf(object.at("values")).map((at) => ({ at })) : []),
      ],
    };
  },
};

function leavesOf(value: Cursor): Cursor[] {
  const inside = [...value.items(), ...value.entries().map(([, entry]) => entry)];
  return value.unknown || inside.length === 0 ? [value] : inside.flatMap(leavesOf);
}

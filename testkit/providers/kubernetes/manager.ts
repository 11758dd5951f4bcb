import { randomBytes } from "node:crypto";
import type { Properties } from "../shared/wire";
import { annotation, annotations, text } from "./object";

/** The field manager of a resource: the program's, else the one it was made with, else a new one of its own. */
export function managerOf(inputs: Properties, oldOutputs: Properties): string {
  const named = annotation(inputs, annotations.patchFieldManager) || text(oldOutputs.__fieldManager);
  return named || `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
}

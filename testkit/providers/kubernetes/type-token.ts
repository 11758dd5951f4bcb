import type { Properties } from "../shared/wire";
import { list, text } from "./object";

export interface TypeToken {
  apiVersion: string;
  kind: string;
  /** The token's own last part; differs from `kind` for a Patch resource. */
  suffix: string;
}

/** `kubernetes:core/v1:Pod` is `v1` `Pod`. */
export function parseType(type: string): TypeToken {
  const [, groupVersion = "", suffix = ""] = type.split(":");
  return { apiVersion: groupVersion.replace(/^core\//, ""), kind: suffix.replace(/Patch$/, "") || suffix, suffix };
}

/** A resource that sets some fields of an object which others own. */
export function isPatch(type: string, inputs: Properties): boolean {
  const { suffix, kind } = parseType(type);
  return suffix.endsWith("Patch") && text(inputs.kind) === kind && kind !== suffix;
}

/** Why a type cannot be served; undefined when it can. */
export function refusal(type: string, inputs: Properties): string | undefined {
  const { apiVersion, suffix } = parseType(type);
  if (/^(helm\.sh|kustomize|yaml)\//.test(apiVersion)) {
    return `The testkit's kubernetes provider does not serve ${type}. Install the official kubernetes plugin, or render the manifests beforehand and use yaml.ConfigFile.`;
  }
  if (suffix.endsWith("List") && (suffix === "List" || list(inputs.items).length > 0)) {
    return `${suffix} is a list of objects and cannot be created. Create each of its items.`;
  }
  return undefined;
}

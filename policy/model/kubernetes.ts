import { Cursor } from "../core/cursor";
import type { Resource } from "../core/resource";

/** What a type token says of an object in a cluster. */
export interface KubernetesType {
  /** "" for the core group. */
  group: string;
  version: string;
  kind: string;
  /** Whether it only says what it changes: `DeploymentPatch`. */
  patch: boolean;
}

const TOKEN = /^kubernetes:(?:([^:/]+)\/)?([^:/]+):(\w+?)(Patch)?$/;

/** Reads `kubernetes:apps/v1:Deployment`; undefined for types of other packages. */
export function kubernetesType(token: string): KubernetesType | undefined {
  const match = TOKEN.exec(token);
  if (match === null) return undefined;
  const [, group = "", version = "", kind = "", patch] = match;
  return { group: group === "core" ? "" : group, version, kind, patch: patch !== undefined };
}

/** The token that Pulumi gives an object: "kubernetes:core/v1:Pod" for `apiVersion: v1`, `kind: Pod`. */
export const tokenOf = (apiVersion: string, kind: string): string =>
  `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;

/** The properties of an object in a cluster. */
export const objectOf = (resource: Resource, patch: boolean): Cursor =>
  Cursor.of({ resource, partial: patch }, resource.properties);

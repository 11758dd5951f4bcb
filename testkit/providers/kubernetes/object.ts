import { isRecord, type Properties } from "../shared/wire";

/** An object as the API server holds it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  [field: string]: unknown;
}

export interface Metadata {
  name: string;
  namespace?: string;
  uid?: string;
  generation?: number;
  resourceVersion?: string;
  deletionTimestamp?: string;
  finalizers?: string[];
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
  ownerReferences?: { uid: string }[];
  managedFields?: ManagedFields[];
}

/** What one manager owns of an object, as the API server keeps it. */
export interface ManagedFields {
  manager: string;
  operation: "Apply" | "Update";
  apiVersion?: string;
  fieldsType?: string;
  fieldsV1?: Properties;
  subresource?: string;
  time?: string;
}

/** Annotations of the package. */
export const annotations = {
  autonamed: "pulumi.com/autonamed",
  skipAwait: "pulumi.com/skipAwait",
  waitFor: "pulumi.com/waitFor",
  timeoutSeconds: "pulumi.com/timeoutSeconds",
  replaceUnready: "pulumi.com/replaceUnready",
  patchForce: "pulumi.com/patchForce",
  patchFieldManager: "pulumi.com/patchFieldManager",
  deletionPropagationPolicy: "pulumi.com/deletionPropagationPolicy",
} as const;

export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** The value at a place, or undefined where the place does not exist. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, part) => {
    if (Array.isArray(inner)) return typeof part === "number" ? inner[part] : undefined;
    return isRecord(inner) ? inner[part] : undefined;
  }, value);
}

export function record(value: unknown): Properties {
  return isRecord(value) ? value : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

export function annotation(object: Properties, key: string): string | undefined {
  const value = at(object, "metadata", "annotations", key);
  return typeof value === "string" ? value : undefined;
}

/** "namespace/name", or the name alone of an object outside namespaces. */
export function idOf(object: KubernetesObject): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

export function parseId(id: string): { namespace: string | undefined; name: string } {
  const [first = "", second] = id.split("/");
  return second === undefined ? { namespace: undefined, name: first } : { namespace: first, name: second };
}

/** `Deployment "shop/web"`, for messages. */
export function titleOf(object: Properties): string {
  const { name, namespace } = record(object.metadata);
  return `${text(object.kind)} "${[namespace, name].filter((part) => text(part) !== "").join("/")}"`;
}

export function isSecretObject(object: Properties): boolean {
  return object.kind === "Secret" && object.apiVersion === "v1";
}

export function isDefinition(object: Properties): boolean {
  return object.kind === "CustomResourceDefinition" && text(object.apiVersion).startsWith("apiextensions.k8s.io/");
}

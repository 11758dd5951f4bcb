import type { PropertyPath } from "../shared/property-path";
import { isRecord, type Properties } from "../shared/wire";
import { type KubernetesObject, list, type ManagedFields, record } from "./object";

/** Managers under which the official plugin creates objects; their fields pass to the resource's own manager. */
const PREDECESSORS = ["pulumi-kubernetes", "pulumi-kubernetes.exe", "pulumi-resource-kubernetes", "before-first-apply"];

function entriesOf(object: Properties): ManagedFields[] {
  return list(record(object.metadata).managedFields) as ManagedFields[];
}

function isOwn(entry: ManagedFields, manager: string): boolean {
  return entry.manager === manager && entry.operation === "Apply" && (entry.subresource ?? "") === "";
}

function isPredecessor({ manager, operation, subresource }: ManagedFields): boolean {
  return operation === "Update" && (subresource ?? "") === "" && PREDECESSORS.includes(manager);
}

/** The fields that a manager has applied, as a text that can be compared. */
export function appliedFields(object: Properties, manager: string): string {
  return JSON.stringify(sorted(entriesOf(object).find((entry) => isOwn(entry, manager))?.fieldsV1 ?? {}));
}

function sorted(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

/** Whether somebody else owns a place that the manager does not. */
export function isForeign(object: Properties, path: PropertyPath, manager: string): boolean {
  const entries = entriesOf(object);
  const owned = (own: boolean) =>
    entries.some((entry) => isOwn(entry, manager) === own && holds(record(entry.fieldsV1), path));
  return owned(false) && !owned(true);
}

function holds(fields: Properties, [first, ...rest]: PropertyPath): boolean {
  if (first === undefined) return true;
  const inner = fields[`f:${first}`];
  return isRecord(inner) && holds(inner, rest);
}

/** Whether fields of the object still belong to the manager it was created under. */
export function hasPredecessor(object: Properties): boolean {
  return entriesOf(object).some(isPredecessor);
}

/** The object's managers once the resource's own has inherited what its predecessors own. */
export function inherited(object: KubernetesObject, manager: string): ManagedFields[] {
  const entries = entriesOf(object);
  const heirs = entries.filter((entry) => isOwn(entry, manager) || isPredecessor(entry));
  const others = entries.filter((entry) => !heirs.includes(entry));
  const fieldsV1 = heirs.reduce<Properties>((all, entry) => merged(all, record(entry.fieldsV1)), {});
  return [
    ...others,
    {
      manager,
      operation: "Apply",
      apiVersion: object.apiVersion,
      fieldsType: "FieldsV1",
      fieldsV1,
      time: new Date().toISOString(),
    },
  ];
}

function merged(a: Properties, b: Properties): Properties {
  const both = Object.entries(b).map(([key, value]) => {
    const old = a[key];
    return [key, isRecord(old) && isRecord(value) ? merged(old, value) : value];
  });
  return { ...a, ...Object.fromEntries(both) };
}

import { expect, it } from "vitest";
import { ApiError } from "./api";
import { differences, prune } from "./changes";
import { refusedPlaces } from "./forced-replacement";
import { reasonOf } from "./messages";
import type { KubernetesObject, ManagedFields } from "./object";
import { appliedFields, hasPredecessor, inherited, isForeign } from "./ownership";

const entry = (manager: string, operation: "Apply" | "Update", fieldsV1: Record<string, unknown>): ManagedFields => ({
  manager,
  operation,
  fieldsV1,
});
const owned = (...managedFields: ManagedFields[]): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", managedFields },
});

it("tells whose a field is", () => {
  const object = owned(
    entry("mine", "Apply", { "f:spec": { "f:paused": {} } }),
    entry("hpa", "Update", { "f:spec": { "f:replicas": {} } }),
  );
  expect(isForeign(object, ["spec", "replicas"], "mine")).toBe(true);
  expect(isForeign(object, ["spec", "paused"], "mine")).toBe(false);
  expect(isForeign(object, ["spec", "nothing"], "mine")).toBe(false);
  const shared = owned(
    ...["mine", "theirs"].map((manager) => entry(manager, "Apply", { "f:spec": { "f:paused": {} } })),
  );
  expect(isForeign(shared, ["spec", "paused"], "mine")).toBe(false);
  expect(appliedFields(object, "mine")).toBe('{"f:spec":{"f:paused":{}}}');
});

it("passes the fields of the manager that made an object to the resource's own", () => {
  const object = owned(
    entry("pulumi-kubernetes", "Update", { "f:spec": { "f:replicas": {} } }),
    entry("pulumi-kubernetes-1", "Apply", { "f:spec": { "f:paused": {} } }),
    entry("kubectl", "Update", { "f:metadata": {} }),
  );
  expect(hasPredecessor(object)).toBe(true);
  expect(inherited(object, "pulumi-kubernetes-1")).toEqual([
    object.metadata.managedFields?.[2],
    expect.objectContaining({
      manager: "pulumi-kubernetes-1",
      operation: "Apply",
      fieldsV1: { "f:spec": { "f:replicas": {}, "f:paused": {} } },
    }),
  ]);
  expect(hasPredecessor(owned(entry("pulumi-kubernetes", "Apply", {})))).toBe(false);
});

it("reports conflicts by manager and field, with the ways out", () => {
  const cause = (manager: string, field: string) => ({
    reason: "FieldManagerConflict",
    message: `conflict with "${manager}" using apps/v1`,
    field,
  });
  const error = new ApiError(409, "Conflict", "Apply failed", [
    cause("hpa", ".spec.replicas"),
    cause("hpa", ".spec.paused"),
    cause("kubectl", ".metadata.labels.a"),
  ]);
  expect(reasonOf(error)).toBe(
    'spec.replicas, spec.paused belongs to the field manager "hpa"; metadata.labels.a belongs to the field manager "kubectl". Leave these fields out of the program, or set the annotation pulumi.com/patchForce: "true" to take them over',
  );
});

it("finds which changed places the API server refuses to change", () => {
  const changed = [
    ["spec", "value"],
    ["metadata", "labels", "a"],
    ["spec", "other", 0, "x"],
  ];
  const cause = (field: string, message: string) => [{ field, message }];
  expect(refusedPlaces("", cause("spec.other", "Invalid value: field is immutable"), changed)).toEqual([changed[2]]);
  expect(refusedPlaces("updates to parameters are forbidden.", [], changed)).toEqual([changed[0], changed[2]]);
  expect(refusedPlaces("spec.value: Required value", cause("spec.value", "Required value"), changed)).toBeUndefined();
});

it("compares place by place, and sees of a live object only what the program sets", () => {
  expect(differences({ a: { b: 1, c: null }, l: [1, 2] }, { a: { b: 2 }, l: [1, 2, 3], n: {} })).toEqual([
    { path: ["a", "b"], kind: "update" },
    { path: ["l", 2], kind: "add" },
    { path: ["n"], kind: "add" },
  ]);
  const live = {
    spec: {
      replicas: 5,
      foreign: 1,
      containers: [{ name: "sidecar" }, { name: "web", image: "b", extra: 1 }],
      args: ["a", "b"],
    },
  };
  expect(
    prune(live, { spec: { replicas: 2, containers: [{ name: "web", image: "a" }], args: ["a"], gone: 1 } }),
  ).toEqual({
    spec: { replicas: 5, containers: [{ name: "web", image: "b" }], args: ["a", "b"] },
  });
});

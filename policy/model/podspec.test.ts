import { expect, it } from "vitest";
import { pod } from "../testing/fixtures";
import { KINDS, lift } from "../testing/lift";
import { kubernetesType, tokenOf } from "./kubernetes";
import { podWorkload } from "./podspec";

it.each([...Object.keys(KINDS), "PodTemplate"])("finds every container of a %s, and of its patch", (kind) => {
  const spec = { containers: [{ name: "a" }], initContainers: [{ name: "b" }], ephemeralContainers: [{ name: "c" }] };
  const template = { properties: { template: { spec } }, name: "t", type: "kubernetes:core/v1:PodTemplate" };
  const resource = kind === "PodTemplate" ? template : lift(pod(spec), kind);
  for (const suffix of ["", "Patch"]) {
    const found = podWorkload.of({ ...resource, type: resource.type + suffix });
    expect(found?.containers.map(({ role, label }) => `${role} ${label}`)).toEqual([
      'init container "b"',
      'app container "a"',
      'ephemeral container "c"',
    ]);
    expect([found?.kind, found?.object.origin.partial]).toEqual([kind, suffix === "Patch"]);
  }
});

it.each([
  ["kubernetes:apps/v1beta2:Deployment", true],
  ["kubernetes:extensions/v1beta1:DaemonSet", true],
  ["kubernetes:batch/v1beta1:CronJob", true],
  [tokenOf("argoproj.io/v1alpha1", "Rollout"), true],
  ["kubernetes:example.com/v1:Deployment", false],
  ["kubernetes:argoproj.io/v1alpha1:Workflow", false],
  ["kubernetes:core/v1:constructor", false],
  ["aws:ecs/service:Service", false],
])("%s runs pods: %s", (type, expected) => {
  expect(podWorkload.accepts(type)).toBe(expected);
  expect(podWorkload.of({ type, name: "x", properties: {} }) !== undefined).toBe(expected);
});

it("writes the token of an object as Pulumi does", () => {
  expect([tokenOf("v1", "Pod"), tokenOf("apps/v1", "Deployment")]).toEqual([
    "kubernetes:core/v1:Pod",
    "kubernetes:apps/v1:Deployment",
  ]);
  expect(kubernetesType("kubernetes:v1:Pod")).toEqual({ group: "", version: "v1", kind: "Pod", patch: false });
});

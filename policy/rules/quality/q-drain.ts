import { findOf } from "../../core/cursor";
import { levels } from "../../core/level";
import { Part } from "../../core/part";
import { defineStackRule } from "../../core/rule";
import type { KubernetesObject } from "../../model/kubernetes-object";
import { podWorkload } from "../../model/podspec";
import { findNear, runsCopies, serves, services } from "../../model/selection";

export const qDrain = defineStackRule({
  id: "q-drain",
  title: "A copy that serves waits before it ends",
  severity: "medium",
  standards: [{ name: "Kubernetes documentation", section: "Pod Lifecycle: Termination of Pods" }],
  levels: levels("advisory", "mandatory"),
  why: "A pod is told to end before every node knows that it gets no more requests: those in between are lost.",
  remediation: "Give a container of the pod a lifecycle.preStop that sleeps a few seconds.",
  *check(stack) {
    const takesRequests = (service: KubernetesObject) => service.object.at("spec.clusterIP").read() !== "None";
    for (const workload of stack.of(podWorkload).filter(runsCopies)) {
      const hooks = workload.containers.map((container) => container.at("lifecycle.preStop"));
      const app = workload.containers.findIndex(({ role }) => role === "app");
      yield new Part(workload.object, "the workload").fails(
        "ends while requests still come",
        hooks[app] ?? workload.pod.at("containers"),
        () =>
          app >= 0 &&
          findOf(hooks, (hook) => hook.present()) === undefined &&
          findNear(stack, services, workload, (each) => serves(each, workload) && takesRequests(each)) !== undefined,
      );
    }
  },
});

import { type Cursor, findOf } from "../../core/cursor";
import { levels } from "../../core/level";
import { Part } from "../../core/part";
import type { Model } from "../../core/resource";
import { defineStackRule, type Stack } from "../../core/rule";
import { kubeLinter, kubeScore } from "../../core/standard";
import { type KubernetesObject, kubernetesObjects } from "../../model/kubernetes-object";
import { mayBeOperated } from "../../model/operator";
import { type PodWorkload, podWorkload } from "../../model/podspec";
import { rollouts } from "../../model/rollout";
import {
  autoscalers,
  disruptionBudgets,
  findNear,
  hasNear,
  ingresses,
  inNamespace,
  isReference,
  matches,
  nameOf,
  type Placed,
  selectsPods,
  serves,
  services,
} from "../../model/selection";

const serviceMonitors = kubernetesObjects("what Prometheus asks", "monitoring.coreos.com", "ServiceMonitor");
const podMonitors = kubernetesObjects("pods that Prometheus asks", "monitoring.coreos.com", "PodMonitor");
/** Where a Rollout names Services. */
const SERVICES = [
  "canary.stableService",
  "canary.canaryService",
  "blueGreen.activeService",
  "blueGreen.previewService",
];
/** Kinds that have to select the pods of their own template. */
const SELECTING = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout"];
const SCALED = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout"];

export const qDangling = defineStackRule({
  id: "q-dangling",
  title: "What refers to pods or Services finds them",
  severity: "medium",
  standards: [
    ...kubeLinter(
      "dangling-service",
      "dangling-horizontalpodautoscaler",
      "dangling-ingress",
      "dangling-servicemonitor",
      "mismatching-selector",
    ),
    ...kubeScore("service-targets-pod", "ingress-targets-service", "horizontalpodautoscaler-has-target"),
    { name: "Argo Rollouts documentation", section: "Rollout specification" },
  ],
  levels: levels("advisory", "mandatory"),
  why: "A selector with a wrong label is taken by the API server without a word, and nothing arrives where it should.",
  remediation: "Make the selector or the name fit the labels of the pods or the name of the object.",
  *check(stack) {
    // Where a stack has no workload in a namespace, its pods are somebody else's.
    for (const service of stack.of(services)) {
      const selector = service.object.at("spec.selector");
      yield service.part.fails(
        "selects no pod",
        selector,
        () =>
          selector.present() &&
          selector.entries().length > 0 &&
          hasNear(stack, podWorkload, service) &&
          findNear(stack, podWorkload, service, (workload) => serves(service, workload)) === undefined &&
          !mayBeOperated(stack, service, selector),
      );
    }
    for (const budget of stack.of(disruptionBudgets)) {
      const selector = budget.object.at("spec.selector");
      yield budget.part.fails(
        "selects no pod",
        selector,
        () =>
          hasNear(stack, podWorkload, budget) &&
          findNear(stack, podWorkload, budget, (workload) => selectsPods(selector, workload)) === undefined &&
          !mayBeOperated(stack, budget, selector.at("matchLabels")),
      );
    }
    for (const scaler of stack.of(autoscalers)) {
      const target = scaler.object.at("spec.scaleTargetRef");
      yield scaler.part.fails("scales nothing", target.at("name"), () => {
        const [kind, name] = [target.at("kind").text() ?? "", target.at("name").read()];
        return (
          SCALED.includes(kind) &&
          hasNear(stack, podWorkload, scaler) &&
          findNear(stack, podWorkload, scaler, (each) => each.kind === kind && nameOf(each) === name) === undefined
        );
      });
    }
    for (const monitor of stack.of(serviceMonitors)) {
      const selector = monitor.object.at("spec.selector");
      const isFound = (each: KubernetesObject) => matches(selector, [each.object.at("metadata.labels")]);
      yield monitor.part.fails("finds no Service", selector, () => missesAll(stack, services, monitor, isFound));
    }
    for (const monitor of stack.of(podMonitors)) {
      const selector = monitor.object.at("spec.selector");
      const isFound = (each: PodWorkload) => selectsPods(selector, each);
      yield monitor.part.fails("finds no pod", selector, () => missesAll(stack, podWorkload, monitor, isFound));
    }
    for (const workload of stack.of(podWorkload).filter(({ kind }) => SELECTING.includes(kind))) {
      const selector = workload.object.at("spec.selector");
      if (workload.object.origin.partial) continue;
      yield new Part(workload.object, "the workload").fails(
        "does not select its own pods",
        selector,
        () => selector.present() && !isReference(workload) && !selectsPods(selector, workload),
      );
    }
    const missesService = (from: { object: Cursor }, name: Cursor) => () =>
      name.present() &&
      hasNear(stack, services, from) &&
      findNear(stack, services, from, (service) => nameOf(service) === name.read()) === undefined;
    for (const rollout of stack.of(rollouts)) {
      for (const field of SERVICES) {
        const name = rollout.object.at(`spec.strategy.${field}`);
        yield rollout.part.fails("names a Service that is not there", name, missesService(rollout, name));
      }
    }
    for (const ingress of stack.of(ingresses)) {
      const paths = ingress.object
        .at("spec.rules")
        .items()
        .flatMap((rule) => rule.at("http.paths").items());
      const backends = [ingress.object.at("spec.defaultBackend"), ...paths.map((path) => path.at("backend"))];
      for (const name of backends.map((backend) => backend.at("service.name"))) {
        yield ingress.part.fails("names a Service that is not there", name, missesService(ingress, name));
      }
    }
  },
});

/** Whether the stack has what a monitor could find in its namespaces, and it finds none of it. */
function missesAll<T extends Placed>(
  stack: Stack,
  model: Model<T>,
  monitor: KubernetesObject,
  isFound: (each: T) => boolean,
): boolean {
  const spaces = monitor.object.at("spec.namespaceSelector");
  if (spaces.at("any").read() === true) {
    const all = stack.of(model).filter(({ object }) => !object.origin.partial);
    return all.length > 0 && findOf(all, isFound) === undefined;
  }
  if (!spaces.at("matchNames").present()) {
    return hasNear(stack, model, monitor) && findNear(stack, model, monitor, isFound) === undefined;
  }
  const names = spaces.at("matchNames").items();
  const some = (test: (each: T) => boolean) =>
    findOf(names, (name) => inNamespace(stack, model, name.text() ?? "", test)) !== undefined;
  return some(() => true) && !some(isFound);
}

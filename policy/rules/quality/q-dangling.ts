import type { Cursor } from "../../core/cursor";
import { levels } from "../../core/level";
import { defineStackRule } from "../../core/rule";
import { kubeLinter } from "../../core/standard";
import { kubernetesObjects } from "../../model/kubernetes-object";
import { podWorkload } from "../../model/podspec";
import { rollouts } from "../../model/rollout";
import {
  autoscalers,
  disruptionBudgets,
  findNear,
  hasNear,
  nameOf,
  selectsPods,
  serves,
  services,
} from "../../model/selection";

const ingresses = kubernetesObjects("ingresses", "networking.k8s.io", "Ingress");
/** Where a Rollout names Services. */
const SERVICES = [
  "canary.stableService",
  "canary.canaryService",
  "blueGreen.activeService",
  "blueGreen.previewService",
];
const SCALED = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout"];

export const qDangling = defineStackRule({
  id: "q-dangling",
  title: "What refers to pods or Services finds them",
  severity: "medium",
  standards: [
    ...kubeLinter("dangling-service", "dangling-horizontalpodautoscaler", "dangling-ingress"),
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
          findNear(stack, podWorkload, service, (workload) => serves(service, workload)) === undefined,
      );
    }
    for (const budget of stack.of(disruptionBudgets)) {
      const selector = budget.object.at("spec.selector");
      yield budget.part.fails(
        "selects no pod",
        selector,
        () =>
          hasNear(stack, podWorkload, budget) &&
          findNear(stack, podWorkload, budget, (workload) => selectsPods(selector, workload)) === undefined,
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

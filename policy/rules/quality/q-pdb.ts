import { levels } from "../../core/level";
import { Part } from "../../core/part";
import { defineStackRule, type Stack } from "../../core/rule";
import { kubeLinter, kubeScore } from "../../core/standard";
import type { KubernetesObject } from "../../model/kubernetes-object";
import { podWorkload } from "../../model/podspec";
import {
  disruptionBudgets,
  filterNear,
  findNear,
  isReference,
  leastCopies,
  runsCopies,
  selectsPods,
} from "../../model/selection";

export const qPdb = defineStackRule({
  id: "q-pdb",
  title: "A disruption budget keeps copies running while nodes are drained",
  severity: "medium",
  standards: [
    ...kubeLinter("pdb-max-unavailable", "pdb-min-available"),
    ...kubeScore("deployment-has-poddisruptionbudget", "statefulset-has-poddisruptionbudget"),
  ],
  levels: levels("off", "mandatory"),
  why: "Without a budget an upgrade of nodes can take all copies at once; with one that allows nothing, it never ends.",
  remediation: "Add a PodDisruptionBudget that selects the pods, with maxUnavailable 1 or more.",
  *check(stack) {
    for (const workload of stack.of(podWorkload).filter(runsCopies)) {
      yield new Part(workload.object, "the workload").fails(
        "may lose all its copies at once",
        workload.metadata.at("labels"),
        () =>
          !isReference(workload) &&
          leastCopies(stack, workload) >= 2 &&
          findNear(stack, disruptionBudgets, workload, ({ object }) =>
            selectsPods(object.at("spec.selector"), workload),
          ) === undefined,
      );
    }
    for (const budget of stack.of(disruptionBudgets)) {
      const { object, part } = budget;
      const most = object.at("spec.maxUnavailable");
      yield part.fails("lets nobody drain a node", most, () => amountOf(most.read(), 1) === 0);
      if (object.origin.partial) continue;
      const least = object.at("spec.minAvailable");
      yield part.fails("asks for every copy to run", least, () => {
        const wanted = least.read();
        return wanted === "100%" || (least.present() && asksForAll(stack, budget, wanted));
      });
    }
  },
});

function asksForAll(stack: Stack, budget: KubernetesObject, wanted: unknown): boolean {
  const selector = budget.object.at("spec.selector");
  const selected = filterNear(
    stack,
    podWorkload,
    budget,
    (workload) => !isReference(workload) && selectsPods(selector, workload),
  );
  if (selected.length === 0 || !selected.every(runsCopies)) return false;
  const copies = selected.reduce((sum, workload) => sum + leastCopies(stack, workload), 0);
  return (amountOf(wanted, copies) ?? 0) >= copies;
}

/** A number, or a share of the copies, rounded up as the API server does it. */
function amountOf(value: unknown, copies: number): number | undefined {
  if (typeof value === "number") return value;
  const share = typeof value === "string" ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  return share === undefined ? undefined : Math.ceil((Number(share) * copies) / 100);
}

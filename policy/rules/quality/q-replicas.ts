import { levels } from "../../core/level";
import { Part } from "../../core/part";
import { defineStackRule } from "../../core/rule";
import { kubeLinter, kubeScore } from "../../core/standard";
import { podWorkload } from "../../model/podspec";
import { leastCopies, rolloutOf, runsCopies } from "../../model/selection";

export const qReplicas = defineStackRule({
  id: "q-replicas",
  title: "Services run in two copies at least",
  severity: "high",
  standards: [...kubeLinter("minimum-replicas"), ...kubeScore("deployment-replicas")],
  levels: levels("off", "mandatory"),
  why: "A single copy is gone for as long as its node is drained or its pod starts again.",
  remediation: "Run two copies or more: set replicas, or minReplicas of the autoscaler.",
  *check(stack) {
    for (const workload of stack.of(podWorkload).filter(runsCopies)) {
      yield new Part(workload.object, "the workload").fails(
        "may run as a single copy",
        workload.object.at("spec.replicas"),
        () =>
          // A Rollout that runs a Deployment's pods is judged in its place.
          (rolloutOf(stack, workload) ?? workload) === workload &&
          isSingle(leastCopies(stack, workload), workload.object.at("spec.replicas").read()),
      );
    }
  },
});

/** None at all is asked for on purpose: nobody is served. */
const isSingle = (copies: number, asked: unknown): boolean => copies < 2 && asked !== 0;

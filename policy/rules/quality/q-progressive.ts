import type { Cursor } from "../../core/cursor";
import { levels } from "../../core/level";
import { Part } from "../../core/part";
import { defineStackRule } from "../../core/rule";
import { podWorkload } from "../../model/podspec";
import { findNear, rolloutOf, serves, services } from "../../model/selection";

/** Kinds that a Rollout can take the place of. */
const REPLACEABLE = ["Deployment", "ReplicaSet", "ReplicationController"];

export const qProgressive = defineStackRule({
  id: "q-progressive",
  title: "What serves requests is released step by step, and measured on the way",
  severity: "high",
  standards: [{ name: "Headgate", section: "Progressive delivery" }],
  levels: levels("off", "mandatory"),
  why: "A bad version that gets all requests at once is everybody's outage; one that nothing measures goes on until somebody calls.",
  remediation:
    "Release with a component of Headgate, or with a Rollout: canary with two weights below 100 or more and an analysis, or blue-green with an analysis before or after the switch.",
  *check(stack) {
    for (const workload of stack.of(podWorkload).filter(({ object }) => !object.origin.partial)) {
      const strategy = workload.object.at("spec.strategy");
      const part = new Part(workload.object, "the workload");
      if (workload.kind === "Rollout") {
        yield part.fails("gives a new version too much too soon", strategy, () => !isProgressive(strategy));
      }
      if (!REPLACEABLE.includes(workload.kind)) continue;
      yield part.fails(
        "gives a new version to everybody without a measured step",
        strategy,
        () =>
          findNear(stack, services, workload, (service) => serves(service, workload)) !== undefined &&
          rolloutOf(stack, workload) === undefined,
      );
    }
  },
});

function isProgressive(strategy: Cursor): boolean {
  const { canary, blueGreen } = { canary: strategy.at("canary"), blueGreen: strategy.at("blueGreen") };
  if (blueGreen.present()) {
    return ["prePromotionAnalysis", "postPromotionAnalysis"].some((name) => analyses(blueGreen.at(name)));
  }
  const steps = canary.at("steps");
  let weights = 0;
  steps.some((step) => {
    const weight = step.at("setWeight").read();
    if (typeof weight === "number" && weight < 100) weights += 1;
    return weights >= 2;
  });
  if (weights < 2) return false;
  return (
    analyses(canary.at("analysis")) ||
    steps.some((step) => analyses(step.at("analysis")) || step.at("experiment.analyses").some((each) => each.present()))
  );
}

const analyses = (analysis: Cursor): boolean => analysis.at("templates").some((template) => template.present());

import { z } from "zod";
import { type Cursor, findOf } from "../../core/cursor";
import { levels } from "../../core/level";
import { Part } from "../../core/part";
import { defineStackRule } from "../../core/rule";
import { cloudRunServices } from "../../model/cloud-run";
import { ecsServices } from "../../model/ecs-service";
import { isOfPlatform, platformNamespaces } from "../../model/namespace";
import { objects } from "../../model/object";
import { podWorkload } from "../../model/podspec";
import { isAsked, rolloutOf } from "../../model/selection";

const options = z.strictObject({
  platformNamespaces,
});

const aliases = objects("aliases of Lambda functions", "the alias", ["aws:lambda/alias:Alias"]);
const deployers = objects("applications of CodeDeploy", "the application", ["aws:codedeploy/application:Application"]);
/** Strategies of ECS that move requests step by step, or after a test. */
const STRATEGIES = ["BLUE_GREEN", "CANARY", "LINEAR"];

/** Kinds that a Rollout can take the place of. */
const REPLACEABLE = ["Deployment", "ReplicaSet", "ReplicationController"];

export const qProgressive = defineStackRule({
  id: "q-progressive",
  title: "What serves requests is released step by step, and measured on the way",
  severity: "high",
  standards: [
    { name: "Headgate", section: "Progressive delivery" },
    { name: "AWS Well-Architected Framework", section: "OPS06-BP03 Employ safe deployment strategies" },
  ],
  levels: levels("off", "mandatory"),
  options,
  why: "A bad version that gets all requests at once is everybody's outage; one that nothing measures goes on until somebody calls.",
  remediation:
    'Release with a component of Headgate, or with a Rollout: canary with two weights below 100 or more and an analysis, or blue-green with an analysis before or after the switch. Where the workload is a part of the cluster, as its router is, label its namespace headgate.dev/platform: "true". In ECS set deploymentConfiguration.strategy to CANARY, LINEAR or BLUE_GREEN; give a function to CodeDeploy or its alias weights; in Cloud Run share traffics between revisions, or tag the new one.',
  *check(stack, { platformNamespaces }) {
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
          isAsked(stack, workload) &&
          rolloutOf(stack, workload) === undefined &&
          // A router cannot release itself by the shares that it gives.
          !isOfPlatform(stack, workload, platformNamespaces),
      );
    }
    for (const service of stack.of(ecsServices)) {
      const strategy = service.at("deploymentConfiguration.strategy");
      // Another controller releases as it likes.
      yield service.fails(
        "gives a new version to everybody without a measured step",
        strategy,
        () =>
          service.at("loadBalancers").hasItems() &&
          !STRATEGIES.includes(strategy.text() ?? "") &&
          (service.at("deploymentController.type").read() ?? "ECS") === "ECS",
      );
    }
    for (const alias of stack.of(aliases).filter(isNotOurs)) {
      const weights = alias.at("routingConfig.additionalVersionWeights");
      yield alias.fails(
        "gives a new version to everybody at once",
        weights,
        () =>
          findOf(weights.entries(), ([, weight]) => weight.present()) === undefined &&
          findOf(stack.of(deployers), (each) => each.at("computePlatform").read() === "Lambda") === undefined,
      );
    }
    for (const service of stack.of(cloudRunServices).filter(isNotOurs)) {
      const traffics = service.at("traffics");
      const isShared = (each: Cursor) =>
        each.at("tag").present() || each.at("type").read() === "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";
      yield service.fails("gives a new version to everybody at once", traffics, () => !traffics.some(isShared));
    }
  },
});

/** What a component of Headgate keeps, it moves step by step: its type stands in the URN. */
const isNotOurs = ({ cursor }: Part): boolean => {
  const { urn = "" } = cursor.origin.resource;
  const parents = (urn.split("::")[2] ?? "").split("$").slice(0, -1);
  return !parents.some((type) => type.startsWith("headgate:"));
};

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
    steps.some((step) => analyses(step.at("analysis")) || step.at("experiment.analyses").hasItems())
  );
}

const analyses = (analysis: Cursor): boolean => analysis.at("templates").hasItems();

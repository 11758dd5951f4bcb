import { levels } from "../../core/level";
import { type Outcome, Part } from "../../core/part";
import { anyOf } from "../../core/resource";
import { defineRule } from "../../core/rule";
import { objects } from "../../model/object";
import { analysisTemplates, rollouts } from "../../model/rollout";

const inCluster = anyOf("rollouts and analysis templates", rollouts, analysisTemplates);
const ECS = "aws:ecs/service:Service";
const inAws = objects("services of ECS and deployment groups of CodeDeploy", "the service", [
  ECS,
  "aws:codedeploy/deploymentGroup:DeploymentGroup",
]);

const LIMITS = ["failureLimit", "consecutiveErrorLimit"];

export const qRollback = defineRule({
  id: "q-rollback",
  title: "A release that fails goes back by itself",
  severity: "high",
  standards: [
    { name: "AWS Well-Architected Framework", section: "OPS06-BP04 Automate testing and rollback" },
    { name: "Argo Rollouts documentation", section: "Rollout specification, analysis" },
  ],
  levels: levels("advisory", "mandatory"),
  model: anyOf("rollouts, analysis templates, services of ECS and deployment groups of CodeDeploy", inCluster, inAws),
  why: "A release that only stops leaves its bad version where it is until somebody wakes up.",
  remediation:
    "Set progressDeadlineAbort to true in the Rollout, and give every metric a failureLimit and a consecutiveErrorLimit of 0 or more. In ECS switch on deploymentCircuitBreaker with rollback, in CodeDeploy autoRollbackConfiguration.",
  *check(model) {
    if (model instanceof Part) {
      yield* inAwsGoesBack(model);
      return;
    }
    const { kind, object, part } = model;
    if (kind === "Rollout") {
      const aborts = object.at("spec.progressDeadlineAbort");
      yield part.fails("waits where its new version does not start", aborts, () => aborts.read() !== true);
      return;
    }
    for (const item of object.at("spec.metrics").items()) {
      const metric = Part.named("metric", item);
      for (const name of LIMITS) {
        const limit = metric.at(name);
        yield metric.fails("never ends a release", limit, () => {
          const value = limit.read();
          // 0 where nothing is said; below it, there is no limit.
          return Number(typeof value === "string" ? value : (value ?? 0)) < 0;
        });
      }
    }
  },
});

function* inAwsGoesBack(service: Part): Iterable<Outcome> {
  if (service.cursor.origin.resource.type === ECS) {
    const [enabled, back] = [
      service.at("deploymentCircuitBreaker.enable"),
      service.at("deploymentCircuitBreaker.rollback"),
    ];
    // Another controller has its own way back.
    yield service.fails(
      "keeps a version that does not start",
      back,
      () =>
        !(enabled.read() === true && back.read() === true) &&
        (service.at("deploymentController.type").read() ?? "ECS") === "ECS",
    );
    return;
  }
  const back = service.at("autoRollbackConfiguration.enabled");
  yield service.fails("keeps a version that fails", back, () => back.read() !== true);
}

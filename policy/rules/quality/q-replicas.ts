import { z } from "zod";
import { levels } from "../../core/level";
import { Part } from "../../core/part";
import { defineStackRule } from "../../core/rule";
import { kubeLinter, kubeScore } from "../../core/standard";
import { cloudRunServices, leastInstances } from "../../model/cloud-run";
import { ecsServices, isDaemon, leastTasks } from "../../model/ecs-service";
import { isOfPlatform, platformNamespaces } from "../../model/namespace";
import { podWorkload } from "../../model/podspec";
import { leastCopies, rolloutOf, runsCopies } from "../../model/selection";

const options = z.strictObject({
  platformNamespaces,
});

export const qReplicas = defineStackRule({
  id: "q-replicas",
  title: "Services run in two copies at least",
  severity: "high",
  standards: [...kubeLinter("minimum-three-replicas"), ...kubeScore("deployment-replicas")],
  levels: levels("off", "mandatory"),
  options,
  why: "A single copy is gone for as long as its node is drained or its pod starts again.",
  remediation:
    "Run two copies or more: set replicas, or minReplicas of the autoscaler; desiredCount of a service of ECS; minInstanceCount in Cloud Run.",
  *check(stack, { platformNamespaces }) {
    for (const workload of stack.of(podWorkload).filter(runsCopies)) {
      yield new Part(workload.object, "the workload").fails(
        "may run as a single copy",
        workload.object.at("spec.replicas"),
        () =>
          // A Rollout that runs a Deployment's pods is judged in its place.
          (rolloutOf(stack, workload) ?? workload) === workload &&
          isSingle(leastCopies(stack, workload), workload.object.at("spec.replicas").read()) &&
          // Of what keeps the cluster's own data, such as its metrics, a second copy has others.
          !(workload.kind === "StatefulSet" && isOfPlatform(stack, workload, platformNamespaces)),
      );
    }
    for (const service of stack.of(ecsServices)) {
      const count = service.at("desiredCount");
      yield service.fails(
        "may run as a single copy",
        count,
        () => !isDaemon(service) && leastTasks(stack, service) === 1,
      );
    }
    for (const service of stack.of(cloudRunServices)) {
      const least = service.at("template.scaling.minInstanceCount");
      yield service.fails("may run as a single copy", least, () => leastInstances(service) < 2);
    }
  },
});

/** None at all is asked for on purpose: nobody is served. */
const isSingle = (copies: number, asked: unknown): boolean => copies < 2 && asked !== 0;

import { of } from "../../testing/cloud";
import { autoscaler, deployment, platform, rollout, workload } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

const ecs = of("aws:ecs/service:Service");
const target = (minCapacity: unknown, resourceId = "service/store/shop") =>
  of("aws:appautoscaling/target:Target")({ minCapacity, resourceId, scalableDimension: "ecs:service:DesiredCount" });
const run = of("gcp:cloudrunv2/service:Service");
const LEAST = "template.scaling.minInstanceCount";

export const fixtures: Fixtures = {
  pass: [
    example("two copies", deployment({ replicas: 2 })),
    example("an autoscaler that keeps two", deployment({}), autoscaler("Deployment", { minReplicas: 2 })),
    example(
      "an autoscaler of KEDA",
      deployment({}),
      resource("kubernetes:keda.sh/v1alpha1:ScaledObject", {
        metadata: { name: "shop", namespace: "store" },
        spec: { scaleTargetRef: { name: "shop" }, minReplicaCount: 2 },
      }),
    ),
    example("two tasks", ecs({ name: "shop", desiredCount: 2 })),
    example("tasks that AWS scales", ecs({ name: "shop", desiredCount: 1 }), target(2)),
    example("a task on each instance", ecs({ name: "shop", schedulingStrategy: "DAEMON", desiredCount: 1 })),
    example("two instances in Cloud Run", run({ template: { scaling: { minInstanceCount: 2 } } })),
    example("two instances, counted by hand", run({ scaling: { scalingMode: "MANUAL", manualInstanceCount: 2 } })),
    example("one that is switched off", deployment({ replicas: 0 })),
    example("data of the cluster's own", workload("apps/v1:StatefulSet", { replicas: 1 }), platform()),
    {
      ...example("the same in a namespace of another stack", workload("apps/v1:StatefulSet", { replicas: 1 })),
      options: { platformNamespaces: ["store"] },
    },
    example("one for each node", workload("apps/v1:DaemonSet", {})),
    example(
      "pods that a rollout runs",
      deployment({ replicas: 0 }),
      rollout({ replicas: 3, workloadRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" } }),
    ),
    example("a patch of something else", workload("apps/v1:DeploymentPatch", {})),
  ],
  fail: [
    broken(
      "a rollout that runs a deployment's pods, once",
      "spec.replicas",
      deployment({ replicas: 0 }),
      rollout({ replicas: 1, workloadRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" } }),
    ),
    broken(
      "an autoscaler of KEDA that goes down to none",
      "spec.replicas",
      deployment({ replicas: 3 }),
      resource("kubernetes:keda.sh/v1alpha1:ScaledObject", {
        metadata: { name: "shop", namespace: "store" },
        spec: { scaleTargetRef: { name: "shop" } },
      }),
    ),
    broken("one task", "desiredCount", ecs({ name: "shop", desiredCount: 1 })),
    broken("tasks that AWS scales down to one", "desiredCount", ecs({ name: "shop", desiredCount: 4 }), target(1)),
    broken(
      "tasks of another service that AWS scales",
      "desiredCount",
      ecs({ name: "shop", desiredCount: 1 }),
      target(2, "service/store/till"),
    ),
    broken("Cloud Run that goes down to none", LEAST, run({})),
    broken("one instance in Cloud Run", LEAST, run({ scaling: { minInstanceCount: 1 } })),
    broken("a part of the cluster without data", "spec.replicas", deployment({}), platform()),
    broken("nothing said", "spec.replicas", deployment({})),
    broken("one copy of a rollout", "spec.replicas", rollout({ replicas: 1 })),
    broken("one copy of a stateful set", "spec.replicas", workload("apps/v1:StatefulSet", { replicas: 1 })),
    broken(
      "an autoscaler that goes down to one",
      "spec.replicas",
      deployment({ replicas: 4 }),
      autoscaler("Deployment", {}),
    ),
    broken(
      "an autoscaler of something else",
      "spec.replicas",
      deployment({}),
      autoscaler("StatefulSet", { minReplicas: 2 }),
    ),
    broken("an autoscaler elsewhere", "spec.replicas", deployment({}), {
      ...autoscaler("Deployment", { minReplicas: 2 }),
      properties: {
        metadata: { name: "shop", namespace: "other" },
        spec: { scaleTargetRef: { kind: "Deployment", name: "shop" }, minReplicas: 2 },
      },
    }),
  ],
  malformed: [
    malformed("a number as a text", "fail", deployment({ replicas: "2" })),
    malformed(
      "a spec that is a text",
      "fail",
      resource("kubernetes:apps/v1:Deployment", { metadata: { name: "shop" }, spec: "none" }),
    ),
    malformed(
      "an autoscaler of nothing",
      "fail",
      deployment({}),
      resource("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", null),
    ),
  ],
  wrongKind: [
    example("something that runs nothing", { ...deployment({}), type: "kubernetes:example.com/v1:Deployment" }),
  ],
};

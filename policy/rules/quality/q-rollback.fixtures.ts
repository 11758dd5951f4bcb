import { of } from "../../testing/cloud";
import { deployment, object, rollout } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const template = (metrics: unknown, kind = "AnalysisTemplate") => object(`argoproj.io/v1alpha1:${kind}`, { metrics });

const ecs = of("aws:ecs/service:Service");
const group = of("aws:codedeploy/deploymentGroup:DeploymentGroup");
const BACK = "deploymentCircuitBreaker.rollback";

export const fixtures: Fixtures = {
  pass: [
    example("a release that is aborted", rollout({ progressDeadlineAbort: true })),
    example("metrics with a limit", template([{ name: "errors", failureLimit: 2, consecutiveErrorLimit: "4" }])),
    example("metrics with the normal limit", template([{ name: "errors" }], "ClusterAnalysisTemplate")),
    example("a service of ECS that goes back", ecs({ deploymentCircuitBreaker: { enable: true, rollback: true } })),
    example("a service of ECS that CodeDeploy releases", ecs({ deploymentController: { type: "CODE_DEPLOY" } })),
    example("a deployment group that goes back", group({ autoRollbackConfiguration: { enabled: true } })),
    example("a patch of something else", { ...rollout({}), type: "kubernetes:argoproj.io/v1alpha1:RolloutPatch" }),
  ],
  fail: [
    broken("a release that stops", "spec.progressDeadlineAbort", rollout({})),
    broken("a service of ECS", BACK, ecs({})),
    broken(
      "a service of ECS that stops only",
      BACK,
      ecs({ deploymentCircuitBreaker: { enable: true, rollback: false } }),
    ),
    broken("a deployment group", "autoRollbackConfiguration.enabled", group({})),
    broken("a release that is to stop", "spec.progressDeadlineAbort", rollout({ progressDeadlineAbort: false })),
    broken(
      "a metric without a limit, beside one",
      "spec.metrics[1].failureLimit",
      template([{ name: "errors" }, { name: "latency", failureLimit: -1 }]),
    ),
    broken(
      "a metric that may always be in error",
      "spec.metrics[0].consecutiveErrorLimit",
      template([{ name: "errors", consecutiveErrorLimit: "-1" }], "ClusterAnalysisTemplate"),
    ),
  ],
  malformed: [
    malformed("an object that is null", "fail", { ...rollout({}), properties: null }),
    malformed("metrics that are a text", "pass", template("errors")),
    malformed(
      "limits that are none",
      "pass",
      template([{ failureLimit: "{{args.limit}}", consecutiveErrorLimit: {} }]),
    ),
  ],
  wrongKind: [example("a deployment", deployment({ progressDeadlineAbort: false }))],
};

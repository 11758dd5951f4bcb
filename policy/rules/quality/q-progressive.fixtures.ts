import { of } from "../../testing/cloud";
import { deployment, object, platform, rollout, service, workload } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const AT = "spec.strategy";
const analysis = { templates: [{ templateName: "gate" }] };
const canary = (...steps: unknown[]) => rollout({ strategy: { canary: { steps } } });
const blueGreen = (more: object) => rollout({ strategy: { blueGreen: { activeService: "shop", ...more } } });

const loadBalancers = [{ containerName: "web", containerPort: 80 }];
const ecs = (more: object) => of("aws:ecs/service:Service")({ loadBalancers, ...more });
const alias = of("aws:lambda/alias:Alias");
const codeDeploy = (computePlatform: string) => of("aws:codedeploy/application:Application")({ computePlatform });
const run = (...traffics: object[]) => of("gcp:cloudrunv2/service:Service")({ traffics });
const latest = { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100 };
const STRATEGY = "deploymentConfiguration.strategy";
const WEIGHTS = "routingConfig.additionalVersionWeights";
const ours = (type: string) => ({ urn: `urn:pulumi:prod::shop::headgate:aws:Function$${type}::shop` });

export const fixtures: Fixtures = {
  pass: [
    example("two weights and an analysis", canary({ setWeight: 10 }, { analysis }, { setWeight: 50 }), service()),
    example(
      "an analysis beside the steps",
      rollout({ strategy: { canary: { analysis, steps: [{ setWeight: 10 }, { pause: {} }, { setWeight: 50 }] } } }),
    ),
    example("an experiment", canary({ setWeight: 1 }, { experiment: { analyses: [{ name: "a" }] } }, { setWeight: 2 })),
    example("blue-green with an analysis before", blueGreen({ prePromotionAnalysis: analysis })),
    example("blue-green with an analysis after", blueGreen({ postPromotionAnalysis: analysis })),
    example("a deployment that nobody asks", deployment({})),
    example("a Service of other pods", deployment({}), service({ selector: { app: "till" } })),
    example("a Service without a selector", deployment({}), service({ selector: undefined })),
    example("a Service elsewhere", deployment({}), service({}, { namespace: "other" })),
    example(
      "a controller that is only measured",
      deployment({}),
      service({ ports: [{ name: "metrics", port: 8080 }] }),
    ),
    example("one that the API server asks", deployment({}), service({ ports: [{ name: "https-webhook", port: 443 }] })),
    example("a router", deployment({}), service({ type: "LoadBalancer" }), platform()),
    example(
      "a part of Kubernetes",
      deployment({}, { namespace: "kube-system" }),
      service({}, { namespace: "kube-system" }),
    ),
    {
      ...example("a router in a namespace of another stack", deployment({}), service()),
      options: { platformNamespaces: ["store"] },
    },
    example("a stateful set, which no Rollout can be", workload("apps/v1:StatefulSet", {}), service()),
    example(
      "pods that a rollout runs",
      deployment({ replicas: 0 }),
      rollout({
        workloadRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
        strategy: { canary: { steps: [{ setWeight: 10 }, { analysis }, { setWeight: 50 }] } },
      }),
      service(),
    ),
    example("a canary of ECS", ecs({ deploymentConfiguration: { strategy: "CANARY" } })),
    example("a service of ECS that CodeDeploy releases", ecs({ deploymentController: { type: "CODE_DEPLOY" } })),
    example("a service of ECS that nobody asks", ecs({ loadBalancers: [] })),
    example("an alias with weights", alias({ routingConfig: { additionalVersionWeights: { "4": 0.1 } } })),
    example("an alias that CodeDeploy moves", alias({ name: "live" }), codeDeploy("Lambda")),
    example("an alias that a component moves", { ...alias({}), ...ours("aws:lambda/alias:Alias") }),
    example(
      "revisions of Cloud Run that share requests",
      run({ ...latest, percent: 10 }, { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", percent: 90, revision: "a" }),
    ),
    example("a revision of Cloud Run that can be tried", run(latest, { tag: "next" })),
    example("a patch", { ...rollout({}), type: "kubernetes:argoproj.io/v1alpha1:RolloutPatch" }, service()),
  ],
  fail: [
    broken("a deployment behind a Service", AT, deployment({ strategy: { type: "RollingUpdate" } }), service()),
    broken("a port beside the one that is measured", AT, deployment({}), service({ ports: [{ name: "metrics" }, {}] })),
    broken("a router elsewhere", AT, deployment({}), service(), platform("true", "other")),
    broken("a namespace that is no part of the cluster", AT, deployment({}), service(), platform("false")),
    broken("a label that is only added", AT, deployment({}), service(), {
      ...platform(),
      type: "kubernetes:core/v1:NamespacePatch",
    }),
    broken("a rollout among the parts of the cluster", AT, rollout({}), platform()),
    broken("weights that nothing measures", AT, canary({ setWeight: 10 }, { setWeight: 50 })),
    broken("one weight", AT, canary({ setWeight: 10 }, { analysis })),
    broken("a weight that is everything", AT, canary({ setWeight: 10 }, { setWeight: 100 }, { analysis })),
    broken("blue-green that nothing measures", AT, blueGreen({ prePromotionAnalysis: { templates: [] } })),
    broken("a service of ECS that is replaced", STRATEGY, ecs({})),
    broken("a service of ECS that rolls", STRATEGY, ecs({ deploymentConfiguration: { strategy: "ROLLING" } })),
    broken("an alias that jumps", WEIGHTS, alias({ name: "live" }), codeDeploy("ECS")),
    broken("Cloud Run as it is by default", "traffics", run()),
    broken("Cloud Run to the latest", "traffics", run(latest)),
    broken("no strategy", AT, rollout({})),
  ],
  malformed: [
    malformed("steps that are a text", "fail", rollout({ strategy: { canary: { steps: "10, 50" } } })),
    malformed("weights that are texts", "fail", canary({ setWeight: "10" }, { setWeight: "50" }, { analysis })),
    malformed("a Service whose selector is a text", "pass", deployment({}), service({ selector: "app=shop" })),
    malformed("an object that is null", "fail", { ...object("argoproj.io/v1alpha1:Rollout", {}), properties: null }),
  ],
  wrongKind: [
    example(
      "a deployment of another group",
      { ...deployment({}), type: "kubernetes:example.com/v1:Deployment" },
      service(),
    ),
  ],
};

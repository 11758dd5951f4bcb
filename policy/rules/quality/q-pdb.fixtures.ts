import { autoscaler, deployment, object, rollout, workload } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

const budget = (spec: object = {}, metadata = {}) =>
  object(
    "policy/v1:PodDisruptionBudget",
    { selector: { matchLabels: { app: "shop" } }, maxUnavailable: 1, ...spec },
    metadata,
  );
const LABELS = "spec.template.metadata.labels";
const two = deployment({ replicas: 2 });
const without = { maxUnavailable: undefined };

export const fixtures: Fixtures = {
  pass: [
    example("one copy may go", two, budget()),
    example("one copy has to stay of two", two, budget({ ...without, minAvailable: 1 })),
    example("half of them has to stay", two, budget({ ...without, minAvailable: "50%" })),
    example("a single copy", deployment({ replicas: 1 })),
    example(
      "pods that serve, by a label that a release gives them",
      rollout({ replicas: 4, strategy: { canary: { stableMetadata: { labels: { serves: "true" } } } } }),
      budget({ selector: { matchLabels: { app: "shop", serves: "true" } } }),
    ),
    example(
      "by expressions",
      two,
      budget({
        selector: {
          matchExpressions: [
            { key: "app", operator: "In", values: ["shop", "till"] },
            { key: "app", operator: "NotIn", values: ["other"] },
            { key: "app", operator: "Exists" },
            { key: "old", operator: "DoesNotExist" },
          ],
        },
      }),
    ),
    example(
      "a rollout of a deployment's pods",
      deployment({ replicas: 0 }),
      workload("argoproj.io/v1alpha1:Rollout", {
        template: undefined,
        replicas: 3,
        workloadRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
      }),
      budget(),
    ),
    example("an empty selector", two, budget({ selector: {} })),
    example("every copy of what runs on each node", workload("apps/v1:DaemonSet", {}), budget({ minAvailable: 2 })),
    example(
      "copies beside what runs on each node",
      two,
      workload("apps/v1:DaemonSet", {}),
      budget({ minAvailable: 3 }),
    ),
    example("as many as another stack runs", budget({ ...without, minAvailable: 2 })),
    example("a patch that keeps all", object("policy/v1:PodDisruptionBudgetPatch", { minAvailable: "100%" })),
    example("a patch of something else", object("policy/v1:PodDisruptionBudgetPatch", {})),
  ],
  fail: [
    broken("none", LABELS, two),
    broken("none for what an autoscaler keeps", LABELS, deployment({}), autoscaler("Deployment", { minReplicas: 3 })),
    broken("one of other pods", LABELS, two, budget({ selector: { matchLabels: { app: "till" } } })),
    broken(
      "one that no pod fits",
      LABELS,
      two,
      budget({ selector: { matchExpressions: [{ key: "app", operator: "NotIn", values: ["shop"] }] } }),
    ),
    broken(
      "one of pods that have no such label",
      LABELS,
      two,
      budget({ selector: { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] } }),
    ),
    broken("a patch of a budget, which may be of other pods", LABELS, two, {
      ...budget(),
      type: "kubernetes:policy/v1:PodDisruptionBudgetPatch",
    }),
    broken("one without a selector", LABELS, two, budget({ selector: undefined })),
    broken("one elsewhere", LABELS, two, budget({}, { namespace: "other" })),
    broken("one that allows nothing", "spec.maxUnavailable", two, budget({ maxUnavailable: 0 })),
    broken("one that allows no share", "spec.maxUnavailable", two, budget({ maxUnavailable: "0%" })),
    broken("one that keeps all", "spec.minAvailable", two, budget({ ...without, minAvailable: "100%" })),
    broken("one that keeps as many as run", "spec.minAvailable", two, budget({ ...without, minAvailable: 2 })),
    broken("one that keeps all of what another stack runs", "spec.minAvailable", budget({ minAvailable: "100%" })),
    broken(
      "one that keeps all, beside other pods",
      "spec.minAvailable",
      two,
      object(
        "apps/v1:Deployment",
        { replicas: 1, selector: {}, template: { metadata: { labels: { app: "till" } }, spec: { containers: [] } } },
        { name: "till" },
      ),
      budget({ ...without, minAvailable: 2 }),
    ),
    broken("a share that is rounded up to all", "spec.minAvailable", two, budget({ ...without, minAvailable: "60%" })),
  ],
  malformed: [
    malformed("a budget of nothing", "fail", two, resource("kubernetes:policy/v1:PodDisruptionBudget", null)),
    malformed("amounts that are none", "pass", two, budget({ maxUnavailable: "some", minAvailable: {} })),
    malformed(
      "shares that are none",
      "pass",
      two,
      budget({ maxUnavailable: "0%x" }),
      budget({ maxUnavailable: "x0%" }),
    ),
    malformed("an operator that is none", "fail", two, budget({ selector: { matchExpressions: [{ key: 1 }, null] } })),
  ],
  wrongKind: [
    example("a budget of another group", {
      ...budget({ maxUnavailable: 0 }),
      type: "kubernetes:example.com/v1:Budget",
    }),
  ],
};

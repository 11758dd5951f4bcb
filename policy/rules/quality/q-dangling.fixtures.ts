import { autoscaler, deployment, object, rollout, service } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const other = { selector: { app: "till" } };
const budget = (selector: unknown) => object("policy/v1:PodDisruptionBudget", { selector, maxUnavailable: 1 });
const ingress = (name: unknown) =>
  object("networking.k8s.io/v1:Ingress", {
    rules: [{ http: { paths: [{ path: "/", backend: { service: { name, port: { number: 80 } } } }] } }],
  });
const canary = (canaryService: string) => rollout({ strategy: { canary: { stableService: "shop", canaryService } } });

const monitor = (kind: string, spec: object) => object(`monitoring.coreos.com/v1:${kind}`, spec);
const labelled = service({}, { labels: { app: "shop" } });
const of = (app: string) => ({ selector: { matchLabels: { app } } });

export const fixtures: Fixtures = {
  pass: [
    example("a Service of a workload", deployment({}), service()),
    example("a Service of another stack's pods", service(other), deployment({}, { namespace: "other" })),
    example("a Service without a selector", deployment({}), service({ selector: undefined })),
    example(
      "a Service of one pod of a set",
      deployment({}),
      service({ selector: { app: "shop", "statefulset.kubernetes.io/pod-name": "shop-0" } }),
    ),
    example(
      "a Service and a budget of pods that an operator makes",
      deployment({}),
      service({ selector: { prometheus: "k8s" } }),
      budget({ matchLabels: { prometheus: "k8s" } }),
      object("monitoring.coreos.com/v1:Prometheus", {}, { name: "k8s" }),
    ),
    example(
      "a Service of the pods of an experiment",
      rollout({
        strategy: {
          canary: { steps: [{ experiment: { templates: [{ metadata: { labels: { app: "preview" } } }] } }] },
        },
      }),
      service({ selector: { app: "preview" } }),
    ),
    example("a budget of a workload", deployment({}), budget({ matchLabels: { app: "shop" } })),
    example("an autoscaler of a workload", deployment({}), autoscaler("Deployment", {})),
    example("an autoscaler of a kind that runs elsewhere", deployment({}), autoscaler("Widget", {})),
    example("Services of a rollout", canary("shop-canary"), service(), service({}, { name: "shop-canary" })),
    example("an Ingress of another stack's Service", ingress("till")),
    example("a monitor of a Service", labelled, monitor("ServiceMonitor", of("shop"))),
    example(
      "a monitor of another namespace",
      labelled,
      monitor("ServiceMonitor", { ...of("till"), namespaceSelector: { matchNames: ["other"] } }),
    ),
    example(
      "a monitor of several namespaces",
      labelled,
      monitor("ServiceMonitor", { ...of("shop"), namespaceSelector: { matchNames: ["other", "store"] } }),
    ),
    example(
      "a monitor of every namespace",
      service({}, { namespace: "other", labels: { app: "shop" } }),
      monitor("ServiceMonitor", { ...of("shop"), namespaceSelector: { any: true } }),
    ),
    example(
      "a monitor of every namespace, whose Services are in other stacks",
      monitor("ServiceMonitor", { ...of("shop"), namespaceSelector: { any: true } }),
    ),
    example("a monitor of pods", deployment({}), monitor("PodMonitor", of("shop"))),
    example("a workload that selects its own pods", deployment(of("shop"))),
    example("an Ingress", ingress("shop"), service()),
  ],
  fail: [
    broken("a Service of no workload", "spec.selector", deployment({}), service(other)),
    broken(
      "a Service of no workload, beside an operator's of another name",
      "spec.selector",
      deployment({}),
      service(other),
      object("monitoring.coreos.com/v1:Prometheus", {}, { name: "k8s" }),
      object("monitoring.coreos.com/v1:PrometheusRule", {}, { name: "till" }),
    ),
    broken("a budget of no workload", "spec.selector", deployment({}), budget({ matchLabels: { app: "till" } })),
    broken("an autoscaler of another kind", "spec.scaleTargetRef.name", deployment({}), autoscaler("Rollout", {})),
    broken("a rollout without its second Service", "spec.strategy.canary.canaryService", canary("missing"), service()),
    broken("a monitor of no Service", "spec.selector", labelled, monitor("ServiceMonitor", of("till"))),
    broken(
      "a monitor of no Service anywhere",
      "spec.selector",
      labelled,
      monitor("ServiceMonitor", { ...of("till"), namespaceSelector: { any: true } }),
    ),
    broken(
      "a monitor of no Service in its namespaces",
      "spec.selector",
      labelled,
      monitor("ServiceMonitor", { ...of("till"), namespaceSelector: { matchNames: ["store"] } }),
    ),
    broken("a monitor of no pod", "spec.selector", deployment({}), monitor("PodMonitor", of("till"))),
    broken("a workload that selects others", "spec.selector", deployment(of("till"))),
    broken("an Ingress of no Service", "spec.rules[0].http.paths[0].backend.service.name", ingress("till"), service()),
  ],
  malformed: [
    malformed("a selector that is a text", "pass", deployment({}), service({ selector: "app=shop" })),
    malformed("a budget of nothing", "fail", deployment({}), budget(null)),
    malformed("rules that are a text", "pass", service(), object("networking.k8s.io/v1:Ingress", { rules: "/" })),
  ],
  wrongKind: [
    example("a Service of another group", deployment({}), {
      ...service(other),
      type: "kubernetes:example.com/v1:Service",
    }),
  ],
};

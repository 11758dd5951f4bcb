import { of } from "../../testing/cloud";
import { deployment, object, platform, service } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const AT = "metadata.labels";
const shop = deployment({}, { labels: { service: "shop" } });
const sloth = (name: unknown) => object("sloth.slok.dev/v1:PrometheusServiceLevel", { service: name, slos: [] });
const google = of("gcp:monitoring/slo:Slo");
const grafana = of("grafana:slo/sLO:SLO");
const ecs = of("aws:ecs/service:Service");
const run = of("gcp:cloudrunv2/service:Service");
const loadBalancers = [{ containerName: "web", containerPort: 80 }];
const rules = (...all: unknown[]) => object("monitoring.coreos.com/v1:PrometheusRule", { groups: [{ rules: all }] });
const recorded = { record: "slo:errors:ratio_5m", expr: "a / b", labels: { service: "shop" } };

export const fixtures: Fixtures = {
  pass: [
    example("an objective of Sloth", shop, service(), sloth("shop")),
    example(
      "an objective of Pyrra",
      deployment({}, { labels: { "app.kubernetes.io/name": "shop" } }),
      service(),
      object("pyrra.dev/v1alpha1:ServiceLevelObjective", {}, { labels: { "pyrra.dev/service": "shop" } }),
    ),
    example("an objective of OpenSLO", shop, service(), object("openslo.com/v1:SLO", { service: "shop" })),
    example("an objective of Google Cloud", run({ name: "shop" }), google({ service: "shop", goal: 0.99 })),
    example("one by its label", run({ labels: { service: "shop" } }), google({ userLabels: { service: "shop" } })),
    example("an objective of Grafana", ecs({ name: "shop", loadBalancers }), grafana({ name: "shop" })),
    example(
      "one of Grafana by its label",
      ecs({ name: "shop-1", tags: { Service: "shop" }, loadBalancers }),
      grafana({ name: "Orders", labels: [{ key: "service", value: "shop" }] }),
    ),
    example("a service of ECS that nobody asks", ecs({ name: "shop" })),
    example("values that are recorded", shop, service(), rules({ alert: "A" }, recorded)),
    { ...example("one of another stack", shop, service()), options: { measuredElsewhere: ["shop"] } },
    example("a workload that nobody asks", shop),
    example("a controller that is only measured", shop, service({ ports: [{ name: "http-metrics", port: 8080 }] })),
    example("a part of the cluster", shop, service(), platform()),
    {
      ...example("a part of the cluster in a namespace of another stack", shop, service()),
      options: { platformNamespaces: ["store"] },
    },
  ],
  fail: [
    broken("no objective", AT, shop, service()),
    broken("an objective of another service", AT, shop, service(), sloth("till")),
    broken("recorded values of something else", AT, shop, service(), rules({ ...recorded, record: "errors:ratio" })),
    broken("Cloud Run without one", "labels", run({ name: "shop" }), google({ service: "till" })),
    broken("a service of ECS without one", "tags", ecs({ name: "shop", loadBalancers }), grafana({ name: "till" })),
    broken("a part of the cluster elsewhere", AT, shop, service(), platform("true", "other")),
    broken("a port beside the one that is measured", AT, shop, service({ ports: [{ name: "metrics" }, { port: 80 }] })),
    broken("no ports", AT, shop, service({ ports: undefined })),
    broken("no name", AT, deployment({}), service(), sloth("shop")),
  ],
  malformed: [
    malformed("labels that are a text", "fail", deployment({}, { labels: "shop" }), service()),
    malformed("objectives of nothing", "fail", shop, service(), sloth(1), rules(null)),
    malformed("ports that are texts", "fail", shop, service({ ports: ["metrics"] })),
    malformed("a namespace that is null", "fail", shop, service(), { ...platform(), properties: null }),
  ],
  wrongKind: [
    example("a deployment of another group", { ...shop, type: "kubernetes:example.com/v1:Deployment" }, service()),
  ],
};

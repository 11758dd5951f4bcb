import { deployment, object, rollout, service, workload } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const AT = "spec.template.spec.containers[0].lifecycle.preStop";
const preStop = { sleep: { seconds: 5 } };
const pods = (...containers: object[]) => ({
  template: { metadata: { labels: { app: "shop" } }, spec: { containers } },
});

const facing = service({ type: "LoadBalancer" });
const backend = { service: { name: "shop", port: { number: 80 } } };
const ingress = (spec: object) => object("networking.k8s.io/v1:Ingress", spec);
const route = (name: string) =>
  object("gateway.networking.k8s.io/v1:HTTPRoute", { rules: [{ backendRefs: [{ name }] }] });

export const fixtures: Fixtures = {
  pass: [
    example("a pause before the end", deployment(pods({ name: "web", lifecycle: { preStop } })), facing),
    example(
      "a proxy that waits for all",
      rollout(pods({ name: "web" }, { name: "proxy", lifecycle: { preStop } })),
      facing,
    ),
    example(
      "a router that goes on to serve",
      deployment(
        pods({ name: "traefik", args: ["--entryPoints.web.transport.lifeCycle.requestAcceptGraceTimeout=5s"] }),
      ),
      facing,
    ),
    example("a workload that nobody asks", deployment({})),
    example("a Service without an address of its own", workload("apps/v1:StatefulSet", {}), service()),
    example("a route to others", deployment({}), service(), route("till")),
    example("a patch", workload("apps/v1:DeploymentPatch", {}), facing),
  ],
  fail: [
    broken("an end at once", AT, deployment({}), facing),
    broken(
      "behind an Ingress",
      AT,
      deployment({}),
      service(),
      ingress({ rules: [{ http: { paths: [{ backend }] } }] }),
    ),
    broken(
      "behind one path of an Ingress",
      AT,
      deployment({}),
      service(),
      ingress({ rules: [{ http: { paths: [{ backend: {} }, { backend }] } }, { http: {} }] }),
    ),
    broken("behind an Ingress for all", AT, deployment({}), service(), ingress({ defaultBackend: backend })),
    broken("behind a gateway", AT, deployment({}), service(), route("shop")),
    broken(
      "a router that does not",
      AT,
      deployment(
        pods({ name: "traefik", args: ["--entrypoints.web.transport.lifecycle.requestacceptgracetimeout=0"] }),
      ),
      facing,
    ),
    broken("a rollout", AT, rollout(pods({ name: "web", lifecycle: { postStart: preStop } })), facing),
  ],
  malformed: [
    malformed("a hook that is null", "fail", deployment(pods({ lifecycle: { preStop: null } })), facing),
    malformed("no containers", "pass", deployment({ template: { metadata: { labels: { app: "shop" } } } }), facing),
  ],
  wrongKind: [example("a job", workload("batch/v1:Job", {}), facing)],
};

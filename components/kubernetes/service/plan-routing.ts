import type { networking } from "@pulumi/kubernetes/types/input";
import type { Input } from "@pulumi/pulumi";
import { Router } from "../../release/compile/target";
import { MAIN_PORT, objectNames, SERVICE_PORT } from "./plan-names";
import { metadataOf, Role, type ServiceObject } from "./plan-objects";
import type { KnownLater, KubernetesServicePlan } from "./plan-types";

/** Below every rule with a host name (Traefik's usual priority is the rule's length). */
const LAST_PRIORITY = 1;

/**
 * The router's objects. The stable version has all of the traffic at first; where a canary shifts it, Argo Rollouts owns
 * the weights afterwards, and the lists they are in, since such a list is owned as a whole. They are the same whatever
 * the strategy: a service that gets a canary later, or one no more, keeps its route.
 */
export function routing(plan: KubernetesServicePlan, known: KnownLater): ServiceObject[] {
  if (!plan.route.made) return [];
  switch (plan.route.router) {
    case Router.traefik:
      return traefik(plan, known);
    case Router.gatewayApi:
      return gatewayApi(plan, known);
    case Router.nginx:
      return [ingress(plan, known, { name: MAIN_PORT }, {})];
    case Router.istio:
      return istio(plan, known);
    case Router.alb:
      return alb(plan, known);
    case Router.none:
      return [];
  }
}

/** Whether the route has a share for the canary's Service. NGINX is told of it by an Ingress that Argo makes. */
export const hasShares = ({ route }: KubernetesServicePlan) => route.made && route.router !== Router.nginx;

/** The Services that take the requests, the stable one first, and their shares until Argo writes others. */
function shares(plan: KubernetesServicePlan): [{ name: string; weight: number }, { name: string; weight: number }] {
  const names = objectNames(plan.name);
  return [
    { name: names.main, weight: 100 },
    { name: names.canary, weight: 0 },
  ];
}

function traefik(plan: KubernetesServicePlan, known: KnownLater): ServiceObject[] {
  const { name, route } = plan;
  const hosts = route.hosts.map((host) => `Host(\`${host}\`)`).join(" || ");
  const api = { apiVersion: "traefik.io/v1alpha1", metadata: metadataOf(plan, known) };
  const ingressRoute: ServiceObject = {
    ...api,
    role: Role.route,
    kind: "IngressRoute",
    rest: {
      spec: {
        entryPoints: route.entryPoints,
        routes: [
          {
            kind: "Rule",
            ...(hosts === "" ? { match: "PathPrefix(`/`)", priority: LAST_PRIORITY } : { match: hosts }),
            services: [{ kind: "TraefikService", name }],
          },
        ],
        ...(route.tlsSecret !== undefined && { tls: { secretName: route.tlsSecret } }),
      },
    },
  };
  const services = shares(plan).map((share) => ({ ...share, port: SERVICE_PORT }));
  const weights: ServiceObject = {
    ...api,
    role: Role.weights,
    kind: "TraefikService",
    rest: { spec: { weighted: { services } } },
    ignoreChanges: ["spec.weighted.services"],
  };
  return [weights, ingressRoute];
}

function gatewayApi(plan: KubernetesServicePlan, known: KnownLater): ServiceObject[] {
  const { gateway, hosts } = plan.route;
  if (gateway === undefined) return [];
  const parent = {
    name: gateway.name,
    ...(gateway.namespace !== undefined && { namespace: gateway.namespace }),
    ...(gateway.listener !== undefined && { sectionName: gateway.listener }),
  };
  const backendRefs = shares(plan).map((share) => ({ ...share, port: SERVICE_PORT }));
  return [
    {
      role: Role.route,
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: metadataOf(plan, known),
      rest: { spec: { parentRefs: [parent], ...(hosts.length > 0 && { hostnames: hosts }), rules: [{ backendRefs }] } },
      ignoreChanges: ["spec.rules"],
    },
  ];
}

function istio(plan: KubernetesServicePlan, known: KnownLater): ServiceObject[] {
  const { name, route } = plan;
  const destinations = shares(plan).map(({ name: host, weight }) => ({ destination: { host }, weight }));
  return [
    {
      role: Role.route,
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: metadataOf(plan, known),
      rest: {
        spec: {
          // The Service's own name is for callers in the mesh.
          hosts: [name, ...route.hosts],
          gateways: ["mesh", ...(known.istioGateway === undefined ? [] : [known.istioGateway])],
          // One route without a name: Argo finds it beside those it makes itself.
          http: [{ route: destinations }],
        },
      },
      ignoreChanges: ["spec.http"],
    },
  ];
}

/** An Application Load Balancer does what the action of an annotation says, which Argo rewrites at every step. */
function alb(plan: KubernetesServicePlan, known: KnownLater): ServiceObject[] {
  const prefix = "alb.ingress.kubernetes.io";
  const usual = { [`${prefix}/target-type`]: "ip", [`${prefix}/healthcheck-path`]: plan.plain.readiness.path };
  const [stable, canary] = shares(plan);
  const TargetGroups = [canary, stable].map(({ name, weight }) => ({
    ServiceName: name,
    ServicePort: String(SERVICE_PORT),
    Weight: weight,
  }));
  const action = `${prefix}/actions.${stable.name}`;
  const annotations = { ...usual, [action]: JSON.stringify({ Type: "forward", ForwardConfig: { TargetGroups } }) };
  return [
    {
      ...ingress(plan, known, { name: "use-annotation" }, annotations),
      ignoreChanges: [`metadata.annotations["${action}"]`],
    },
  ];
}

function ingress(
  plan: KubernetesServicePlan,
  known: KnownLater,
  port: networking.v1.ServiceBackendPort,
  annotations: Record<string, Input<string>>,
): ServiceObject {
  const { hosts, ingressClass, ingressAnnotations, tlsSecret } = plan.route;
  const path = { path: "/", pathType: "Prefix", backend: { service: { name: objectNames(plan.name).main, port } } };
  const spec: networking.v1.IngressSpec = {
    ingressClassName: ingressClass,
    rules: hosts.map((host) => ({ host, http: { paths: [path] } })),
    ...(tlsSecret !== undefined && { tls: [{ hosts, secretName: tlsSecret }] }),
  };
  return {
    role: Role.route,
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    // A load balancer may take minutes, and no pod waits for it.
    metadata: metadataOf(plan, known, plan.name, {
      "pulumi.com/skipAwait": "true",
      ...annotations,
      ...ingressAnnotations,
    }),
    rest: { spec },
  };
}

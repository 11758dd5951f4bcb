import type { networking } from "@pulumi/kubernetes/types/input";
import type { Input } from "@pulumi/pulumi";
import { Router } from "../../release/compile/target";
import { MAIN_PORT, objectNames, SERVICE_PORT } from "./plan-names";
import { metadataOf, Role, type ServiceObject } from "./plan-objects";
import type { KnownLater, KubernetesServicePlan } from "./plan-types";

/** Below every rule with a host name (Traefik's usual priority is the rule's length). */
const LAST_PRIORITY = 1;

/**
 * The router's objects. Where a canary shifts traffic, the stable version has all of it at first; afterwards Argo
 * Rollouts owns the weights, and the lists they are in, since such a list is owned as a whole.
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

/** Whether shares of the traffic are shifted by the router. */
export const shifted = ({ release }: KubernetesServicePlan) =>
  release.rollout?.strategy.canary?.trafficRouting !== undefined;

/** The Services that take the requests, the stable one first. */
function backends(plan: KubernetesServicePlan): string[] {
  const names = objectNames(plan.name);
  return shifted(plan) ? [names.main, names.canary] : [names.main];
}

function traefik(plan: KubernetesServicePlan, known: KnownLater): ServiceObject[] {
  const { name, route } = plan;
  const weighted = shifted(plan);
  const service = weighted ? { kind: "TraefikService", name } : { kind: "Service", name, port: SERVICE_PORT };
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
            services: [service],
          },
        ],
        ...(route.tlsSecret !== undefined && { tls: { secretName: route.tlsSecret } }),
      },
    },
  };
  if (!weighted) return [ingressRoute];
  const [first, ...others] = backends(plan).map((each) => ({ name: each, port: SERVICE_PORT }));
  const services = [{ ...first, weight: 100 }, ...others.map((each) => ({ ...each, weight: 0 }))];
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
  const weighted = shifted(plan);
  // Without weights each has half of the traffic until Argo writes some.
  const backendRefs = backends(plan).map((name, index) => ({
    name,
    port: SERVICE_PORT,
    ...(weighted && { weight: index === 0 ? 100 : 0 }),
  }));
  return [
    {
      role: Role.route,
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: metadataOf(plan, known),
      rest: { spec: { parentRefs: [parent], ...(hosts.length > 0 && { hostnames: hosts }), rules: [{ backendRefs }] } },
      ...(weighted && { ignoreChanges: ["spec.rules"] }),
    },
  ];
}

function istio(plan: KubernetesServicePlan, known: KnownLater): ServiceObject[] {
  const { name, route } = plan;
  const destinations = backends(plan).map((host) => ({ destination: { host } }));
  const shares = destinations.map((each, index) => ({ ...each, weight: index === 0 ? 100 : 0 }));
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
          http: [{ route: shifted(plan) ? shares : destinations }],
        },
      },
      ...(shifted(plan) && { ignoreChanges: ["spec.http"] }),
    },
  ];
}

/** An Application Load Balancer does what the action of an annotation says, which Argo rewrites at every step. */
function alb(plan: KubernetesServicePlan, known: KnownLater): ServiceObject[] {
  const prefix = "alb.ingress.kubernetes.io";
  const usual = { [`${prefix}/target-type`]: "ip", [`${prefix}/healthcheck-path`]: plan.plain.readiness.path };
  if (!shifted(plan)) return [ingress(plan, known, { name: MAIN_PORT }, usual)];
  const [stable, canary] = backends(plan);
  const group = (ServiceName: string | undefined, Weight: number) => ({
    ServiceName,
    ServicePort: String(SERVICE_PORT),
    Weight,
  });
  const TargetGroups = [group(canary, 0), group(stable, 100)];
  const action = `${prefix}/actions.${stable}`;
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
  const [name] = backends(plan);
  const path = { path: "/", pathType: "Prefix", backend: { service: { name: name ?? plan.name, port } } };
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

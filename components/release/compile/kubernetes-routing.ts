import { defaults } from "../../model/defaults";
import type { Diagnostic } from "../../model/diagnostics";
import { parseDuration } from "../../model/duration";
import { type CanaryRoute, Fit, type HeaderMatch } from "../../model/release";
import type { RolloutStep, TrafficRouting } from "./kubernetes-argo";
import { bent, type CompileInput, Router } from "./target";

/** How traffic is shifted between the pods of two versions. */
export interface Routing {
  /** Absent without a router. */
  trafficRouting?: TrafficRouting;
  /** Steps that make the routes beside the share, once pods of the new version are there. */
  steps: RolloutStep[];
  diagnostics: Diagnostic[];
}

/** Longest stickiness of an Application Load Balancer, seven days (its target groups' stickiness). */
const LONGEST_STICKY_SECONDS = 604_800;

/** Routers in which Argo, or its plugin, makes routes by header: the validation of setHeaderRoute, and nginx's own. */
const byHeader: Router[] = [Router.istio, Router.alb, Router.gatewayApi, Router.nginx];

export function routingOf(input: CompileInput, parts: number): Routing {
  const { release, router } = input;
  // Emergencies go without routes, as they go without steps.
  const route: CanaryRoute = input.requested.strategy === "canary" ? (release.canary?.route ?? {}) : {};
  const header = byHeader.includes(router) ? route.header : undefined;
  const mirror = router === Router.istio ? mirrorPercent(route, release.fit ?? defaults.fit) : 0;
  const diagnostics = diagnosticsOf(route, router, mirror);
  if (router === Router.none) return { steps: [], diagnostics };
  const [headerName, mirrorName] = [`${input.name}-header`, `${input.name}-mirror`];
  const steps: RolloutStep[] = [];
  const managedRoutes: { name: string }[] = [];
  if (header !== undefined && router !== Router.nginx) {
    const match = [{ headerName: header.name, headerValue: { exact: header.value } }];
    steps.push({ setHeaderRoute: { name: headerName, match } });
    managedRoutes.push({ name: headerName });
  }
  if (mirror > 0) {
    const match = [{ path: { prefix: "/" } }];
    steps.push({ setMirrorRoute: { name: mirrorName, percentage: mirror, match } });
    managedRoutes.push({ name: mirrorName });
  }
  const trafficRouting = {
    ...routerOf(input, router, header, route),
    ...(managedRoutes.length > 0 && { managedRoutes }),
    ...(parts > 1 && { maxTrafficWeight: 100 * parts }),
  };
  return { trafficRouting, steps, diagnostics };
}

function routerOf(
  { name, service }: CompileInput,
  router: Exclude<Router, "none">,
  header: HeaderMatch | undefined,
  { sticky }: CanaryRoute,
): TrafficRouting {
  switch (router) {
    case Router.traefik:
      return { traefik: { weightedTraefikServiceName: name } };
    case Router.gatewayApi: {
      const routes = header === undefined ? { httpRoute: name } : { httpRoutes: [{ name, useHeaderRoutes: true }] };
      return { plugins: { "argoproj-labs/gatewayAPI": routes } };
    }
    case Router.nginx: {
      const annotations = header && { "canary-by-header": header.name, "canary-by-header-value": header.value };
      return { nginx: { stableIngress: name, ...(annotations && { additionalIngressAnnotations: annotations }) } };
    }
    case Router.istio:
      return { istio: { virtualService: { name } } };
    case Router.alb: {
      const seconds = Math.ceil(parseDuration(sticky?.ttl ?? "1h"));
      const stickinessConfig = { enabled: true, durationSeconds: Math.min(LONGEST_STICKY_SECONDS, seconds) };
      return { alb: { ingress: name, servicePort: service.port, ...(sticky && { stickinessConfig }) } };
    }
  }
}

function mirrorPercent({ mirrorPercent = 0 }: CanaryRoute, fit: Fit): number {
  return fit === Fit.nearest ? Math.round(mirrorPercent) : Math.floor(mirrorPercent);
}

function diagnosticsOf(route: CanaryRoute, router: Router, mirror: number): Diagnostic[] {
  const found: Diagnostic[] = [];
  const add = (key: string, ...remark: [fidelity: "approximated" | "dropped", message: string]) =>
    found.push(bent(`release.canary.route.${key}`, ...remark));
  const what = router === Router.none ? "Without a router nothing" : `Argo Rollouts with ${router}`;
  if (route.header !== undefined && !byHeader.includes(router)) {
    const message = router === Router.none ? `${what} sends requests by header.` : `${what} sends none by header.`;
    add("header", "dropped", message);
  }
  const { mirrorPercent: asked } = route;
  if (asked !== undefined && mirror !== asked) {
    const smallest = "Argo Rollouts mirrors whole percents only";
    if (router !== Router.istio) add("mirrorPercent", "dropped", "Argo Rollouts mirrors requests with Istio only.");
    else if (mirror === 0) add("mirrorPercent", "dropped", `${smallest}, and ${asked} % is less than one.`);
    else add("mirrorPercent", "approximated", `${smallest}: ${mirror} instead of ${asked}.`);
  }
  if (route.sticky === undefined) return found;
  if (router !== Router.alb) {
    const message =
      "Argo Rollouts keeps clients on their version with an AWS load balancer only; use the gateway's own.";
    add("sticky", "dropped", message);
    return found;
  }
  if (route.sticky.cookie !== undefined) {
    add("sticky.cookie", "approximated", "The load balancer names its cookie itself: AWSALBTG.");
  }
  const seconds = parseDuration(route.sticky.ttl ?? "1h");
  if (seconds > LONGEST_STICKY_SECONDS || !Number.isInteger(seconds)) {
    add("sticky.ttl", "approximated", "The load balancer keeps clients for whole seconds, and for at most seven days.");
  }
  return found;
}

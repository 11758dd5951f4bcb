import { isIP } from "node:net";
import type { Problem } from "../../model/problem";
import { Router } from "../../release/compile/target";
import type { KubernetesServiceArgs } from "./args";
import { configProblems } from "./plan-config";
import { portProblems } from "./plan-ports";
import { secretProblems } from "./plan-secrets";
import { volumeProblems } from "./plan-volumes";

/** Routers whose requests are told apart by host name alone. */
const BY_HOST: Router[] = [Router.traefik, Router.nginx, Router.alb];

/** Routers that are told by an Ingress, whose hosts are names. Source: networking.k8s.io/v1, IngressRule.host. */
const BY_INGRESS: Router[] = [Router.nginx, Router.alb];
/** Source: gateway.networking.k8s.io/v1, HTTPRouteSpec.hostnames. */
const MOST_HOSTNAMES = 16;

/** Problems between arguments that are each well by themselves. */
export function argumentProblems(args: KubernetesServiceArgs): Problem[] {
  const { service, env = {} } = args;
  const plain = Object.fromEntries(
    Object.entries(env).map(([key, value]) => [key, typeof value === "string" ? value : ""]),
  );
  return [
    ...imageProblems(args),
    ...routeProblems(args),
    ...secretProblems(args),
    ...portProblems(service),
    ...volumeProblems(service, args.scratch),
    ...configProblems({ ...service.env, ...plain }, service.files ?? {}),
    ...peerProblems(args),
  ];
}

/** A cluster pulls its images: nothing is built here. */
function imageProblems({ service, image }: KubernetesServiceArgs): Problem[] {
  if (image !== undefined || service.image.build === undefined) return [];
  const problem = "cannot be used here: a cluster pulls images from a registry, and has none to push to";
  const fix =
    "Build and push it in the pipeline or with a resource such as docker-build's Image, and give its reference by digest as image";
  return [{ path: "service.image.build", problem, fix }];
}

function routeProblems(args: KubernetesServiceArgs): Problem[] {
  const { router = Router.traefik, hosts = [], gateway, release = {} } = args;
  const problems: Problem[] = [];
  const add = (path: string, problem: string, fix: string) => problems.push({ path, problem, fix });
  const only = (path: keyof KubernetesServiceArgs, routers: Router[]) => {
    if (args[path] === undefined || routers.includes(router)) return;
    add(path, `has no effect with the router "${router}"`, `Remove it, or choose a router of ${routers.join(", ")}`);
  };
  only("gateway", [Router.gatewayApi, Router.istio]);
  only("entryPoints", [Router.traefik]);
  only("tlsSecret", [Router.traefik, Router.nginx]);
  only("ingressClass", [Router.nginx, Router.alb]);
  only("ingressAnnotations", [Router.nginx, Router.alb]);
  if (router === Router.none) {
    if (hosts.length > 0) add("hosts", "have no effect without a router", "Choose a router, or remove them");
    return problems;
  }
  const canary = release.canary !== undefined;
  if (
    canary &&
    hosts.length === 0 &&
    (BY_HOST.includes(router) || (router === Router.istio && gateway !== undefined))
  ) {
    const fix = 'Write hosts: ["shop.example.com"], or set router to "none" to share the traffic by pods';
    add("hosts", `is missing: ${router} sends requests by host name, and a canary without any gets none`, fix);
  }
  if (router === Router.gatewayApi && gateway === undefined && (canary || hosts.length > 0)) {
    add("gateway", "is missing: a route of the Gateway API belongs to one", 'Write gateway: { name: "public" }');
  }
  if (router === Router.istio && gateway === undefined && hosts.length > 0) {
    const fix = 'Write gateway: { name: "public" }, or remove the hosts to serve the mesh alone';
    add("gateway", "is missing: nothing brings requests from outside to the hosts", fix);
  }
  for (const [index, host] of hosts.entries()) {
    if (isIP(host) === 0 || !BY_INGRESS.includes(router)) continue;
    add(
      `hosts[${index}]`,
      `is an address, and ${router} sends requests by name`,
      'Write "shop.example.com", for example',
    );
  }
  if (router === Router.gatewayApi && hosts.length > MOST_HOSTNAMES) {
    const fix = "Deliver the service twice, or write a wildcard host";
    add("hosts", `are more than the ${MOST_HOSTNAMES} that a route of the Gateway API takes`, fix);
  }
  if (args.tlsSecret !== undefined && hosts.length === 0) {
    add("tlsSecret", "has no hosts to be a certificate for", "Write hosts, or remove it");
  }
  return problems;
}

function peerProblems({ connections = {} }: KubernetesServiceArgs): Problem[] {
  return (["from", "to"] as const).flatMap((side) =>
    (connections[side] ?? []).flatMap(({ service, namespace, cidr }, index): Problem[] => {
      const pods = service !== undefined || namespace !== undefined;
      if (pods !== (cidr !== undefined)) return [];
      const path = `connections.${side}[${index}]`;
      const problem = pods ? "cannot be both pods and addresses" : "says nobody";
      const fix = pods ? "Write two connections" : "Write { service }, { namespace } or { cidr }";
      return [{ path, problem, fix }];
    }),
  );
}

import type { networking } from "@pulumi/kubernetes/types/input";
import type { Input } from "@pulumi/pulumi";
import { Router } from "../../release/compile/target";
import type { ServicePeer } from "./args";
import { hookSelectorOf, MAIN_PORT, objectNames, selectorOf } from "./plan-names";
import { metadataOf, Role, type ServiceObject } from "./plan-objects";
import { metricsPortName } from "./plan-ports";
import type { KnownLater, KubernetesServicePlan } from "./plan-types";

type Labels = Record<string, string>;
type Peer = networking.v1.NetworkPolicyPeer;

const DNS_PORT = 53;
/** Where OpenShift's DNS listens behind its Service, and others that have no right to the usual port. */
const UNPRIVILEGED_DNS_PORT = 5353;
const DNS_NAMESPACES = ["kube-system", "openshift-dns"];
/** Everywhere: a load balancer outside the cluster has addresses of its own. */
const ANYWHERE: Peer[] = [{ ipBlock: { cidr: "0.0.0.0/0" } }, { ipBlock: { cidr: "::/0" } }];

const tcp = (port: number | string): networking.v1.NetworkPolicyPort => ({ protocol: "TCP", port });
const podsOf = (namespace: Input<string>): Peer => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
});

/**
 * The connections of a service, beside which there are none. Its hooks are pods of their own, which no Service must
 * find: they call what it calls by a policy of their own.
 */
export function networkPolicies(plan: KubernetesServicePlan, known: KnownLater): ServiceObject[] {
  const { to } = plan.connections;
  const policy = (role: Role, name: string, spec: networking.v1.NetworkPolicySpec): ServiceObject => ({
    role,
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadataOf(plan, known, name),
    rest: { spec },
  });
  const own = policy(Role.networkPolicy, plan.name, {
    podSelector: { matchLabels: selectorOf(plan.name) },
    policyTypes: to === undefined ? ["Ingress"] : ["Ingress", "Egress"],
    ingress: ingress(plan, known),
    ...(to !== undefined && { egress: egressRules(to) }),
  });
  const hasPods = plan.release.hookTemplates.some(({ spec }) => spec.metrics.some(({ provider }) => provider.job));
  if (to === undefined || !hasPods) return [own];
  const hooks = policy(Role.hooksNetworkPolicy, objectNames(plan.name).hooks, {
    podSelector: { matchLabels: hookSelectorOf(plan.name) },
    policyTypes: ["Egress"],
    egress: egressRules(to),
  });
  return [own, hooks];
}

function ingress(plan: KubernetesServicePlan, known: KnownLater): networking.v1.NetworkPolicyIngressRule[] {
  const { service, connections, route } = plan;
  const rules: networking.v1.NetworkPolicyIngressRule[] = [];
  const { from } = connections;
  if (from === undefined) rules.push({ ports: [tcp(MAIN_PORT)] });
  for (const each of from ?? []) {
    rules.push({ from: callers(each), ports: each.ports === undefined ? [tcp(MAIN_PORT)] : each.ports.map(tcp) });
  }
  if (from !== undefined && route.made) {
    const router: Peer[] =
      route.router === Router.alb || route.namespace === undefined ? ANYWHERE : [podsOf(route.namespace)];
    rules.push({ from: router, ports: [tcp(MAIN_PORT)] });
  }
  const metrics = metricsPortName(service);
  if (metrics !== undefined) rules.push({ from: known.scrapers ?? scrapersAt(""), ports: [tcp(metrics)] });
  return rules;
}

/**
 * Who reads metrics: the pods of the namespace of a Prometheus whose address is that of a Service
 * ("http://prometheus.headgate.svc:9090"), and of every namespace where the address does not tell.
 */
export function scrapersAt(prometheus: string): Peer[] {
  const namespace = /^https?:\/\/[^./:]+\.([^./:]+)\.svc(\.[^/:]+)?(:\d+)?(\/|$)/.exec(prometheus)?.[1];
  return [namespace === undefined ? { namespaceSelector: {} } : podsOf(namespace)];
}

/** Who reads metrics: the pods of a namespace. */
export const scrapersIn = (namespace: Input<string>): Peer[] => [podsOf(namespace)];

/** The DNS wherever it runs: in the cluster, on the machines, or outside. A policy sees the port of its pods. */
export function dnsRules(): networking.v1.NetworkPolicyEgressRule[] {
  const ports = (port: number) => ["UDP", "TCP"].map((protocol) => ({ protocol, port }));
  return [{ ports: ports(DNS_PORT) }, { to: DNS_NAMESPACES.map(podsOf), ports: ports(UNPRIVILEGED_DNS_PORT) }];
}

/** What may be called, beside DNS. */
export function egressRules(to: ServicePeer[]): networking.v1.NetworkPolicyEgressRule[] {
  return [
    ...dnsRules(),
    ...to.map((each) => ({ to: [peer(each)], ...(each.ports && { ports: each.ports.map(tcp) }) })),
  ];
}

/** A service calls by its own pods and by those of its hooks. */
const callers = (each: ServicePeer): Peer[] =>
  each.service === undefined ? [peer(each)] : [peer(each), peer(each, hookSelectorOf)];

function peer({ service, namespace, cidr }: ServicePeer, selector = selectorOf as (name: string) => Labels): Peer {
  if (cidr !== undefined) return { ipBlock: { cidr } };
  return {
    podSelector: service === undefined ? {} : { matchLabels: selector(service) },
    ...(namespace !== undefined && podsOf(namespace)),
  };
}

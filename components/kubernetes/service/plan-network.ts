import type { networking } from "@pulumi/kubernetes/types/input";
import { Router } from "../../release/compile/target";
import type { ServicePeer } from "./args";
import { MAIN_PORT, selectorOf } from "./plan-names";
import { metadataOf, Role, type ServiceObject } from "./plan-objects";
import { metricsPortName } from "./plan-ports";
import type { KnownLater, KubernetesServicePlan } from "./plan-types";

const DNS_PORT = 53;
/** Everywhere: a load balancer outside the cluster has addresses of its own. */
const ANYWHERE: networking.v1.NetworkPolicyPeer[] = [{ ipBlock: { cidr: "0.0.0.0/0" } }, { ipBlock: { cidr: "::/0" } }];

const tcp = (port: number | string): networking.v1.NetworkPolicyPort => ({ protocol: "TCP", port });

/** The connections of a service, beside which there are none. */
export function networkPolicy(plan: KubernetesServicePlan, known: KnownLater): ServiceObject {
  const { to } = plan.connections;
  const spec: networking.v1.NetworkPolicySpec = {
    podSelector: { matchLabels: selectorOf(plan.name) },
    policyTypes: to === undefined ? ["Ingress"] : ["Ingress", "Egress"],
    ingress: ingress(plan),
    ...(to !== undefined && { egress: egressRules(to) }),
  };
  return {
    role: Role.networkPolicy,
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadataOf(plan, known),
    rest: { spec },
  };
}

function ingress({ service, connections, route }: KubernetesServicePlan): networking.v1.NetworkPolicyIngressRule[] {
  const rules: networking.v1.NetworkPolicyIngressRule[] = [];
  const { from } = connections;
  if (from === undefined) rules.push({ ports: [tcp(MAIN_PORT)] });
  for (const each of from ?? []) {
    rules.push({ from: [peer(each)], ports: each.ports === undefined ? [tcp(MAIN_PORT)] : each.ports.map(tcp) });
  }
  if (from !== undefined && route.made) {
    const router: networking.v1.NetworkPolicyPeer[] =
      route.router === Router.alb || route.namespace === undefined
        ? ANYWHERE
        : [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": route.namespace } } }];
    rules.push({ from: router, ports: [tcp(MAIN_PORT)] });
  }
  const metrics = metricsPortName(service);
  // Prometheus may be in any namespace.
  if (metrics !== undefined) rules.push({ from: [{ namespaceSelector: {} }], ports: [tcp(metrics)] });
  return rules;
}

/** What may be called, beside DNS. */
export function egressRules(to: ServicePeer[]): networking.v1.NetworkPolicyEgressRule[] {
  const dns: networking.v1.NetworkPolicyEgressRule = {
    ports: [
      { protocol: "UDP", port: DNS_PORT },
      { protocol: "TCP", port: DNS_PORT },
    ],
  };
  return [dns, ...to.map((each) => ({ to: [peer(each)], ...(each.ports && { ports: each.ports.map(tcp) }) }))];
}

function peer({ service, namespace, cidr }: ServicePeer): networking.v1.NetworkPolicyPeer {
  if (cidr !== undefined) return { ipBlock: { cidr } };
  return {
    podSelector: service === undefined ? {} : { matchLabels: selectorOf(service) },
    ...(namespace !== undefined && {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    }),
  };
}

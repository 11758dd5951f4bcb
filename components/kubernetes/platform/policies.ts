import type { Child } from "../children";
import { ARGO_METRICS_PORT } from "./argo";
import { platformLabels, podSelector } from "./common";
import type { PlatformPlan } from "./plan";
import { PROMETHEUS, PROMETHEUS_PORT } from "./prometheus";
import { TRAEFIK, TRAEFIK_PORTS } from "./traefik";

/**
 * Every address, on all ports. No rule without a word, which clients have dropped as empty (pulumi-kubernetes #2538), and
 * no range of addresses, by which some networks do not mean machines.
 */
const ANYTHING = [{ ports: [{ protocol: "TCP" }, { protocol: "UDP" }] }];

/**
 * Who may connect to the platform's pods, and that nothing else in its namespace has any connection. Probes need no
 * rule: a pod takes them from its own machine always.
 *
 * | pod | is called by | calls |
 * |---|---|---|
 * | Traefik | everybody, on its two entry points; Prometheus | the API server, pods of every namespace on any port |
 * | Argo Rollouts | Prometheus | the API server, Prometheus wherever it is, addresses of hooks, a plugin's source |
 * | Prometheus | Argo Rollouts | the API server, pods of every namespace on any port, the kubelet of every machine |
 *
 * All of them ask the DNS too. What they call is left open: the API server and the machines have the cluster's own
 * addresses and ports, which no selector of pods takes, and the rest is what users name.
 */
export function platformPolicies(plan: PlatformPlan): Child[] {
  const { namespace } = plan;
  const everywhere = [{ namespaceSelector: {} }];
  const here = [{ podSelector: {} }];
  const ports = (...numbers: number[]) => numbers.map((port) => ({ protocol: "TCP", port }));
  // One that was there before may be in any namespace.
  const prometheus = plan.prometheus === undefined ? everywhere : [{ podSelector: podSelector(PROMETHEUS) }];
  const scraped = (port: number) => ({ from: prometheus, ports: ports(port) });
  const policy = (component: string, ingress: object[]): Child => ({
    kind: "NetworkPolicy",
    role: `${component}-policy`,
    args: {
      metadata: { name: component, namespace, labels: platformLabels(component) },
      spec: { podSelector: podSelector(component), policyTypes: ["Ingress", "Egress"], ingress, egress: ANYTHING },
    },
  });
  const policies = [
    ...(plan.argo === undefined ? [] : [policy("argo-rollouts", [scraped(ARGO_METRICS_PORT)])]),
    ...(plan.traefik === undefined
      ? []
      : [
          policy(TRAEFIK, [
            { ports: ports(TRAEFIK_PORTS.web, TRAEFIK_PORTS.websecure) },
            scraped(TRAEFIK_PORTS.metrics),
          ]),
        ]),
    // A controller that was there before asks from another namespace.
    ...(plan.prometheus === undefined
      ? []
      : [policy(PROMETHEUS, [{ from: plan.argo === undefined ? everywhere : here, ports: ports(PROMETHEUS_PORT) }])]),
  ];
  // In a namespace that was there before, others may have pods.
  return plan.makesNamespace ? [...policies, defaultDeny(namespace, policies)] : policies;
}

/** After the others, so that a platform that runs already loses no connection. */
function defaultDeny(namespace: string, others: readonly Child[]): Child {
  return {
    kind: "NetworkPolicy",
    role: "default-deny",
    after: others.map(({ role }) => role),
    args: {
      metadata: { name: "default-deny", namespace, labels: platformLabels("platform") },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    },
  };
}

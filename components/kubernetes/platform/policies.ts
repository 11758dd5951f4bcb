import type { Child } from "../children";
import { ARGO_METRICS_PORT } from "./argo";
import { platformLabels, podSelector } from "./common";
import type { PlatformPlan } from "./plan";
import { PROMETHEUS, PROMETHEUS_PORT } from "./prometheus";
import { TRAEFIK, TRAEFIK_PORTS } from "./traefik";

/** Who may connect to the platform's pods; nobody else may. */
export function platformPolicies(plan: PlatformPlan): Child[] {
  const { namespace } = plan;
  const ports = (...numbers: number[]) => numbers.map((port) => ({ protocol: "TCP", port }));
  const scraped = (port: number) => ({ from: [{ podSelector: podSelector(PROMETHEUS) }], ports: ports(port) });
  const policy = (component: string, ingress: object[]): Child => ({
    kind: "NetworkPolicy",
    role: `${component}-policy`,
    args: {
      metadata: { name: component, namespace, labels: platformLabels(component) },
      spec: { podSelector: podSelector(component), policyTypes: ["Ingress"], ingress },
    },
  });
  const everywhere = [{ namespaceSelector: {} }];
  const here = [{ podSelector: {} }];
  return [
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
}

import { parseCpu } from "../../model/cpu";
import { parseMemory } from "../../model/memory";
import type { Child } from "../children";
import { bytesQuantity, cpuQuantity } from "../service/plan-amounts";
import { dnsRules } from "../service/plan-network";
import type { NamespaceQuota, PodSecurity } from "./args";
import type { NamespacePlan } from "./plan";

const MANAGED = { "app.kubernetes.io/managed-by": "headgate" };

/** Labels by which a namespace refuses, notes and warns of pods. Source: Pod Security Admission of Kubernetes. */
export function podSecurityLabels({
  enforce = "restricted",
  audit = "restricted",
  warn = "restricted",
  version = "latest",
}: PodSecurity = {}): Record<string, string> {
  const modes = Object.entries({ enforce, audit, warn });
  return Object.fromEntries(
    modes.flatMap(([mode, level]) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, version],
    ]),
  );
}

/** A namespace and what holds for everything in it. */
export function namespaceObjects(plan: NamespacePlan): Child[] {
  const metadata = (name: string) => ({ name, namespace: plan.name, labels: MANAGED });
  const after = ["namespace"];
  const children: Child[] = [
    {
      kind: "Namespace",
      role: "namespace",
      args: {
        metadata: {
          name: plan.name,
          labels: { ...plan.labels, ...MANAGED, ...podSecurityLabels(plan.podSecurity) },
          ...(Object.keys(plan.annotations).length > 0 && { annotations: plan.annotations }),
        },
      },
    },
    {
      kind: "LimitRange",
      role: "limits",
      after,
      args: { metadata: metadata("limits"), spec: { limits: [containerLimits(plan.limits)] } },
    },
  ];
  const { denyIngress, denyEgress, allowDns } = plan.network;
  const policyTypes = [...(denyIngress ? ["Ingress"] : []), ...(denyEgress ? ["Egress"] : [])];
  if (policyTypes.length > 0) {
    const args = { metadata: metadata("default-deny"), spec: { podSelector: {}, policyTypes } };
    children.push({ kind: "NetworkPolicy", role: "default-deny", after, args });
  }
  if (denyEgress && allowDns) {
    const args = {
      metadata: metadata("allow-dns"),
      spec: { podSelector: {}, policyTypes: ["Egress"], egress: dnsRules() },
    };
    children.push({ kind: "NetworkPolicy", role: "allow-dns", after, args });
  }
  if (plan.quota !== undefined) {
    const args = { metadata: metadata("quota"), spec: { hard: quotaAmounts(plan.quota) } };
    children.push({ kind: "ResourceQuota", role: "quota", after, args });
  }
  return children;
}

function containerLimits({ defaultCpu, defaultMemory, maxCpu, maxMemory }: NamespacePlan["limits"]) {
  const most = amounts({ cpu: maxCpu, memory: maxMemory });
  const memory = amounts({ memory: defaultMemory });
  return {
    type: "Container",
    // With a most of CPU, a container without a limit would be refused.
    default: { ...memory, ...(maxCpu !== undefined && amounts({ cpu: maxCpu })) },
    defaultRequest: amounts({ cpu: defaultCpu, memory: defaultMemory }),
    ...(Object.keys(most).length > 0 && { max: most }),
  };
}

function amounts({ cpu, memory }: { cpu?: string | undefined; memory?: string | undefined }): Record<string, string> {
  return {
    ...(cpu !== undefined && { cpu: cpuQuantity(parseCpu(cpu)) }),
    ...(memory !== undefined && { memory: bytesQuantity(parseMemory(memory)) }),
  };
}

function quotaAmounts({
  cpu,
  memory,
  storage,
  pods,
  loadBalancers,
  nodePorts,
}: NamespaceQuota): Record<string, string> {
  const entries: [string, string | undefined][] = [
    ["requests.cpu", cpu && cpuQuantity(parseCpu(cpu))],
    ["requests.memory", memory && bytesQuantity(parseMemory(memory))],
    ["limits.memory", memory && bytesQuantity(parseMemory(memory))],
    ["requests.storage", storage && bytesQuantity(parseMemory(storage))],
    ["pods", pods?.toString()],
    ["services.loadbalancers", loadBalancers?.toString()],
    ["services.nodeports", nodePorts?.toString()],
  ];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

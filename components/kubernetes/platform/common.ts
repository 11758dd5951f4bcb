import { parseCpu } from "../../model/cpu";
import { parseMemory } from "../../model/memory";
import { bytesQuantity, cpuQuantity } from "../service/plan-amounts";
import type { ComputeResources } from "./args";

/** Labels of every object of the platform. */
export function platformLabels(component: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": component,
    "app.kubernetes.io/part-of": "headgate",
    "app.kubernetes.io/managed-by": "headgate",
  };
}

/** Labels of pods that speak with the API server; others get no token for it. The policy k8s-sa-token goes by it. */
export function controllerLabels(component: string): Record<string, string> {
  return { ...platformLabels(component), "headgate.dev/needs-kube-api": "true" };
}

/** What the pods of a component are selected by; it never changes. */
export function podSelector(component: string) {
  return { matchLabels: { "app.kubernetes.io/name": component } };
}

/** CPU is promised and not limited; memory is both, so that a pod never takes what others were promised. */
export function containerResources({ cpu, memory }: Required<ComputeResources>) {
  const bytes = bytesQuantity(parseMemory(memory));
  return { requests: { cpu: cpuQuantity(parseCpu(cpu)), memory: bytes }, limits: { memory: bytes } };
}

/** Keeps copies on different machines and zones as far as that goes. */
export function spread(component: string) {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: podSelector(component),
  }));
}

/** Rules of RBAC, in short. */
export function rule(group: string, resources: string, verbs: string) {
  return { apiGroups: [group], resources: resources.split(" "), verbs: verbs.split(" ") };
}

/** Binds an account of the platform's namespace to a role of the same scope. */
export function binding(kind: "Role" | "ClusterRole", role: string, account: string, namespace: string) {
  return {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: role },
    subjects: [{ kind: "ServiceAccount", name: account, namespace }],
  };
}

import type { core } from "@pulumi/kubernetes/types/input";
import type { Diagnostic } from "../../model/diagnostics";
import { type Service, Spread, Workload } from "../../model/service";
import { bent } from "../../release/compile/target";
import { selectorOf } from "./plan-names";

/** Labels by which clouds mark the machines that may be taken away. */
const SPOT_LABELS: [key: string, value: string][] = [
  ["cloud.google.com/gke-spot", "true"],
  ["eks.amazonaws.com/capacityType", "SPOT"],
  ["karpenter.sh/capacity-type", "spot"],
  ["kubernetes.azure.com/scalesetpriority", "spot"],
];
/** Those that keep others away from such machines. */
const SPOT_TAINTS = ["cloud.google.com/gke-spot", "kubernetes.azure.com/scalesetpriority"];

type Machines = Pick<core.v1.PodSpec, "nodeSelector" | "affinity" | "tolerations">;

/** Where pods run: spread as far as there is room, so that a machine too few stops nobody. */
export function scheduling(
  name: string,
  service: Service,
): Machines & Pick<core.v1.PodSpec, "topologySpreadConstraints"> {
  const { spread = Spread.zone } = service.scheduling ?? {};
  return {
    ...machines(service),
    ...(service.workload !== Workload.perMachine && { topologySpreadConstraints: spreadOver(name, spread) }),
  };
}

/** Machines that run a service's image: its copies, and the hooks in the same image. */
export function machines({ scheduling: { architecture, spot = false, machineLabels = {} } = {} }: Service): Machines {
  const nodeSelector = { ...machineLabels, ...(architecture && { "kubernetes.io/arch": architecture }) };
  return { ...(Object.keys(nodeSelector).length > 0 && { nodeSelector }), ...(spot && spotMachines()) };
}

function spreadOver(name: string, spread: Spread): core.v1.TopologySpreadConstraint[] {
  const keys =
    spread === Spread.zone ? ["topology.kubernetes.io/zone", "kubernetes.io/hostname"] : ["kubernetes.io/hostname"];
  return keys.map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: selectorOf(name) },
    // Each version by itself: a pod has one of these labels.
    matchLabelKeys: ["rollouts-pod-template-hash", "pod-template-hash"],
  }));
}

function spotMachines(): Machines {
  return {
    affinity: {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: SPOT_LABELS.map(([key, value]) => ({
          weight: 100,
          preference: { matchExpressions: [{ key, operator: "In", values: [value] }] },
        })),
      },
    },
    tolerations: SPOT_TAINTS.map((key) => ({ key, operator: "Exists", effect: "NoSchedule" })),
  };
}

export function schedulingDiagnostics({ scheduling: asked = {}, workload, replicas }: Service): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (asked.spot) {
    const message = "Pods prefer machines that a cloud marks as spot capacity, and run elsewhere when there are none.";
    found.push(bent("service.scheduling.spot", "approximated", message));
  }
  if (workload !== Workload.perMachine) return found;
  if (asked.spread !== undefined) {
    found.push(bent("service.scheduling.spread", "dropped", "One copy runs on every machine."));
  }
  if (replicas !== undefined && Object.keys(replicas).length > 0) {
    found.push(bent("service.replicas", "dropped", "One copy runs on every machine."));
  }
  return found;
}

import { monitorObject } from "./plan-monitor";
import { networkPolicies } from "./plan-network";
import { metadataOf, Role, type ServiceObject } from "./plan-objects";
import { routing } from "./plan-routing";
import { autoscaler, disruptionBudget } from "./plan-scaling";
import { services } from "./plan-services";
import type { KnownLater, KubernetesServicePlan } from "./plan-types";
import { workload } from "./plan-workload";

/** The objects of a service beside its configuration, secrets and the templates of its analysis. */
export interface ServiceManifests {
  /** What the pods need from their start. */
  before: ServiceObject[];
  workload: ServiceObject;
  /** What needs the workload. */
  after: ServiceObject[];
}

/** Every object of a planned service. Pure: plain objects where what is known later is plain. */
export function serviceManifests(plan: KubernetesServicePlan, known: KnownLater): ServiceManifests {
  const there = (object: ServiceObject | undefined) => (object === undefined ? [] : [object]);
  return {
    before: [
      serviceAccount(plan, known),
      ...services(plan, known),
      ...routing(plan, known),
      ...networkPolicies(plan, known),
      ...there(disruptionBudget(plan, known)),
    ],
    workload: workload(plan, known),
    after: [...there(autoscaler(plan, known)), ...there(monitorObject(plan, known))],
  };
}

/** An identity of its own; its token is in no pod, since a service need not speak with the cluster. */
function serviceAccount(plan: KubernetesServicePlan, known: KnownLater): ServiceObject {
  return {
    role: Role.serviceAccount,
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: metadataOf(plan, known, plan.name, plan.serviceAccountAnnotations),
    rest: { automountServiceAccountToken: false },
  };
}

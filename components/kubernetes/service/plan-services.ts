import type { core } from "@pulumi/kubernetes/types/input";
import { Monitor } from "./args";
import { MAIN_PORT, objectNames, SERVICE_PORT, selectorOf } from "./plan-names";
import { metadataOf, Role, type ServiceObject, SKIP_AWAIT } from "./plan-objects";
import { metricsPortName, podPorts } from "./plan-ports";
import { hasShares } from "./plan-routing";
import type { KnownLater, KubernetesServicePlan } from "./plan-types";

/** Argo adds the hash of a version to the selectors of the Services that it moves. */
const MOVED = ["spec.selector"];

/**
 * The Services: one for everybody, and those by which the versions of a release are told apart. With a router the one for
 * everybody is the old version's, so that callers inside the cluster, which no router sees, never exceed a step's share.
 */
export function services(plan: KubernetesServicePlan, known: KnownLater): ServiceObject[] {
  const { service, release } = plan;
  const names = objectNames(plan.name);
  const { canary, blueGreen } = release.rollout?.strategy ?? {};
  const main: core.v1.ServicePort = { name: MAIN_PORT, port: SERVICE_PORT, targetPort: MAIN_PORT, protocol: "TCP" };
  const further = Object.entries(service.ports ?? {}).map(
    ([name, port]): core.v1.ServicePort => ({ name, port, targetPort: name, protocol: "TCP" }),
  );
  const make = (role: Role, name: string, spec: core.v1.ServiceSpec, moved: boolean): ServiceObject => ({
    role,
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(plan, known, name, SKIP_AWAIT),
    rest: { spec: { selector: selectorOf(plan.name), ...spec } },
    ...(moved && { ignoreChanges: MOVED }),
  });
  const objects = [
    make(
      Role.service,
      names.main,
      { type: "ClusterIP", ports: [main, ...further] },
      (blueGreen ?? canary?.stableService) !== undefined,
    ),
  ];
  if (canary?.canaryService !== undefined || hasShares(plan)) {
    objects.push(make(Role.canary, names.canary, { type: "ClusterIP", ports: [main] }, true));
  }
  if (blueGreen !== undefined) {
    objects.push(make(Role.preview, names.preview, { type: "ClusterIP", ports: [main, ...further] }, true));
  }
  if (release.statefulSet !== undefined) {
    // The copies find one another before they are ready.
    const spec = { clusterIP: "None", publishNotReadyAddresses: true, ports: [main, ...further] };
    objects.push(make(Role.headless, names.headless, spec, false));
  }
  const metrics = metricsPortName(service);
  if (plan.monitor === Monitor.serviceMonitor && metrics !== undefined) {
    const port = podPorts(service).find(({ name }) => name === metrics)?.port ?? SERVICE_PORT;
    const spec = {
      clusterIP: "None",
      publishNotReadyAddresses: true,
      ports: [{ name: metrics, port, targetPort: metrics, protocol: "TCP" }],
    };
    const object = make(Role.metrics, names.metrics, spec, false);
    // A ServiceMonitor must find this Service alone, or the pods are counted several times.
    objects.push({ ...object, metadata: { ...object.metadata, labels: metricsLabels(plan) } });
  }
  return objects;
}

/** Labels of the Service that a ServiceMonitor reads. */
export function metricsLabels(plan: KubernetesServicePlan): Record<string, string> {
  return {
    ...(metadataOf(plan, { namespace: "", image: "", config: "", secret: "" }).labels as Record<string, string>),
    "headgate.dev/metrics": plan.name,
  };
}

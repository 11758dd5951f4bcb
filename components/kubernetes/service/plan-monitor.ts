import { Monitor } from "./args";
import { selectorOf } from "./plan-names";
import { metadataOf, Role, type ServiceObject } from "./plan-objects";
import { metricsPortName } from "./plan-ports";
import type { KnownLater, KubernetesServicePlan } from "./plan-types";

/** Labels of pods that their metrics keep: by them the versions of a release are told apart. */
const KEPT_LABELS = ["rollouts-pod-template-hash"];

/** What tells the Prometheus Operator where the metrics are; undefined without metrics or where others tell it. */
export function monitorObject(plan: KubernetesServicePlan, known: KnownLater): ServiceObject | undefined {
  const { plain, monitor } = plan;
  const port = metricsPortName(plan.service);
  if (plain.metrics === undefined || port === undefined) return undefined;
  const endpoint = { port, path: plain.metrics.path };
  const object = { role: Role.monitor, apiVersion: "monitoring.coreos.com/v1", metadata: metadataOf(plan, known) };
  if (monitor === Monitor.podMonitor) {
    const selector = { matchLabels: selectorOf(plan.name) };
    const spec = { selector, podTargetLabels: KEPT_LABELS, podMetricsEndpoints: [endpoint] };
    return { ...object, kind: "PodMonitor", rest: { spec } };
  }
  if (monitor === Monitor.serviceMonitor) {
    const selector = { matchLabels: { "headgate.dev/metrics": plan.name } };
    const spec = { selector, podTargetLabels: KEPT_LABELS, endpoints: [endpoint] };
    return { ...object, kind: "ServiceMonitor", rest: { spec } };
  }
  return undefined;
}

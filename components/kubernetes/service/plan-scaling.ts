import type { autoscaling, policy } from "@pulumi/kubernetes/types/input";
import { defaults } from "../../model/defaults";
import type { Diagnostic } from "../../model/diagnostics";
import type { Service } from "../../model/service";
import { bent } from "../../release/compile/target";
import { SERVING_LABEL, selectorOf } from "./plan-names";
import { metadataOf, Role, type ServiceObject } from "./plan-objects";
import type { KnownLater, KubernetesServicePlan } from "./plan-types";

/** Metric of the pods that an adapter makes of their counters of requests. */
const REQUESTS_METRIC = "http_requests_per_second";
/** Share of the copies that a machine's maintenance may take away at a time; rounded up, so that one always may. */
const MOST_EVICTED = "25%";

/** Metric of one's own, which an adapter answers by a query. */
const metricName = (name: string) => `headgate_${name.replaceAll("-", "_")}`;

/** What the autoscaler scales: nothing where every machine has one copy. */
function targetOf({ release }: KubernetesServicePlan): { apiVersion: string; kind: string } | undefined {
  if (release.rollout !== undefined) return { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout" };
  if (release.deployment !== undefined) return { apiVersion: "apps/v1", kind: "Deployment" };
  return release.statefulSet === undefined ? undefined : { apiVersion: "apps/v1", kind: "StatefulSet" };
}

/** The autoscaler, which owns the number of copies; undefined for a fixed number. */
export function autoscaler(plan: KubernetesServicePlan, known: KnownLater): ServiceObject | undefined {
  const limits = plan.plain.autoscaler;
  const target = targetOf(plan);
  if (limits === undefined || target === undefined) return undefined;
  const spec: autoscaling.v2.HorizontalPodAutoscalerSpec = {
    scaleTargetRef: { ...target, name: plan.name },
    minReplicas: limits.min,
    maxReplicas: limits.max,
    metrics: scaleMetrics(plan),
  };
  return {
    role: Role.autoscaler,
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: metadataOf(plan, known),
    rest: { spec },
  };
}

function scaleMetrics({ name, service }: KubernetesServicePlan): autoscaling.v2.MetricSpec[] {
  const { targetCpuPercent, targetMemoryPercent, targetRequestsPerSecond, targetMetric } = service.replicas ?? {};
  const others = targetMemoryPercent ?? targetRequestsPerSecond ?? targetMetric;
  const cpu = targetCpuPercent ?? (others === undefined ? defaults.replicas.targetCpuPercent : undefined);
  const metrics: autoscaling.v2.MetricSpec[] = [];
  const use = (resource: string, percent: number | undefined) => {
    if (percent === undefined) return;
    const target = { type: "Utilization", averageUtilization: Math.max(1, Math.round(percent)) };
    metrics.push({ type: "Resource", resource: { name: resource, target } });
  };
  use("cpu", cpu);
  use("memory", targetMemoryPercent);
  if (targetRequestsPerSecond !== undefined) {
    const target = { type: "AverageValue", averageValue: decimalQuantity(targetRequestsPerSecond) };
    metrics.push({ type: "Pods", pods: { metric: { name: REQUESTS_METRIC }, target } });
  }
  if (targetMetric !== undefined) {
    const target = { type: "AverageValue", averageValue: decimalQuantity(targetMetric.perCopy) };
    metrics.push({ type: "External", external: { metric: { name: metricName(name) }, target } });
  }
  return metrics;
}

/** A decimal in whole thousandths, the finest that Kubernetes counts. */
const decimalQuantity = (value: number) =>
  Number.isInteger(value) ? String(value) : `${Math.max(1, Math.round(value * 1000))}m`;

/** What needs an adapter that is not made here. */
export function scalingDiagnostics(name: string, { replicas = {} }: Service): Diagnostic[] {
  const found: Diagnostic[] = [];
  const needs = "Kubernetes needs an adapter for metrics beside this, such as prometheus-adapter or KEDA, that answers";
  if (replicas.targetRequestsPerSecond !== undefined) {
    const message = `${needs} ${REQUESTS_METRIC} for each pod.`;
    found.push(bent("service.replicas.targetRequestsPerSecond", "emulated", message));
  }
  if (replicas.targetMetric !== undefined) {
    const message = `${needs} the external metric ${metricName(name)} by ${replicas.targetMetric.query}`;
    found.push(bent("service.replicas.targetMetric", "emulated", message));
  }
  return found;
}

/**
 * How many copies maintenance may take away at a time; undefined where every machine has one copy. Where two versions
 * run side by side it goes by the one that serves: counted together, the new pods would make up for all of the old.
 */
export function disruptionBudget(plan: KubernetesServicePlan, known: KnownLater): ServiceObject | undefined {
  if (targetOf(plan) === undefined) return undefined;
  const { canary, blueGreen } = plan.release.rollout?.strategy ?? {};
  const beside = (blueGreen ?? canary?.stableService) !== undefined;
  const spec: policy.v1.PodDisruptionBudgetSpec = {
    maxUnavailable: plan.release.statefulSet === undefined ? MOST_EVICTED : 1,
    selector: { matchLabels: { ...selectorOf(plan.name), ...(beside && SERVING_LABEL) } },
    // Pods that are not ready must not keep a machine from its maintenance.
    unhealthyPodEvictionPolicy: "AlwaysAllow",
  };
  return {
    role: Role.disruptionBudget,
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadataOf(plan, known),
    rest: { spec },
  };
}

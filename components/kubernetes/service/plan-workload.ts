import type { apps } from "@pulumi/kubernetes/types/input";
import type { RolloutSpec } from "../../release/compile/kubernetes-argo";
import { objectNames, SERVICE_PORT, SERVING_LABEL, selectorOf } from "./plan-names";
import { metadataOf, Role, type ServiceObject, SKIP_AWAIT } from "./plan-objects";
import { podTemplate } from "./plan-pod";
import type { KnownLater, KubernetesServicePlan } from "./plan-types";
import { volumeClaims } from "./plan-volumes";

/** What runs the pods: the release's part, beside selector and template. */
export function workload(plan: KubernetesServicePlan, known: KnownLater): ServiceObject {
  const { name, release } = plan;
  const { rollout, deployment, statefulSet, daemonSet } = release;
  const common = { selector: { matchLabels: selectorOf(name) }, template: podTemplate(plan, known) };
  const object = { role: Role.workload, apiVersion: "apps/v1", metadata: metadataOf(plan, known) };
  if (rollout !== undefined) {
    return {
      role: Role.workload,
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      metadata: metadataOf(plan, known, name, SKIP_AWAIT),
      rest: { spec: { ...withServingLabel(withServicePort(rollout)), ...common } },
    };
  }
  if (deployment !== undefined) {
    const spec: apps.v1.DeploymentSpec = { ...deployment, ...common };
    return { ...object, kind: "Deployment", rest: { spec } };
  }
  if (statefulSet !== undefined) {
    const claims = volumeClaims(plan);
    const spec: apps.v1.StatefulSetSpec = {
      ...statefulSet,
      serviceName: objectNames(name).headless,
      ...common,
      ...(claims.length > 0 && { volumeClaimTemplates: claims }),
    };
    return { ...object, kind: "StatefulSet", rest: { spec } };
  }
  if (daemonSet === undefined) throw new Error("a release without a workload was compiled");
  const spec: apps.v1.DaemonSetSpec = { ...daemonSet, ...common };
  return { ...object, kind: "DaemonSet", rest: { spec } };
}

/** An ALB is told the port of the Services, which is not that of the containers. */
function withServicePort(rollout: RolloutSpec): RolloutSpec {
  const { canary } = rollout.strategy;
  const alb = canary?.trafficRouting?.alb;
  if (canary === undefined || alb === undefined) return rollout;
  const trafficRouting = { ...canary.trafficRouting, alb: { ...alb, servicePort: SERVICE_PORT } };
  return { ...rollout, strategy: { ...rollout.strategy, canary: { ...canary, trafficRouting } } };
}

/** Says which pods serve, where both versions run side by side: the disruption budget is theirs. */
function withServingLabel(rollout: RolloutSpec): object {
  const { canary, blueGreen } = rollout.strategy;
  const metadata = { labels: { ...SERVING_LABEL } };
  if (blueGreen !== undefined)
    return { ...rollout, strategy: { blueGreen: { ...blueGreen, activeMetadata: metadata } } };
  if (canary?.stableService === undefined) return rollout;
  return { ...rollout, strategy: { canary: { ...canary, stableMetadata: metadata } } };
}

import type { core } from "@pulumi/kubernetes/types/input";
import type { HookTemplate } from "../../release/compile/kubernetes-argo";
import { hardenedContainer } from "../pod/hardened";
import { hookSelectorOf } from "./plan-names";
import { containerBase, podBase } from "./plan-pod";
import { machines } from "./plan-scheduling";
import type { KnownLater, KubernetesServicePlan } from "./plan-types";

/**
 * A hook's template with the pod that its job needs: hardened as the service's own pods. One in the new version's
 * image, such as a migration, runs where that version runs and reads what it reads; another image gets neither
 * configuration nor secrets.
 */
export function hookTemplate(plan: KubernetesServicePlan, known: KnownLater, { name, spec }: HookTemplate) {
  const own = spec.args !== undefined;
  return {
    name,
    spec: {
      ...spec,
      metrics: spec.metrics.map((metric) => {
        const job = metric.provider.job?.spec;
        if (job === undefined) return metric;
        const pod = job.template.spec;
        const containers = pod.containers.map((one) => ({ ...containerOf(plan, known, own), ...one }));
        const template = {
          metadata: { labels: hookSelectorOf(plan.name) },
          spec: { ...podOf(plan, known, own), ...pod, containers },
        };
        return { ...metric, provider: { job: { spec: { ...job, template } } } };
      }),
    },
  };
}

function podOf(plan: KubernetesServicePlan, known: KnownLater, own: boolean): Omit<core.v1.PodSpec, "containers"> {
  const base = podBase(plan, known);
  if (own) return { ...base, ...machines(plan.service) };
  const { volumes: _, ...bare } = base;
  return bare;
}

function containerOf(plan: KubernetesServicePlan, known: KnownLater, own: boolean): Omit<core.v1.Container, "name"> {
  const base = containerBase(plan, known);
  if (own) return base;
  const { env: _, volumeMounts: __, ...bare } = base;
  return { ...bare, securityContext: hardenedContainer() };
}

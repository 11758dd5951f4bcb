import { CustomResource, type CustomResourceArgs } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";
import { withoutStacks } from "../../delegate/short-stacks";
import { refuse } from "../../model/errors";
import { analysisTemplates } from "../analysis/templates";
import type { ClusterFields } from "../cluster/handle";
import type { Context } from "./context";
import { hookTemplate } from "./plan-hooks";
import { objectLabels, SERVICE_PORT } from "./plan-names";
import type { KnownLater } from "./plan-types";

/** What judges the release, and what runs its hooks. */
export function createTemplates(
  context: Context,
  known: KnownLater,
  cluster: ClusterFields,
  after: pulumi.Resource[],
): CustomResource[] {
  const { component, plan, namespace, options, transform } = context;
  const { name, service, objectives, counters, route } = plan;
  const judged = plan.release.judgeTemplates;
  const specs = pulumi
    .all([namespace, cluster.prometheus, cluster.scrapeSeconds])
    .apply(([space, prometheus, scrapeSeconds]) => {
      if (judged.length === 0) return {};
      if (prometheus === "") {
        const fix = "Give the KubernetesCluster its prometheus, or take the handle of a KubernetesPlatform";
        const problem = "has no Prometheus, by which the release is judged";
        refuse("KubernetesService", name, [{ path: "cluster", problem, fix }], component);
      }
      const made = analysisTemplates({
        release: plan.release,
        plan: plan.requested,
        name,
        namespace: space,
        port: SERVICE_PORT,
        router: route.router,
        ...(counters !== undefined && { counters }),
        objectives,
        service,
        prometheus,
        scrapeSeconds,
      });
      return Object.fromEntries(made.map((template) => [template.name, template.spec]));
    });
  const create = (template: string, spec: pulumi.Input<unknown>) => {
    const args: CustomResourceArgs = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AnalysisTemplate",
      metadata: { name: template, namespace, labels: objectLabels(plan) },
      spec,
    };
    const edited = transform.template?.(args) ?? args;
    return withoutStacks(() => new CustomResource(template, edited, { ...options, dependsOn: after }));
  };
  return [
    ...judged.map((template) =>
      create(
        template.name,
        specs.apply((all) => all[template.name]),
      ),
    ),
    ...plan.release.hookTemplates.map((template) => create(template.name, hookTemplate(plan, known, template).spec)),
  ];
}

import { parseDuration } from "../../model/duration";
import { refuse } from "../../model/errors";
import { optional, strictFor } from "../../model/fields";
import { checkName } from "../../model/names";
import type { Problem } from "../../model/problem";
import { checkArgs, flowing, prometheusAddress, wholeSeconds } from "../fields";
import type { Ambient } from "./ambient";
import type { KubernetesClusterArgs } from "./args";
import { DEFAULT_SCRAPE_SECONDS } from "./defaults";
import { kubeconfigProblems } from "./kubeconfig";

/** A cluster with its defaults filled in. */
export interface ClusterPlan {
  scrapeSeconds: number;
}

const schema = strictFor<KubernetesClusterArgs>(
  {
    kubeconfig: optional(flowing()),
    context: optional(flowing()),
    prometheus: optional(prometheusAddress),
    scrapeInterval: optional(wholeSeconds(1)),
  },
  '{ context: "production" }',
);

/**
 * Fills in the defaults and checks what can be known now: a kubeconfig and a context that are plain texts, or those of
 * the machine. Throws ArgumentError with every problem.
 */
export function planCluster(name: string, args: KubernetesClusterArgs, ambient: () => Ambient): ClusterPlan {
  const { kubeconfig = "", context = "", scrapeInterval } = args;
  const problems = [...checkName(name), ...checkArgs(schema, args)];
  if (typeof context === "string") {
    if (kubeconfig === "") problems.push(...ambientProblems(ambient(), context));
    else if (typeof kubeconfig === "string") problems.push(...kubeconfigProblems([kubeconfig], context));
  }
  refuse("KubernetesCluster", name, problems);
  return { scrapeSeconds: scrapeInterval === undefined ? DEFAULT_SCRAPE_SECONDS : parseDuration(scrapeInterval) };
}

function ambientProblems({ kubeconfigs, paths, inCluster }: Ambient, context: string): Problem[] {
  if (kubeconfigs.length > 0) return kubeconfigProblems(kubeconfigs, context, "KUBECONFIG");
  if (inCluster) return [];
  const problem = `is missing, and there is none at ${paths.join(", ")}`;
  return [{ path: "kubeconfig", problem, fix: "Set kubeconfig, or KUBECONFIG, to reach the cluster" }];
}

import { kubernetesObjects } from "./kubernetes-object";

/** Rollouts of Argo, with what their releases do. */
export const rollouts = kubernetesObjects("rollouts", "argoproj.io", "Rollout");
/** What Argo measures in a release. */
export const analysisTemplates = kubernetesObjects(
  "analysis templates",
  "argoproj.io",
  "AnalysisTemplate",
  "ClusterAnalysisTemplate",
);

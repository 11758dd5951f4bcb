import type { clouddeploy } from "@pulumi/gcp/types/input";

/** An alert of any of them fails a phase. The names of the policies are added where they are made. */
const alertPolicyChecks = [
  { id: "failing", alertPolicies: [] },
  { id: "no-data", alertPolicies: [] },
  { id: "undecided", alertPolicies: [] },
];

/** The pipeline of the default canary, 10, 25, 50 and 75 % for 300 s each and a bake of 300 s. */
export const cloudRunDefaultPipeline: clouddeploy.DeliveryPipelineSerialPipeline = {
  stages: [
    {
      targetId: "shop",
      strategy: {
        canary: {
          runtimeConfig: { cloudRun: { automaticTrafficControl: true, canaryRevisionTags: ["canary"] } },
          canaryDeployment: {
            percentages: [10, 25, 50, 75],
            // The hold: each phase, the last one with all traffic included, is watched so long.
            analysis: { duration: "300s", googleCloud: { alertPolicyChecks } },
          },
        },
      },
    },
  ],
};

/** What happens without a person. */
export const cloudRunDefaultRules: clouddeploy.AutomationRule[] = [
  {
    advanceRolloutRule: {
      id: "advance",
      sourcePhases: ["canary-10", "canary-25", "canary-50", "canary-75"],
      wait: "0s",
    },
  },
  {
    repairRolloutRule: {
      id: "rollback",
      repairPhases: [{ rollback: { disableRollbackIfRolloutPending: false } }],
    },
  },
];

/** Who is meant. */
export const cloudRunDefaultSelector: clouddeploy.AutomationSelector = { targets: [{ id: "shop" }] };

/** How long a job may take. */
export const cloudRunDefaultExecution: clouddeploy.TargetExecutionConfig[] = [
  { usages: ["RENDER", "DEPLOY", "PREDEPLOY", "VERIFY", "POSTDEPLOY"], executionTimeout: "600s" },
];

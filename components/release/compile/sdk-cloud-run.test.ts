import type { clouddeploy, cloudrunv2 } from "@pulumi/gcp/types/input";
import { expect, test } from "vitest";
import type { Release } from "../../model/release";
import type { Service } from "../../model/service";
import {
  cloudRunDefaultExecution,
  cloudRunDefaultPipeline,
  cloudRunDefaultRules,
  cloudRunDefaultSelector,
} from "../testing/cloud-run.snapshot";
import { compileForCloudRun } from "./cloud-run";
import { compileFor } from "./compile-for";

// The type annotations are half of the test: what @pulumi/gcp does not take is an error of the compiler, and in what is
// expected here so is a name that it does not know.

const service: Service = {
  image: { reference: `registry.example.com/shop@sha256:${"a".repeat(64)}` },
  port: 8080,
  replicas: { count: 4 },
  health: { readiness: { path: "/ready" } },
};
const compile = (release: Release) => compileFor("cloudRun", compileForCloudRun, release, service, { name: "shop" });

test("the default canary is exact, and what a reviewer reads", () => {
  const { fields, fidelity, problems, steps, requested } = compile({ canary: {} });
  const pipeline: clouddeploy.DeliveryPipelineSerialPipeline = fields.pipeline.serialPipeline;
  const rules: clouddeploy.AutomationRule[] | undefined = fields.automation?.rules;
  const selector: clouddeploy.AutomationSelector | undefined = fields.automation?.selector;
  const execution: clouddeploy.TargetExecutionConfig[] = fields.target.executionConfigs;
  expect(pipeline).toEqual(cloudRunDefaultPipeline);
  expect(rules).toEqual(cloudRunDefaultRules);
  expect(selector).toEqual(cloudRunDefaultSelector);
  expect(execution).toEqual(cloudRunDefaultExecution);
  expect({ fidelity, problems }).toEqual({ fidelity: "exact", problems: [] });
  expect(steps).toEqual(requested.steps);
  // The hold of each step, the bake, and the longest time a job may take.
  expect(fields.waitSeconds).toBe(4 * 300 + 300 + 600);
});

test("freeze windows fit a deploy policy", () => {
  const { policy } = compile({
    freeze: {
      dates: [{ from: "2026-12-23T18:00:00+01:00", to: "2027-01-02T08:00:00+01:00", reason: "holidays" }],
      weekly: [{ days: ["friday"], from: "16:00", timeZone: "Europe/Berlin" }],
    },
  }).fields;
  const rules: clouddeploy.DeployPolicyRule[] | undefined = policy?.rules;
  const selectors: clouddeploy.DeployPolicySelector[] | undefined = policy?.selectors;
  expect(selectors).toEqual([{ target: { id: "shop" } }]);
  expect(policy?.description).toBe("holidays");
  const expected: clouddeploy.DeployPolicyRule[] = [
    {
      rolloutRestriction: {
        id: "freeze-dates",
        actions: ["CREATE"],
        timeWindows: {
          timeZone: "UTC",
          oneTimeWindows: [
            {
              startDate: { year: 2026, month: 12, day: 23 },
              startTime: { hours: 17, minutes: 0, seconds: 0 },
              endDate: { year: 2027, month: 1, day: 2 },
              endTime: { hours: 7, minutes: 0, seconds: 0 },
            },
          ],
        },
      },
    },
    {
      rolloutRestriction: {
        id: "freeze-weekly-0",
        actions: ["CREATE"],
        timeWindows: {
          timeZone: "Europe/Berlin",
          weeklyWindows: [
            {
              daysOfWeeks: ["FRIDAY"],
              startTime: { hours: 16, minutes: 0 },
              endTime: { hours: 24, minutes: 0 },
            },
          ],
        },
      },
    },
  ];
  expect(rules).toEqual(expected);
});

test("phases that differ fit a custom canary", () => {
  const { fields } = compile({
    canary: {
      steps: [
        { weight: 5, hold: "1m" },
        { weight: 50, hold: "10m", gate: "manual" },
      ],
    },
    bake: "2m",
    migration: { command: ["npm", "run", "migrate"] },
    hooks: { afterStep: { http: { url: "https://checks.example.com/run" } } },
  });
  const typed: clouddeploy.DeliveryPipelineSerialPipeline = fields.pipeline.serialPipeline;
  const alertPolicyChecks = [
    { id: "failing", alertPolicies: [] },
    { id: "no-data", alertPolicies: [] },
    { id: "undecided", alertPolicies: [] },
  ];
  const expected: clouddeploy.DeliveryPipelineSerialPipelineStageStrategyCanaryCustomCanaryDeployment = {
    phaseConfigs: [
      {
        phaseId: "canary-5",
        percentage: 5,
        predeploy: { actions: ["migration"] },
        analysis: { duration: "60s", googleCloud: { alertPolicyChecks } },
        postdeploy: { actions: ["after-step"] },
      },
      {
        phaseId: "canary-50",
        percentage: 50,
        analysis: { duration: "600s", googleCloud: { alertPolicyChecks } },
        postdeploy: { actions: ["after-step"] },
      },
      { phaseId: "stable", percentage: 100, analysis: { duration: "120s", googleCloud: { alertPolicyChecks } } },
    ],
  };
  expect(typed).toMatchObject({ stages: [{ strategy: { canary: { customCanaryDeployment: expected } } }] });
  const rules: clouddeploy.AutomationRule[] | undefined = fields.automation?.rules;
  const advance: clouddeploy.AutomationRuleAdvanceRolloutRule = {
    id: "advance",
    sourcePhases: ["canary-5"],
    wait: "0s",
  };
  expect(rules?.[0]).toEqual({ advanceRolloutRule: advance });
});

test("a release without shares fits the standard strategy", () => {
  const { serialPipeline } = compile({ immediate: {}, bake: "60s" }).fields.pipeline;
  const expected: clouddeploy.DeliveryPipelineSerialPipelineStageStrategyStandard = {
    analysis: {
      duration: "60s",
      googleCloud: {
        alertPolicyChecks: [
          { id: "failing", alertPolicies: [] },
          { id: "no-data", alertPolicies: [] },
        ],
      },
    },
  };
  expect(serialPipeline.stages).toEqual([{ targetId: "shop", strategy: { standard: expected } }]);
});

test("session affinity fits the service's template", () => {
  const { template } = compile({ canary: { route: { sticky: {} } } }).fields;
  const typed: Pick<cloudrunv2.ServiceTemplate, "sessionAffinity"> = template;
  expect(typed).toEqual({ sessionAffinity: true });
});

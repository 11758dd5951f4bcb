import type * as codedeploy from "@pulumi/aws/codedeploy";
import { expect, test } from "vitest";
import { formatProblem } from "../../model/problem";
import type { Release } from "../../model/release";
import type { Service } from "../../model/service";
import { lambdaDefaultCanary } from "../testing/lambda.snapshot";
import { compileRelease } from ".";

const service: Service = {
  image: { build: { context: "./shop" } },
  port: 8080,
  health: { readiness: { path: "/ready" } },
};
const lambda = (release: Release) => compileRelease(release, service, "lambda");
const routing = (release: Release) => lambda(release).fields.deploymentConfig.trafficRoutingConfig;
const refused = (release: Release) => lambda(release).problems.map(formatProblem);
const said = (release: Release) => lambda(release).diagnostics.map(({ feature, fidelity }) => `${feature} ${fidelity}`);

test("the default canary becomes equal steps that are never above the requested share", () => {
  const compiled = lambda({ canary: {} });
  expect(compiled.fields).toEqual(lambdaDefaultCanary);
  // What the compiler returns is what the SDK takes.
  const typed: [codedeploy.DeploymentConfigArgs, Partial<codedeploy.DeploymentGroupArgs>] = [
    compiled.fields.deploymentConfig,
    compiled.fields.deploymentGroup,
  ];
  expect(typed[0].computePlatform).toBe("Lambda");
  expect(compiled).toMatchObject({ fidelity: "approximated", maxExposureError: 0, problems: [] });
});

test("one step and equal steps are done to the letter", () => {
  expect(routing({ canary: { steps: [{ weight: 5, hold: "10m" }] }, fit: "exact" })).toEqual({
    type: "TimeBasedCanary",
    timeBasedCanary: { percentage: 5, interval: 10 },
  });
  const steps = [1, 2, 3].map((part) => ({ weight: part * 25, hold: "1m" }));
  expect(lambda({ canary: { steps }, fit: "exact" })).toMatchObject({ fidelity: "exact", problems: [] });
});

test("shares are whole percents, rounded down", () => {
  expect(routing({ canary: { steps: [{ weight: 12.5, hold: "1m" }] } })).toMatchObject({
    timeBasedCanary: { percentage: 12, interval: 1 },
  });
  expect(refused({ canary: { steps: [{ weight: 0.5 }] } })).toEqual([
    expect.stringContaining("cannot be done on Lambda without giving the new version more traffic"),
  ]);
});

test("a deployment of more than two days is refused", () => {
  const steps = [1, 2, 3].map((part) => ({ weight: part * 25, hold: "20h" }));
  expect(refused({ canary: { steps } })).toEqual([
    "release.canary.steps last longer than the two days of a CodeDeploy deployment. Shorten the holds.",
  ]);
});

test("everything else moves all traffic at once, and rolling says so", () => {
  for (const release of [{}, { immediate: {} }, { blueGreen: {} }]) {
    expect(routing(release)).toEqual({ type: "AllAtOnce" });
  }
  expect(said({})).toEqual(["release.rolling approximated"]);
  expect(said({ immediate: {} })).toEqual([]);
  expect(lambda({ blueGreen: {}, fit: "exact" }).problems).toEqual([]);
});

test("nobody can be waited for", () => {
  expect(refused({ canary: { steps: [{ weight: 5, gate: "manual" }] } })).toEqual([
    "release.canary.steps[0].gate cannot wait for a person on Lambda. Approve before the release, in the pipeline.",
  ]);
  expect(refused({ blueGreen: { manual: true, promoteAfter: "1m" } })).toEqual([
    expect.stringContaining("release.blueGreen.manual cannot wait for a person"),
    expect.stringContaining("release.blueGreen.promoteAfter cannot be waited for"),
  ]);
});

test("functions are called before and after the traffic, everything else is refused", () => {
  const call = { lambda: { arn: "arn:aws:lambda:eu-west-1:123456789012:function:check" } };
  const { fields } = lambda({ canary: {}, hooks: { beforeTraffic: call, afterPromote: call } });
  expect(fields.appSpecHooks).toEqual({ BeforeAllowTraffic: call.lambda.arn, AfterAllowTraffic: call.lambda.arn });
  expect(
    refused({
      hooks: { beforeTraffic: { http: { url: "https://x" } }, afterStep: call, onRollback: call },
      migration: { command: ["npm", "run", "migrate"] },
    }),
  ).toEqual([
    expect.stringContaining("release.hooks.beforeTraffic must be a Lambda function"),
    expect.stringContaining("release.hooks.afterStep has no point on Lambda"),
    expect.stringContaining("release.hooks.onRollback has no point on Lambda"),
    expect.stringContaining("release.migration cannot be run by CodeDeploy"),
  ]);
});

test("a failed release goes back, or stays when going back would break something", () => {
  expect(lambda({ canary: {} }).fields.deploymentGroup.autoRollbackConfiguration).toEqual({
    enabled: true,
    events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
  });
  expect(lambda({ canary: {}, onFailure: "pause" }).fields.deploymentGroup.autoRollbackConfiguration).toEqual({
    enabled: false,
    events: [],
  });
});

test("everything that Lambda does not do is said", () => {
  expect(
    said({
      canary: {
        steps: [{ weight: 5, hold: "1m", gate: "verdict" }],
        route: { header: { name: "x-canary", value: "1" }, mirrorPercent: 1, sticky: {} },
        scale: { shrinkStable: true },
      },
      bake: "5m",
      analysis: { onUndecided: "wait", onNoData: "pause" },
    }),
  ).toEqual([
    "release.canary.steps[0].gate approximated",
    "release.bake dropped",
    "release.canary.route.header dropped",
    "release.canary.route.mirrorPercent dropped",
    "release.canary.route.sticky dropped",
    "release.canary.scale dropped",
    "release.analysis.onUndecided approximated",
    "release.analysis.onNoData approximated",
  ]);
});

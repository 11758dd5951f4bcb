import type { app } from "@pulumi/azure-native/types/input";
import { expect, test } from "vitest";
import type { Service } from "../../model/service";
import {
  containerAppsDefaultConfiguration,
  containerAppsDefaultPromoted,
  containerAppsDefaultSplits,
} from "../testing/container-apps.snapshot";
import { compileFor } from "./compile-for";
import { compileForContainerApps } from "./container-apps";

// The type annotations are the test: an argument that @pulumi/azure-native does not take is an error of the compiler.

const service: Service = {
  image: { reference: `registry.example.com/shop@sha256:${"a".repeat(64)}` },
  port: 8080,
  replicas: { count: 4 },
  health: { readiness: { path: "/ready" } },
  stopTimeout: "45s",
};

test("the default canary is carried out by a driver, and what a reviewer reads", () => {
  const { fields, fidelity, problems, steps, requested } = compileFor(
    "containerApps",
    compileForContainerApps,
    { canary: {} },
    service,
    { name: "shop" },
  );
  const configuration: app.ConfigurationArgs = fields.configuration;
  const template: Pick<app.TemplateArgs, "terminationGracePeriodSeconds"> = fields.template;
  const splits: app.TrafficWeightArgs[][] = fields.splits.map(({ traffic }) => traffic);
  const promoted: app.TrafficWeightArgs[] = fields.promoted;
  expect(configuration).toEqual(containerAppsDefaultConfiguration);
  expect(template).toEqual({ terminationGracePeriodSeconds: 45 });
  expect(splits).toEqual(containerAppsDefaultSplits);
  expect(promoted).toEqual(containerAppsDefaultPromoted);
  expect(fields.restored).toEqual(fields.configuration.ingress.traffic);
  expect(fields.splits.map(({ holdSeconds, gate }) => [holdSeconds, gate])).toEqual(Array(4).fill([300, "auto"]));
  expect({ fidelity, problems }).toEqual({ fidelity: "emulated", problems: [] });
  expect(steps).toEqual(requested.steps);
  expect(fields.waitSeconds).toBe(4 * 300 + 300 + 600);
});

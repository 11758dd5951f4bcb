import { expect, test } from "vitest";
import { deliveredServices } from "./delivered-services";
import type { Delivery } from "./delivery";

const service = { image: { build: { context: "." } }, port: 8080, health: { readiness: { path: "/ready" } } };

test("a document with one service is that service under the name of its file", () => {
  const release = { canary: {} };
  const objectives = { availability: 0.999 };
  expect(deliveredServices({ service, release, objectives }, "shop")).toEqual([
    { name: "shop", service, release, objectives },
  ]);
});

const delivery: Delivery = {
  release: { bake: "1s" },
  objectives: { availability: 0.9 },
  strategies: { careful: { canary: {} }, quick: { immediate: {} } },
  environments: { staging: { strategy: "quick", target: "docker" }, production: { target: "kubernetes" } },
  services: {
    plain: { service },
    own: { service, release: { blueGreen: {} }, objectives: {} },
    named: { service, strategy: "careful", environments: ["production"], targets: { production: "ecs" } },
  },
};
const releasesIn = (environment?: string) =>
  Object.fromEntries(deliveredServices(delivery, "x", environment).map(({ name, release }) => [name, release]));

test("a service's own release or strategy comes before the document's release", () => {
  expect(releasesIn()).toEqual({ plain: { bake: "1s" }, own: { blueGreen: {} }, named: { canary: {} } });
});

test("an environment's strategy comes before everything, and only services delivered there are given", () => {
  expect(releasesIn("staging")).toEqual({ plain: { immediate: {} }, own: { immediate: {} } });
  expect(releasesIn("production")).toEqual(releasesIn());
});

test("the service's objectives and target come before those of the document and the environment", () => {
  const found = deliveredServices(delivery, "x", "production");
  expect(found.map(({ objectives }) => objectives)).toEqual([{ availability: 0.9 }, {}, { availability: 0.9 }]);
  expect(found.map(({ target }) => target)).toEqual(["kubernetes", "kubernetes", "ecs"]);
});

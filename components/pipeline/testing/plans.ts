import type fc from "fast-check";
import { type Delivery, Platform } from "../../model/delivery";
import { deliveries } from "../../model/testing/delivery-arbitraries";
import { type PlannedPipeline, planPipeline } from "../plan-pipeline";

/** The plan of a sound document's only repository. */
export const planOf = (delivery: Delivery): PlannedPipeline => planPipeline(delivery, { serviceName: "shop" });

/** Plans of every kind that can be written. */
export const plans = deliveries.map((delivery) => planOf(delivery)).filter(({ problems }) => problems.length === 0);

export type SomePlan = typeof plans extends fc.Arbitrary<infer T> ? T : never;

/** A small shop with everything in it that most examples need. */
export const shop = (): Delivery => ({
  services: {
    shop: {
      service: {
        image: { build: { context: "shop" } },
        port: 8080,
        health: { readiness: { path: "/ready" } },
      },
    },
  },
  environments: {
    staging: { url: "https://staging.example.com", verify: { path: "/ready" } },
    production: {
      promotesFrom: "staging",
      approval: { users: ["octocat"] },
      secrets: ["DATABASE_PASSWORD"],
      url: "https://shop.example.com",
      verify: { path: "/ready" },
    },
  },
  repositories: { shop: { name: "acme/shop", platform: Platform.github } },
  pipeline: {
    toolchain: { node: {} },
    lint: { tools: ["biome"] },
    tests: { unit: { command: "npm test" }, e2e: { command: "npm run e2e", environment: "staging" } },
  },
});

import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { GithubDelivery, type GithubDeliveryArgs, type GithubDeliveryOptions } from "../../components/github";
import type { Delivery } from "../../components/model/delivery";
import { Engine } from "../../testkit";
import type { GithubEmulator } from "./emulator/emulator";

export const SECRET = "correct horse battery staple";

/** One service, checked, tried on staging, approved, and brought to production. */
export const shop: Delivery = {
  service: { image: { build: { context: "." } }, port: 8080, health: { readiness: { path: "/ready" } } },
  environments: {
    staging: { url: "https://staging.example.com", variables: { LOG_LEVEL: "debug" } },
    production: {
      promotesFrom: "staging",
      approval: { users: ["octocat"], teams: ["operators"], wait: "10m" },
      tags: ["v*"],
      secrets: ["DATABASE_PASSWORD"],
      identity: { aws: { roleArn: "arn:aws:iam::123456789012:role/deploy", region: "eu-west-1" } },
    },
  },
  pipeline: {
    toolchain: { node: {} },
    tests: { unit: { command: "npm test" } },
    protection: { reviews: 2, linear: true, checks: ["licence"] },
  },
};

/** Arguments with which everything there is gets made. */
export const args = (): GithubDeliveryArgs => ({
  repository: "acme/shop",
  delivery: shop,
  secrets: { PULUMI_ACCESS_TOKEN: pulumi.secret(SECRET) },
  environmentSecrets: { production: { DATABASE_PASSWORD: `${SECRET} of production` } },
  variables: { REGION: "eu" },
  bypass: { app: 4711 },
  commitAuthor: { name: "Robot", email: "robot@example.com" },
  webhook: { url: "http://127.0.0.1:9/hook", events: ["push", "deployment_status"] },
  allowedActions: ["acme/*"],
});

/** Changes of the arguments; undefined takes one away. */
export type Changes = { [K in keyof GithubDeliveryArgs]?: GithubDeliveryArgs[K] | undefined };

export function changed(change: Changes): GithubDeliveryArgs {
  const all = Object.entries({ ...args(), ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(all) as unknown as GithubDeliveryArgs;
}

/** A program with one delivery, against an emulator. */
export function delivery(emulator: GithubEmulator, change: Changes = {}, options: GithubDeliveryOptions = {}) {
  return async (): Promise<Record<string, unknown>> => {
    const { url: baseUrl, token } = emulator;
    const provider = new github.Provider("github", { baseUrl, token, owner: "acme", writeDelayMs: 1, retryDelayMs: 5 });
    const made = new GithubDelivery("shop", changed(change), { providers: [provider], ...options });
    const { webhookSecret, rulesetId, environments, warnings } = made;
    return {
      paths: made.files.apply((files) => files.map(({ path }) => path)),
      webhookSecret,
      rulesetId,
      environments,
      warnings,
    };
  };
}

export const engineOf = (program: () => Promise<Record<string, unknown>>): Promise<Engine> =>
  Engine.create({ plugins: [{ name: "github" }], program });

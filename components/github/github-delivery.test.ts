import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { expectPreviewStable, render } from "../../testkit";
import type { Delivery } from "../model/delivery";
import type { GithubDeliveryArgs } from "./delivery/args";
import { GithubDelivery, type GithubDeliveryOptions } from "./github-delivery";

const SECRET = "correct horse battery staple";
const delivery: Delivery = {
  service: { image: { build: { context: "." } }, port: 8080, health: { readiness: { path: "/ready" } } },
  environments: {
    staging: {},
    production: {
      promotesFrom: "staging",
      approval: { users: ["octocat"], teams: ["operators"] },
      secrets: ["DATABASE_PASSWORD"],
      identity: { aws: { roleArn: "arn:aws:iam::123456789012:role/deploy", region: "eu-west-1" } },
    },
  },
  pipeline: { toolchain: { node: {} }, tests: { unit: { command: "npm test" } } },
};
const args: GithubDeliveryArgs = {
  repository: "acme/shop",
  delivery,
  secrets: { PULUMI_ACCESS_TOKEN: SECRET },
  environmentSecrets: { production: { DATABASE_PASSWORD: `${SECRET} too` } },
  bypass: { team: "operators" },
  webhook: { url: "https://hooks.example.com" },
};

const make =
  (change: Partial<GithubDeliveryArgs> = {}, options: GithubDeliveryOptions = {}) =>
  () =>
    new GithubDelivery("shop", { ...args, ...change }, options);

const live = { asked: [] as string[] };
const call = ({ token, inputs }: { token: string; inputs: Record<string, unknown> }): Record<string, unknown> => {
  if (token.endsWith(":getUser")) return { ...inputs, id: "7" };
  if (token.endsWith(":getTeam")) return { ...inputs, id: "9" };
  live.asked.push(`${inputs["repository"]} ${inputs["file"]} ${inputs["branch"]}`);
  return { ...inputs, content: `jobs: { a: { steps: [] } }\n` };
};
const TYPE = "github:index/";
const FILE = `${TYPE}repositoryFile:RepositoryFile`;

describe.each([{ preview: false }, { preview: true }])("with %o", (run) => {
  const options = { ...run, call, secrets: [SECRET] };

  test("A repository gets values, environments and permissions, then files, then rules", async () => {
    const made = await render(make(), options);
    expect(made.errors).toEqual([]);
    expect(made.secretsLeaked()).toEqual([]);
    const types = made.resources.map(({ type }) => type.replace(/^.*[:/]/, ""));
    const first = (type: string) => types.indexOf(type);
    const last = (type: string) => types.lastIndexOf(type);
    for (const before of ["ActionsSecret", "ActionsEnvironmentSecret", "RepositoryEnvironmentDeploymentPolicy"]) {
      expect(last(before)).toBeGreaterThan(-1);
      expect(last(before)).toBeLessThan(first("RepositoryFile"));
    }
    expect(last("RepositoryRuleset")).toBe(types.length - 1);
    expect(made.inputsOf("shop-environment-production")).toMatchObject({
      environment: "production",
      canAdminsBypass: false,
      preventSelfReview: true,
      reviewers: [{ users: [7], teams: [9] }],
      deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true },
    });
    expect(made.inputsOf("shop-permissions")).toMatchObject({
      allowedActions: "selected",
      allowedActionsConfig: { githubOwnedAllowed: true, verifiedAllowed: false },
      shaPinningRequired: true,
    });
    expect(made.inputsOf("shop-subject")).toEqual({ repository: "shop", useDefault: true });
    expect(made.inputsOf("shop-ruleset")).toMatchObject({
      enforcement: "active",
      bypassActors: [{ actorType: "Team", actorId: 9, bypassMode: "always" }],
      conditions: { refName: { includes: ["refs/heads/main"], excludes: [] } },
      rules: {
        deletion: true,
        nonFastForward: true,
        pullRequest: {
          requiredApprovingReviewCount: 1,
          dismissStaleReviewsOnPush: true,
          requireLastPushApproval: true,
        },
        requiredStatusChecks: {
          requiredChecks: [{ context: "gate", integrationId: 15368 }],
          strictRequiredStatusChecksPolicy: true,
        },
      },
    });
    expect(await made.output(made.value.environments)).toEqual(
      run.preview ? expect.anything() : ["staging", "production"],
    );
  });

  test("Each file waits for the one before it, the first for what its runs need, and the ruleset for the last", async () => {
    const made = await render(make(), options);
    const files = made.byType(FILE);
    const dependencies = (name: string) => made.resources.find((each) => each.name === name)?.dependencies.join() ?? "";
    for (const [index, { name }] of files.entries()) {
      const before = files[index - 1]?.name ?? "shop-environment-production-secret-DATABASE_PASSWORD";
      expect(dependencies(name)).toContain(before);
    }
    expect(dependencies("shop-ruleset")).toContain(files.at(-1)?.name);
  });

  test("The webhook's secret is a secret everywhere, and kept by the state", async () => {
    const made = await render(make(), options);
    expect(await pulumi.isSecret(made.value.webhookSecret ?? pulumi.output(""))).toBe(true);
    expect(made.byType("pulumi:index:Stash")).toHaveLength(1);
    expect(made.inputsOf("shop-webhook")).toMatchObject({ configuration: { contentType: "json", insecureSsl: false } });
    expect((await render(make({}), options)).byType(`${TYPE}repositoryWebhook:RepositoryWebhook`)).toHaveLength(1);
  });

  test("With keep-newer the live files are looked at on the production branch", async () => {
    live.asked = [];
    const made = await render(make({ pins: "keep-newer" }), options);
    expect(made.errors).toEqual([]);
    expect(live.asked).toContain("acme/shop .github/workflows/ci.yml main");
    expect(live.asked.join()).not.toContain("dependabot");
    for (const { inputs } of made.byType(FILE)) expect(inputs["content"]).toContain("Made by Headgate");
  });

  test("A pull request comes from a branch, after its files", async () => {
    const { bypass: _, ...others } = args;
    const made = await render(() => new GithubDelivery("shop", { ...others, pullRequest: {} }), options);
    expect(made.errors).toEqual([]);
    const branch = made.one(`${TYPE}branch:Branch`)["branch"];
    expect(made.inputsOf("shop-pull-request")).toMatchObject({
      baseRef: "main",
      headRef: branch,
      baseRepository: "shop",
    });
    for (const { inputs } of made.byType(FILE)) expect(inputs["branch"]).toBe(branch);
  });

  test("A dry run makes nothing, and gives the files with their modes", async () => {
    const files: NonNullable<GithubDeliveryOptions["transform"]> = {
      files: (all) => [...all, { path: "hook", content: "#!/bin/sh\n", executable: true }],
    };
    const made = await render(make({ sink: "dry-run" }, { transform: files }), options);
    expect(made.resources.map(({ type }) => type)).toEqual(["headgate:index:GithubDelivery"]);
    expect(await made.output(made.value.files)).toContainEqual({
      path: "hook",
      content: "#!/bin/sh\n",
      executable: true,
    });
    expect(made.value.rulesetId).toBeUndefined();
  });
});

test("Preview and up declare the same graph", async () => {
  await expectPreviewStable(make(), { call });
});

test("What the account lacks is a warning", async () => {
  const made = await render(make({ account: { plan: "team" } }), { call });
  expect(await made.output(made.value.warnings)).toEqual([
    expect.stringMatching(/^delivery\.environments\.production\.approval: GitHub has no reviewers/),
  ]);
});

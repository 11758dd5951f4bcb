import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Delivery } from "../../model/delivery";
import { ArgumentError } from "../../model/errors";
import { deliveries } from "../../model/testing/delivery-arbitraries";
import type { GithubDeliveryArgs } from "./args";
import { type GithubDeliveryPlan, planGithubDelivery } from "./plan";

const service = { image: { build: { context: "." } }, port: 8080, health: { readiness: { path: "/ready" } } };
const delivery: Delivery = {
  service,
  environments: {
    staging: { url: "https://staging.example.com" },
    production: {
      promotesFrom: "staging",
      approval: { users: ["octocat"], teams: ["operators"], wait: "90s" },
      branches: ["main", "release/*"],
      tags: ["v*"],
      secrets: ["DATABASE_PASSWORD"],
      variables: { LOG_LEVEL: "info" },
    },
  },
  pipeline: { toolchain: { node: {} }, tests: { unit: { command: "npm test" } } },
};
const basic: GithubDeliveryArgs = {
  repository: "acme/shop",
  delivery,
  secrets: { PULUMI_ACCESS_TOKEN: "token" },
  environmentSecrets: { production: { DATABASE_PASSWORD: "secret" } },
  bypass: { app: 4711 },
};
const plan = (change: Partial<GithubDeliveryArgs> = {}) => planGithubDelivery("shop", { ...basic, ...change });
const withPipeline = (pipeline: Delivery["pipeline"]): Partial<GithubDeliveryArgs> => ({
  delivery: { ...delivery, pipeline: { ...delivery.pipeline, ...pipeline } },
});

describe("a plan", () => {
  test("has the environments with what protects them", () => {
    const [staging, production] = plan().environments;
    expect(staging).toMatchObject({ name: "staging", users: [], preventSelfReview: false, branches: ["main"] });
    expect(production).toEqual({
      name: "production",
      users: ["octocat"],
      teams: ["operators"],
      preventSelfReview: true,
      waitMinutes: 2,
      branches: ["main", "release/*"],
      tags: ["v*"],
      secrets: ["DATABASE_PASSWORD"],
      variables: { LOG_LEVEL: "info" },
    });
  });

  test("guards the branches that changes reach last", () => {
    const { ruleset } = plan(
      withPipeline({ branches: { integration: "develop" }, protection: { checks: ["licence", "gate"], reviews: 0 } }),
    );
    expect(ruleset).toEqual({
      name: "Headgate",
      refs: ["refs/heads/main", "refs/heads/develop"],
      bypass: { actorType: "Integration", actorId: 4711 },
      reviews: 0,
      checks: [{ context: "gate", integrationId: 15368 }, { context: "licence" }],
      linear: false,
      mergeQueue: false,
      signedCommits: false,
    });
    expect(plan({ bypass: { administrators: true } }).ruleset.bypass).toEqual({
      actorType: "RepositoryRole",
      actorId: 5,
    });
    expect(plan({ bypass: { team: "platform" } }).ruleset.bypass).toEqual({ actorType: "Team", team: "platform" });
  });

  test("writes the file that runs on every change last, and only that commit starts a run", () => {
    const { files } = plan();
    expect(files.at(-1)).toMatchObject({
      path: ".github/workflows/ci.yml",
      commitMessage: "Write .github/workflows/ci.yml",
    });
    for (const { commitMessage } of files.slice(0, -1)) expect(commitMessage).toMatch(/ \[skip ci\]$/);
    // A commit that skips runs at the head of a pull request would leave it without its check.
    for (const { commitMessage } of plan({ pullRequest: {} }).files) expect(commitMessage).not.toContain("skip ci");
  });

  test("proposes each content on a branch of its own", () => {
    const { branch } = plan({ pullRequest: {} });
    expect(branch).toEqual({ name: expect.stringMatching(/^headgate\/pipeline-[0-9a-f]{8}$/), made: true });
    expect(plan({ pullRequest: {} }).branch).toEqual(branch);
    const other = planGithubDelivery("shop", { ...basic, pullRequest: {} }, (files) => files.slice(1));
    expect(other.branch.name).not.toBe(branch.name);
    expect(plan({ branch: "pipeline" }).branch).toEqual({ name: "pipeline", made: true });
    expect(plan().branch).toEqual({ name: "main", made: false });
  });

  test("allows the actions that its files use, and those that are asked for", () => {
    const { allowedActions } = plan({ allowedActions: ["acme/*"] });
    expect(allowedActions).toContain("docker/*");
    expect(allowedActions).toContain("acme/*");
    expect(allowedActions.some((pattern) => /^(actions|github)\//.test(pattern))).toBe(false);
  });

  test("labels the issues in which deployments are approved, and asks no reviewers for them", () => {
    const approval = { way: "issue" as const, users: ["octocat"] };
    const environments = { production: { approval, secrets: ["DATABASE_PASSWORD"] } };
    const asked = plan({ delivery: { ...delivery, environments } });
    expect(asked.labels.map(({ name }) => name)).toEqual(["deploy-production"]);
    expect(asked.environments[0]).toMatchObject({ users: [], teams: [] });
  });

  test("has a subject where a run has an identity", () => {
    expect(plan().subjectClaims).toBeUndefined();
    expect(plan({ subjectClaims: ["repo", "context"] }).subjectClaims).toEqual(["repo", "context"]);
    const identity = {
      gcp: {
        provider: "projects/1/locations/global/workloadIdentityPools/ci/providers/gh",
        project: "shop-production",
      },
    };
    expect(
      plan({ delivery: { ...delivery, environments: { production: { identity } } }, environmentSecrets: {} })
        .subjectClaims,
    ).toEqual([]);
  });
});

describe("an account without everything", () => {
  const told = (account: GithubDeliveryArgs["account"], change: Partial<GithubDeliveryArgs> = {}) =>
    plan({ ...change, ...(account && { account }) }).diagnostics.map(({ feature }) => feature.replace("delivery.", ""));

  test.each([
    [undefined, []],
    [{ plan: "enterprise" }, []],
    [{ plan: "free", visibility: "public" }, []],
    [{ plan: "team" }, ["environments.production.approval", "pipeline.protection.mergeQueue"]],
    [{ plan: "pro", visibility: "private" }, ["environments.production.approval", "pipeline.protection.mergeQueue"]],
    [
      { plan: "free" },
      ["environments.production.approval", "environments", "pipeline.protection", "pipeline.protection.mergeQueue"],
    ],
  ] as const)("%j is told of %j", (account, features) => {
    expect(told(account, withPipeline({ protection: { mergeQueue: true } }))).toEqual(features);
  });

  test("is told what to do about approvals, which stay", () => {
    const { diagnostics, environments } = plan({ account: { plan: "team" } });
    expect(diagnostics[0]?.message).toBe(
      'GitHub has no reviewers in a private repository with the plan "team", and will refuse this environment, so that ' +
        'nothing is deployed without approval. Set way to "dispatch" or "issue", make the repository public, or take ' +
        "GitHub Enterprise.",
    );
    expect(environments[1]?.users).toEqual(["octocat"]);
    const dispatched = { ...delivery, environments: { production: { approval: { way: "dispatch" as const } } } };
    expect(told({ plan: "team" }, { delivery: dispatched, environmentSecrets: {} })).toEqual([]);
  });
});

describe("refused:", () => {
  const gitlab = { other: { name: "acme/shop", platform: "gitlab" as const } };
  test.each<[string, Record<string, unknown>, string]>([
    [
      "a name without owner",
      { repository: "shop" },
      'repository is no owner and name of a repository (got "shop"). Write "acme/shop"',
    ],
    ["an address", { repository: "https://github.com/acme/shop" }, "repository is no owner and name"],
    ["a name that git takes for itself", { repository: "acme/shop.git" }, "repository is no owner and name"],
    [
      "a secret that is a variable too",
      { variables: { PULUMI_ACCESS_TOKEN: "x" } },
      'variables.PULUMI_ACCESS_TOKEN is also in secrets (got "PULUMI_ACCESS_TOKEN"). Remove it from one of the two.',
    ],
    ["a secret named twice", { existingSecrets: ["PULUMI_ACCESS_TOKEN"] }, "existingSecrets[0] is also in secrets"],
    [
      "an existing one named twice",
      { existingSecrets: ["A", "A"] },
      "existingSecrets[1] is the same as existingSecrets[0]",
    ],
    [
      "a secret of an environment that is a variable of it",
      { environmentSecrets: { production: { DATABASE_PASSWORD: "x", LOG_LEVEL: "x" } } },
      "environmentSecrets.production.LOG_LEVEL is also in delivery.environments.production.variables",
    ],
    [
      "no value of a secret that deployments ask for",
      { environmentSecrets: {} },
      "environmentSecrets.production.DATABASE_PASSWORD has no value, and deployments to production ask for it. Add it,",
    ],
    [
      "no value of a secret that a message asks for",
      { delivery: { ...delivery, notifications: { slack: [{ channel: "#shop" }] } } },
      "secrets.SLACK_WEBHOOK_URL has no value, and the workflows ask for it",
    ],
    [
      "a secret of an environment that is not there",
      { environmentSecrets: { prodution: { A: "x" }, production: { DATABASE_PASSWORD: "x" } } },
      'environmentSecrets.prodution is no name in delivery.environments (got "prodution"). Did you mean production?',
    ],
    [
      "a name of a secret that GitHub keeps for itself",
      { secrets: { GITHUB_TOKEN: "x" } },
      "secrets.GITHUB_TOKEN is no name",
    ],
    [
      "an empty secret",
      { secrets: { PULUMI_ACCESS_TOKEN: "" } },
      "secrets.PULUMI_ACCESS_TOKEN must be text (got an empty text)",
    ],
    [
      "a plan that GitHub does not sell",
      { account: { plan: "gold" } },
      'account.plan must be one of "free", "pro", "team", "enterprise"',
    ],
    [
      "seven reviewers",
      {
        delivery: {
          ...delivery,
          environments: { production: { approval: { users: ["a", "b", "c", "d", "e", "f", "g"] } } },
        },
      },
      "delivery.environments.production.approval has more than 6 people and teams together",
    ],
    [
      "no bypass where the next change would be locked out",
      { bypass: undefined },
      "bypass is missing: the ruleset of main would refuse",
    ],
    [
      "two bypasses",
      { bypass: { app: 1, team: "platform" } },
      "bypass must have exactly one of app, team and administrators (got app and team)",
    ],
    [
      "a bypass of nobody",
      { bypass: { administrators: false } },
      "bypass must have exactly one of app, team and administrators (got none)",
    ],
    [
      "a pull request from the protected branch",
      { branch: "main", pullRequest: {} },
      "branch is protected, and nothing can be proposed",
    ],
    ["a glob", { branch: "pipeline/*" }, "branch must be one branch, not a glob"],
    ["a folder without a work tree", { directory: ".." }, 'directory has no effect beside sink "repository"'],
    [
      "a pull request without a repository",
      { sink: "dry-run", pullRequest: {} },
      'pullRequest has no effect beside sink "dry-run"',
    ],
    [
      "kept pins without a repository",
      { sink: "work-tree", pins: "keep-newer" },
      'pins has no effect beside sink "work-tree"',
    ],
    [
      "a repository that the document does not name",
      { delivery: { ...delivery, repositories: { shop: { name: "acme/shopp" } } } },
      'repository is none of delivery.repositories (got "acme/shop"). Did you mean acme/shopp?',
    ],
    [
      "a repository of GitLab",
      { delivery: { ...delivery, repositories: gitlab } },
      "repository is a repository of GitLab",
    ],
    ["a setting that is none", { secret: {} }, "secret is not a known setting. Did you mean secrets?"],
    [
      "an event that is none",
      { webhook: { url: "https://x.example.com", events: ["Push!"] } },
      "webhook.events[0] is no event",
    ],
  ])("%s", (_, change, words) => {
    expect(() => plan(change as Partial<GithubDeliveryArgs>)).toThrow(words);
  });

  test("several problems together, and no value of a secret is shown", () => {
    const wrong = {
      ...basic,
      secrets: { token: "correct horse", A: 7 as never },
      repository: "x",
      sink: "nowhere" as never,
    };
    expect(() => planGithubDelivery("shop", wrong)).toThrow(/^GithubDelivery "shop": 4 problems/);
    expect(() => planGithubDelivery("shop", wrong)).not.toThrow("correct horse");
  });
});

/** Arguments with every secret that a document asks for, found by what is refused. */
function planned(document: Delivery): GithubDeliveryPlan | undefined {
  const named = Object.values(document.repositories ?? {}).find(({ platform = "github" }) => platform === "github");
  const repository = named?.name ?? "acme/shop";
  const args = (existingSecrets: string[]): GithubDeliveryArgs => ({
    ...{ repository, delivery: document, existingSecrets },
    pullRequest: {},
  });
  try {
    return planGithubDelivery("shop", args([]));
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    const missing = error.problems.filter(({ problem }) => problem.startsWith("has no value"));
    if (missing.length < error.problems.length) return undefined;
    return planGithubDelivery("shop", args([...new Set(missing.map(({ path }) => path.replace(/^.*[.]/, "")))]));
  }
}

test("every document that can be planned keeps its approvals, allows its own actions, and gives the same plan again", () => {
  let count = 0;
  fc.assert(
    fc.property(deliveries, (document) => {
      const found = planned(document);
      if (found === undefined) return;
      count++;
      expect(JSON.stringify(planned(document))).toBe(JSON.stringify(found));
      expect(new Set(found.files.map(({ path }) => path)).size).toBe(found.files.length);
      for (const [name, { approval }] of Object.entries(document.environments ?? {})) {
        const made = found.environments.find((each) => each.name === name);
        const asked = (approval?.way ?? "environment") === "environment";
        expect(made?.users).toEqual(asked ? (approval?.users ?? []) : []);
        expect(made?.teams).toEqual(asked ? (approval?.teams ?? []) : []);
      }
      for (const { content } of found.files) {
        for (const [, owner] of content.matchAll(/uses: ([\w-]+)\/[^@\n]+@/g)) {
          expect([...found.allowedActions, "actions/*", "github/*"]).toContain(`${owner}/*`);
        }
      }
    }),
    { numRuns: 150 },
  );
  expect(count).toBeGreaterThan(30);
});

import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const repository = of("github:index/repository:Repository");
const protection = of("github:index/branchProtection:BranchProtection");
const older = of("github:index/branchProtectionV3:BranchProtectionV3");
const ruleset = of("github:index/repositoryRuleset:RepositoryRuleset");
const organisation = of("github:index/organizationRuleset:OrganizationRuleset");
const branch = of("github:index/branchDefault:BranchDefault");

const shop = { name: "shop", nodeId: "R_1" };
const reviews = { requiredApprovingReviewCount: 2, dismissStaleReviews: true, requireCodeOwnerReviews: true };
const full = {
  repositoryId: "shop",
  pattern: "main",
  enforceAdmins: true,
  requiredPullRequestReviews: [reviews],
  requiredStatusChecks: [{ strict: true, contexts: ["test"] }],
};
const pullRequest = {
  requiredApprovingReviewCount: 2,
  dismissStaleReviewsOnPush: true,
  requireCodeOwnerReview: true,
};
const requiredStatusChecks = { requiredChecks: [{ context: "test" }], strictRequiredStatusChecksPolicy: true };
const rules = { deletion: true, nonFastForward: true, pullRequest, requiredStatusChecks };
const set = (more: Record<string, unknown> = {}) => ({
  repository: "shop",
  target: "branch",
  enforcement: "active",
  conditions: { refName: { includes: ["~DEFAULT_BRANCH"], excludes: [] } },
  rules,
  ...more,
});
const REVIEWS = "requiredPullRequestReviews";

export const fixtures: Fixtures = {
  pass: [
    example("a branch protection", repository(shop), protection(full)),
    example("by its node's id", repository(shop), protection({ ...full, repositoryId: "R_1", pattern: "*" })),
    example(
      "a branch protection of the older kind",
      repository(shop),
      older({
        repository: "shop",
        branch: "main",
        enforceAdmins: true,
        requiredPullRequestReviews: reviews,
        requiredStatusChecks: { strict: true, checks: ["test"] },
      }),
    ),
    example("a ruleset", repository(shop), ruleset(set())),
    example(
      "a ruleset that a team may pass, and administrators by a pull request",
      repository(shop),
      ruleset(
        set({
          bypassActors: [
            { actorType: "Team", actorId: 5, bypassMode: "always" },
            { actorType: "RepositoryRole", actorId: 5, bypassMode: "pullRequest" },
          ],
        }),
      ),
    ),
    example("a ruleset of the organisation", repository(shop), organisation(set())),
    example(
      "two rulesets that add up",
      ruleset(set({ rules: { pullRequest, deletion: true } })),
      ruleset(set({ rules: { nonFastForward: true, requiredStatusChecks } })),
    ),
    example(
      "a ruleset beside a branch protection of the same repository",
      repository(shop),
      protection({ ...full, repositoryId: "R_1" }),
      ruleset(set({ rules: { requiredSignatures: true } })),
    ),
    example(
      "a branch protection beside a ruleset that asks for reviews",
      repository(shop),
      protection({ ...full, repositoryId: "R_1", requiredPullRequestReviews: undefined }),
      ruleset(set()),
    ),
    example(
      "a branch of another name",
      repository({ name: "shop" }),
      branch({ repository: "shop", branch: "trunk" }),
      protection({ ...full, pattern: "trunk" }),
    ),
    example("no default branch", protection({ repositoryId: "shop", pattern: "release/*" })),
    example("an archived repository", repository({ name: "shop", archived: true })),
    {
      ...example(
        "one approval, where that is enough",
        ruleset(set({ rules: { ...rules, pullRequest: { ...pullRequest, requiredApprovingReviewCount: 1 } } })),
      ),
      options: { approvals: 1 },
    },
  ],
  fail: [
    broken("nothing", "", repository({ name: "shop" })),
    broken("another one's", "", repository({ name: "till" }), protection(full)),
    broken(
      "a ruleset that only evaluates",
      "",
      repository({ name: "shop" }),
      ruleset(set({ enforcement: "evaluate" })),
    ),
    broken(
      "a ruleset that leaves it out",
      "",
      repository({ name: "shop" }),
      ruleset(set({ conditions: { refName: { includes: ["~ALL"], excludes: ["~DEFAULT_BRANCH"] } } })),
    ),
    broken("a ruleset of tags", "", repository({ name: "shop" }), ruleset(set({ target: "tag" }))),
    broken(
      "a protection that asks for nothing",
      [
        `${REVIEWS}.requiredApprovingReviewCount`,
        `${REVIEWS}.dismissStaleReviews`,
        `${REVIEWS}.requireCodeOwnerReviews`,
        "requiredStatusChecks.contexts",
        "requiredStatusChecks.strict",
        "enforceAdmins",
      ],
      protection({ repositoryId: "shop", pattern: "main" }),
    ),
    broken(
      "a protection that lets history be overwritten",
      ["allowsForcePushes", "allowsDeletions"],
      protection({ ...full, allowsForcePushes: true, allowsDeletions: true }),
    ),
    broken(
      "one approval",
      `${REVIEWS}[0].requiredApprovingReviewCount`,
      protection({ ...full, requiredPullRequestReviews: [{ ...reviews, requiredApprovingReviewCount: 1 }] }),
    ),
    broken(
      "a ruleset without checks",
      ["rules.requiredStatusChecks.requiredChecks", "rules.requiredStatusChecks.strictRequiredStatusChecksPolicy"],
      ruleset(set({ rules: { ...rules, requiredStatusChecks: undefined } })),
    ),
    broken(
      "administrators who may pass by",
      "bypassActors",
      ruleset(set({ bypassActors: [{ actorType: "RepositoryRole", actorId: 5, bypassMode: "always" }] })),
    ),
    broken(
      "owners of the organisation who may pass by",
      "bypassActors",
      ruleset(set({ bypassActors: [{ actorType: "OrganizationAdmin", bypassMode: "always" }] })),
    ),
    {
      ...broken("commits without a signature", "requireSignedCommits", protection(full)),
      options: { signedCommits: true },
    },
    {
      ...broken("open conversations", "requireConversationResolution", protection(full)),
      options: { resolvedConversations: true },
    },
    broken(
      "two rulesets of different repositories",
      "rules.deletion",
      ruleset(set({ rules: { ...rules, deletion: false } })),
      ruleset(set({ repository: "till" })),
    ),
  ],
  malformed: [
    malformed("reviews that are a text", "fail", protection({ ...full, requiredPullRequestReviews: "2" })),
    malformed("a pattern that is a number", "pass", protection({ repositoryId: "shop", pattern: 1 })),
  ],
  wrongKind: [example("a team", of("github:index/team:Team")({ name: "shop" }))],
};

import { Cursor, findOf } from "../core/cursor";
import { Part } from "../core/part";
import type { Model } from "../core/resource";
import { any, covers } from "./iam";

/** Reads the name of a branch. @throws UnknownValue */
export type BranchName = () => string;

/** What protects branches of a repository on GitHub: a branch protection, or a set of rules. */
export interface BranchGuard {
  part: Part;
  /** Name or node id of the repository; undefined for what holds in a whole organisation. */
  repository: Cursor | undefined;
  /** Sets of rules add up; of branch protections one holds. */
  addsUp: boolean;
  /** Whether it holds for a branch of one of these names, or for the default branch whatever its name. */
  holdsFor(branches: readonly BranchName[]): boolean;
  /** What it asks for, each with the field that says so. */
  asks: Readonly<Record<Ask, { at: Cursor; holds(options: { approvals: number }): boolean }>>;
}

export const ASKS = [
  "reviews",
  "freshReviews",
  "codeOwners",
  "checks",
  "upToDate",
  "noForcePush",
  "noDeletion",
  "admins",
  "resolved",
  "signed",
] as const;
export type Ask = (typeof ASKS)[number];

const flag = (at: Cursor) => ({ at, holds: () => at.read() === true });
const noFlag = (at: Cursor) => ({ at, holds: () => at.read() !== true });
const someOf = (at: Cursor) => ({ at, holds: () => at.hasItems() });
const enough = (at: Cursor) => ({
  at,
  holds: ({ approvals }: { approvals: number }) => (at.number() ?? 0) >= approvals,
});

/** The provider takes one block as a list. */
const first = (list: Cursor): Cursor => list.items()[0] ?? list;

function protection(object: Part): BranchGuard {
  const [reviews, checks] = [first(object.at("requiredPullRequestReviews")), first(object.at("requiredStatusChecks"))];
  return {
    part: object,
    repository: object.at("repositoryId"),
    addsUp: false,
    holdsFor: (branches) => {
      const pattern = object.at("pattern").text() ?? "";
      return findOf(branches, (branch) => covers(pattern, branch())) !== undefined;
    },
    asks: {
      ...asksOf(object, reviews, checks),
      checks: someOf(checks.at("contexts")),
      noForcePush: noFlag(object.at("allowsForcePushes")),
      noDeletion: noFlag(object.at("allowsDeletions")),
    },
  };
}

function oldProtection(object: Part): BranchGuard {
  const [reviews, checks] = [object.at("requiredPullRequestReviews"), object.at("requiredStatusChecks")];
  return {
    part: object,
    repository: object.at("repository"),
    addsUp: false,
    holdsFor: (branches) => {
      const name = object.at("branch").text();
      return findOf(branches, (branch) => branch() === name) !== undefined;
    },
    asks: {
      ...asksOf(object, reviews, checks),
      checks: {
        at: checks.at("checks"),
        holds: () => checks.at("checks").hasItems() || checks.at("contexts").hasItems(),
      },
      // It has no field for these, and forbids both.
      noForcePush: { at: object.cursor, holds: () => true },
      noDeletion: { at: object.cursor, holds: () => true },
    },
  };
}

/** What both kinds of branch protection say by the same names. */
function asksOf(object: Part, reviews: Cursor, checks: Cursor) {
  return {
    reviews: enough(reviews.at("requiredApprovingReviewCount")),
    freshReviews: flag(reviews.at("dismissStaleReviews")),
    codeOwners: flag(reviews.at("requireCodeOwnerReviews")),
    upToDate: flag(checks.at("strict")),
    admins: flag(object.at("enforceAdmins")),
    resolved: flag(object.at("requireConversationResolution")),
    signed: flag(object.at("requireSignedCommits")),
  };
}

/** Roles of GitHub that administer a repository, by their ids. Source: the provider's documentation. */
const ADMINISTRATORS = ["OrganizationAdmin", "EnterpriseOwner"];
const ADMIN_ROLE = 5;

/** Of an organisation: which of its repositories it is for is not looked at. */
function ruleset(object: Part): BranchGuard {
  const [rules, bypass, names] = [object.at("rules"), object.at("bypassActors"), object.at("conditions.refName")];
  const [pull, checks] = [rules.at("pullRequest"), rules.at("requiredStatusChecks")];
  return {
    part: object,
    repository: undefined,
    addsUp: true,
    holdsFor: (branches) => {
      const isNamedIn = (place: Cursor) =>
        any(place, (each) => {
          const name = each.text() ?? "";
          const isDefault = name === "~DEFAULT_BRANCH" || name === "~ALL";
          const isCovered = (branch: BranchName) => covers(name, `refs/heads/${branch()}`);
          return isDefault || findOf(branches, isCovered) !== undefined;
        });
      return (
        object.at("target").read() === "branch" &&
        object.at("enforcement").read() === "active" &&
        isNamedIn(names.at("includes")) &&
        !isNamedIn(names.at("excludes"))
      );
    },
    asks: {
      reviews: enough(pull.at("requiredApprovingReviewCount")),
      freshReviews: flag(pull.at("dismissStaleReviewsOnPush")),
      codeOwners: flag(pull.at("requireCodeOwnerReview")),
      checks: someOf(checks.at("requiredChecks")),
      upToDate: flag(checks.at("strictRequiredStatusChecksPolicy")),
      noForcePush: flag(rules.at("nonFastForward")),
      noDeletion: flag(rules.at("deletion")),
      admins: {
        at: bypass,
        holds: () =>
          !bypass.some((actor) => {
            const type = actor.at("actorType").text() ?? "";
            const isAdmin =
              ADMINISTRATORS.includes(type) || (type === "RepositoryRole" && actor.at("actorId").read() === ADMIN_ROLE);
            // One who may only merge a pull request past the rules still leaves a trace.
            return isAdmin && actor.at("bypassMode").read() !== "pullRequest";
          }),
      },
      resolved: flag(pull.at("requiredReviewThreadResolution")),
      signed: flag(rules.at("requiredSignatures")),
    },
  };
}

const KINDS = new Map<string, (object: Part) => BranchGuard>([
  ["github:index/branchProtection:BranchProtection", protection],
  ["github:index/branchProtectionV3:BranchProtectionV3", oldProtection],
  [
    "github:index/repositoryRuleset:RepositoryRuleset",
    (object: Part) => ({ ...ruleset(object), repository: object.at("repository") }),
  ],
  ["github:index/organizationRuleset:OrganizationRuleset", ruleset],
]);

/** Branch protections and sets of rules. */
export const branchGuards: Model<BranchGuard> = {
  name: "branch protections and rulesets",
  accepts: (type) => KINDS.has(type),
  of(resource) {
    return KINDS.get(resource.type)?.(new Part(Cursor.root(resource), "the default branch"));
  },
};

/** Whether a guard is of this repository. @throws UnknownValue */
export function guards({ repository }: BranchGuard, of: Part): boolean {
  if (repository === undefined) return true;
  const named = repository.text();
  return (
    named !== undefined && findOf(["name", "nodeId", "id"], (field) => of.at(field).read() === named) !== undefined
  );
}

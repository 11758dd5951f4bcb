import { z } from "zod";
import { findOf } from "../../core/cursor";
import { levels } from "../../core/level";
import type { Part } from "../../core/part";
import { defineStackRule } from "../../core/rule";
import { checkov, cisSupplyChain, scorecard } from "../../core/standard";
import { ASKS, type Ask, type BranchGuard, branchGuards, guards } from "../../model/branch-guard";
import { objects } from "../../model/object";

const repositories = objects("repositories on GitHub", "the repository", ["github:index/repository:Repository"]);
const defaults = objects("default branches", "the default branch", ["github:index/branchDefault:BranchDefault"]);

const options = z.strictObject({
  approvals: z.number().int().min(0).max(6).default(2).describe("approvals that a change needs"),
  resolvedConversations: z.boolean().default(false).describe("whether conversations have to be resolved"),
  signedCommits: z.boolean().default(false).describe("whether commits have to be signed"),
});

const MISSING = {
  reviews: "takes changes with too few approvals",
  freshReviews: "keeps approvals of what has changed since",
  codeOwners: "takes changes without their code owners",
  checks: "takes changes without a check",
  upToDate: "takes changes that were checked against an older state",
  noForcePush: "lets its history be overwritten",
  noDeletion: "can be deleted",
  admins: "leaves administrators out of its rules",
  resolved: "takes changes with open conversations",
  signed: "takes commits without a signature",
} as const;

export const ghBranchProtection = defineStackRule({
  id: "gh-branch-protection",
  title: "Default branches take reviewed and checked changes only",
  severity: "high",
  standards: [
    ...cisSupplyChain("1.1.3", "1.1.4", "1.1.7", "1.1.9", "1.1.10", "1.1.11", "1.1.12", "1.1.14", "1.1.16", "1.1.17"),
    ...cisSupplyChain("1.1.20"),
    ...scorecard("Branch-Protection"),
    ...checkov("CKV_GIT_5", "CKV_GIT_6"),
  ],
  levels: levels("advisory", "mandatory"),
  options,
  why: "Who may push to the default branch alone may deliver alone, and nobody sees it before it runs.",
  remediation:
    "Give the repository a BranchProtection or RepositoryRuleset for its default branch with approvals, dismissal of stale ones, code owners, strict status checks, and without force pushes, deletion and exemptions.",
  *check(stack, { approvals, resolvedConversations, signedCommits }) {
    const all = stack.of(branchGuards);
    const asked = ASKS.filter((ask) => ask !== "resolved" || resolvedConversations).filter(
      (ask) => ask !== "signed" || signedCommits,
    );
    const named = [
      ...stack.of(defaults).map((each) => each.at("branch")),
      ...stack.of(repositories).map((each) => each.at("defaultBranch")),
    ];
    const branches = [() => "main", () => "master", ...named.map((at) => () => at.text() ?? "main")];
    for (const repository of stack.of(repositories)) {
      const isGuarded = (guard: BranchGuard) => guard.holdsFor(branches) && guards(guard, repository);
      yield repository.fails(
        "has a default branch that nothing protects",
        repository.cursor,
        () => repository.at("archived").read() !== true && findOf(all, isGuarded) === undefined,
      );
    }
    for (const guard of all) {
      // What another guard of the same repository asks for is asked for; of branch protections only one holds.
      const others = all.filter((each) => each !== guard && (each.addsUp || guard.addsUp));
      const isOfSame = (each: BranchGuard) => each.holdsFor(branches) && areOfOne(each, guard, stack.of(repositories));
      for (const ask of asked) {
        const { at, holds } = guard.asks[ask];
        const isAskedBy = (each: BranchGuard) => each.asks[ask].holds({ approvals }) && isOfSame(each);
        yield guard.part.fails(
          MISSING[ask],
          at,
          () =>
            guard.holdsFor(branches) &&
            !holds({ approvals }) &&
            !(isAddedUp(ask) && findOf(others, isAskedBy) !== undefined),
        );
      }
    }
  },
});

/** One way past the rules is enough, whoever else has none. */
const isAddedUp = (ask: Ask): boolean => ask !== "admins";

/** Whether two guards are of one repository: by the same text, or by its name and its node's id. */
const areOfOne = (one: BranchGuard, other: BranchGuard, all: readonly Part[]): boolean =>
  one.repository === undefined ||
  other.repository === undefined ||
  one.repository.read() === other.repository.read() ||
  findOf(all, (repository) => guards(one, repository) && guards(other, repository)) !== undefined;

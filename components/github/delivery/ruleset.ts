import type { PipelinePlan } from "../../pipeline/plan";
import type { RulesetBypass } from "./args";

/** GitHub Actions as an App: nobody else can say that its check passed. */
const GITHUB_ACTIONS = 15_368;
/** Role "admin" of a repository. Source: GitHub's REST API, bypass actors of a ruleset. */
const ADMIN_ROLE = 5;

/** Who bypasses a ruleset: a number, or a team that is looked up by its slug. */
export interface PlannedBypass {
  actorType: "Integration" | "RepositoryRole" | "Team";
  actorId?: number;
  team?: string;
}

/** Rules for the branches that a change reaches last. */
export interface PlannedRuleset {
  name: string;
  /** Full names: "refs/heads/main". */
  refs: readonly string[];
  bypass?: PlannedBypass;
  reviews: number;
  checks: readonly { context: string; integrationId?: number }[];
  linear: boolean;
  mergeQueue: boolean;
  signedCommits: boolean;
}

export function planRuleset({ branches, protection }: PipelinePlan, bypass: RulesetBypass | undefined): PlannedRuleset {
  const protectedBranches = [branches.production, branches.integration].filter((name) => name !== undefined);
  const { reviews, checks, linear, mergeQueue, signedCommits } = protection;
  const who = planBypass(bypass);
  return {
    name: "Headgate",
    refs: protectedBranches.map((name) => `refs/heads/${name}`),
    ...(who !== undefined && { bypass: who }),
    reviews,
    checks: [
      { context: "gate", integrationId: GITHUB_ACTIONS },
      ...checks.filter((name) => name !== "gate").map((context) => ({ context })),
    ],
    linear,
    mergeQueue,
    signedCommits,
  };
}

function planBypass(bypass: RulesetBypass | undefined): PlannedBypass | undefined {
  if (bypass?.app !== undefined) return { actorType: "Integration", actorId: bypass.app };
  if (bypass?.team !== undefined) return { actorType: "Team", team: bypass.team };
  return bypass?.administrators === true ? { actorType: "RepositoryRole", actorId: ADMIN_ROLE } : undefined;
}

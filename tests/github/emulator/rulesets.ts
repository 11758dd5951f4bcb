import { randomInt } from "node:crypto";
import { type Answer, type Call, problem, type Route } from "./route";
import type { StoredRepository, StoredRuleset } from "./state";

const ALL = "/repos/{owner}/{repo}/rulesets";
const ONE = `${ALL}/{id}`;

/** Who a token belongs to, as rulesets name those who may bypass them. */
export interface Actor {
  type: string;
  id: number;
}

export const rulesetRoutes: Route[] = [
  {
    route: `GET ${ALL}`,
    handle: ({ repository }) => ({
      status: 200,
      body: [...repository.rulesets.values()].map(({ rules: _, bypass_actors: __, ...short }) => short),
    }),
  },
  { route: `POST ${ALL}`, handle: (call) => write(call, randomInt(1e9), 201) },
  { route: `GET ${ONE}`, handle: withRuleset((ruleset) => ({ status: 200, body: ruleset })) },
  { route: `PUT ${ONE}`, handle: withRuleset((ruleset, call) => write(call, ruleset.id, 200)) },
  {
    route: `DELETE ${ONE}`,
    handle: withRuleset((ruleset, { repository }) => {
      repository.rulesets.delete(ruleset.id);
      return { status: 204 };
    }),
  },
];

function withRuleset(work: (ruleset: StoredRuleset, call: Call) => Answer): Route["handle"] {
  return (call) => {
    const ruleset = call.repository.rulesets.get(Number(call.parameters["id"]));
    return ruleset === undefined ? problem(404, "Not Found") : work(ruleset, call);
  };
}

/** Parameters that GitHub demands of a rule. Source: its REST API's description of rules. */
const REQUIRED: Record<string, string[]> = {
  pull_request: [
    "dismiss_stale_reviews_on_push",
    "require_code_owner_review",
    "require_last_push_approval",
    "required_approving_review_count",
    "required_review_thread_resolution",
  ],
  required_status_checks: ["required_status_checks", "strict_required_status_checks_policy"],
  merge_queue: [
    "check_response_timeout_minutes",
    "grouping_strategy",
    "max_entries_to_build",
    "max_entries_to_merge",
    "merge_method",
    "min_entries_to_merge",
    "min_entries_to_merge_wait_minutes",
  ],
};
const BARE = ["creation", "deletion", "non_fast_forward", "required_linear_history", "required_signatures"];

function write({ repository, body, fullName }: Call, id: number, status: number): Answer {
  const {
    name,
    target = "branch",
    enforcement,
    conditions,
    bypass_actors = [],
    rules = [],
  } = body as never as Omit<StoredRuleset, "id">;
  if (typeof name !== "string" || name === "") return problem(422, "Validation Failed", ["Name can't be blank"]);
  if ([...repository.rulesets.values()].some((other) => other.name === name && other.id !== id)) {
    return problem(422, "Validation Failed", ["Name must be unique"]);
  }
  if (conditions?.ref_name === undefined) return problem(422, "Validation Failed", ["Conditions can't be blank"]);
  for (const { type, parameters } of rules) {
    const missing = REQUIRED[type]?.filter((key) => parameters?.[key] === undefined) ?? [];
    if (REQUIRED[type] === undefined && !BARE.includes(type)) return problem(422, `Invalid rule '${type}'`);
    if (missing.length > 0) return problem(422, `Invalid parameters of '${type}': ${missing.join(", ")} missing`);
  }
  const stored: StoredRuleset = {
    id,
    node_id: `RRS_${id}`,
    name,
    target,
    source: fullName,
    source_type: "Repository",
    enforcement,
    conditions,
    bypass_actors,
    rules: rules.map(completed),
  };
  repository.rulesets.set(id, stored);
  return { status, body: stored };
}

/** What GitHub adds to what it is told. */
function completed(rule: StoredRuleset["rules"][number]): StoredRuleset["rules"][number] {
  if (rule.type !== "pull_request") return rule;
  return { ...rule, parameters: { allowed_merge_methods: ["merge", "squash", "rebase"], ...rule.parameters } };
}

/** What speaks against a change of a branch by whoever sent it. */
export function violation(
  repository: StoredRepository,
  branch: string,
  actor: Actor,
  change: "commit" | "deletion",
): string | undefined {
  const words = {
    commit: {
      pull_request: "Changes must be made through a pull request.",
      required_status_checks: "Required status checks are expected.",
    },
    deletion: { deletion: "Cannot delete this branch" },
  }[change] as Record<string, string>;
  for (const { enforcement, conditions, bypass_actors: bypass, rules } of repository.rulesets.values()) {
    const applies = enforcement === "active" && conditions.ref_name.include.includes(`refs/heads/${branch}`);
    const free = bypass.some(
      ({ actor_type, actor_id, bypass_mode }) =>
        actor_type === actor.type && actor_id === actor.id && bypass_mode === "always",
    );
    if (!applies || free) continue;
    const broken = rules.flatMap(({ type }) => words[type] ?? []);
    if (broken.length > 0) return `Repository rule violations found\n\n${broken.join("\n\n")}`;
  }
  return undefined;
}

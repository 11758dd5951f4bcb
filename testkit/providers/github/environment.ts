import { flag, list, number, object, set, text } from "../shared/shape";
import type { Properties } from "../shared/wire";
import { found, gone } from "./client";
import {
  type Context,
  escaped,
  type GithubResource,
  onReplace,
  onUpdate,
  partsOf,
  textOf,
  unescaped,
} from "./resource";

const MOST_REVIEWERS = 6;

interface Reviewers {
  users?: number[];
  teams?: number[];
}

/** A place for deployments, with what protects it. */
export const environment: GithubResource = {
  fields: {
    repository: onReplace(text),
    environment: onReplace(text),
    canAdminsBypass: onUpdate(flag, true),
    preventSelfReview: onUpdate(flag, false),
    waitTimer: onUpdate(number),
    reviewers: onUpdate(list(object({ users: set(number), teams: set(number) }))),
    deploymentBranchPolicy: onUpdate(
      object({ protectedBranches: flag, customBranchPolicies: flag }, ["protectedBranches", "customBranchPolicies"]),
    ),
  },
  required: ["repository", "environment"],
  computed: ["repositoryId"],
  rules: (inputs) => {
    const { users = [], teams = [] } = reviewersOf(inputs);
    const count = users.length + teams.length;
    if (count <= MOST_REVIEWERS) return [];
    return [{ path: "reviewers", reason: `must be at most ${MOST_REVIEWERS} users and teams together (got ${count})` }];
  },

  async create({ inputs }, context) {
    await write(inputs, context);
    const { owner, repo } = addressOf(inputs, context);
    const { data } = await context.client.request("GET /repos/{owner}/{repo}", { owner, repo });
    return { id: `${repo}:${escaped(textOf(inputs["environment"]))}`, outputs: { repositoryId: data.id } };
  },

  async read({ id, inputs }, context) {
    const [repository = "", name = ""] = partsOf(id, 2);
    const place = { repository, environment: unescaped(name) };
    const asked = addressOf(place, context);
    const data = await found(
      context.client.request("GET /repos/{owner}/{repo}/environments/{environment_name}", asked),
    );
    if (data === undefined) return undefined;
    const live: Properties = {
      ...place,
      canAdminsBypass: "can_admins_bypass" in data ? data.can_admins_bypass : true,
      waitTimer: undefined,
      // Without reviewers GitHub does not say.
      preventSelfReview: inputs["preventSelfReview"],
      reviewers: undefined,
      deploymentBranchPolicy: data.deployment_branch_policy && {
        protectedBranches: data.deployment_branch_policy.protected_branches,
        customBranchPolicies: data.deployment_branch_policy.custom_branch_policies,
      },
    };
    for (const rule of data.protection_rules ?? []) {
      if ("wait_timer" in rule) live["waitTimer"] = rule.wait_timer;
      if (!("reviewers" in rule)) continue;
      const ids = (type: string) =>
        (rule.reviewers ?? []).filter((each) => each.type === type).flatMap(({ reviewer }) => reviewer?.id ?? []);
      live["reviewers"] = [{ users: ids("User"), teams: ids("Team") }];
      live["preventSelfReview"] = rule.prevent_self_review;
    }
    return { live, outputs: {} };
  },

  async update({ inputs }, context) {
    await write(inputs, context);
    return {};
  },

  delete: ({ inputs }, context) =>
    gone(
      context.client.request(
        "DELETE /repos/{owner}/{repo}/environments/{environment_name}",
        addressOf(inputs, context),
      ),
    ),
};

async function write(inputs: Properties, context: Context): Promise<void> {
  const { users = [], teams = [] } = reviewersOf(inputs);
  const policy = inputs["deploymentBranchPolicy"] as Record<string, boolean> | undefined;
  const values = {
    wait_timer: typeof inputs["waitTimer"] === "number" ? inputs["waitTimer"] : 0,
    prevent_self_review: inputs["preventSelfReview"] === true,
    can_admins_bypass: inputs["canAdminsBypass"] !== false,
    reviewers: [
      ...teams.map((id) => ({ type: "Team" as const, id })),
      ...users.map((id) => ({ type: "User" as const, id })),
    ],
    deployment_branch_policy:
      policy === undefined
        ? null
        : {
            protected_branches: policy["protectedBranches"] === true,
            custom_branch_policies: policy["customBranchPolicies"] === true,
          },
  };
  await context.client.request("PUT /repos/{owner}/{repo}/environments/{environment_name}", {
    ...addressOf(inputs, context),
    ...values,
    reviewers: values.reviewers.length === 0 ? null : values.reviewers,
  });
}

function reviewersOf({ reviewers }: Properties): Reviewers {
  return (Array.isArray(reviewers) ? (reviewers[0] as Reviewers | undefined) : undefined) ?? {};
}

const addressOf = (inputs: Properties, { owner }: Context) => ({
  owner,
  repo: textOf(inputs["repository"]),
  environment_name: textOf(inputs["environment"]),
});

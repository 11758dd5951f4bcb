import { randomInt } from "node:crypto";
import { type Answer, type Call, problem, type Route } from "./route";
import type { StoredEnvironment, StoredPolicy } from "./state";
import { newVault, vaultRoutes } from "./vault";

const ALL = "/repos/{owner}/{repo}/environments";
const ONE = `${ALL}/{environment}`;
const POLICIES = `${ONE}/deployment-branch-policies`;
const MOST_REVIEWERS = 6;
const LONGEST_WAIT_MINUTES = 43_200;

/** Environments with their protection, policies, secrets and variables. `enterprise`: what the account pays for. */
export function environmentRoutes(enterprise: boolean): Route[] {
  return [
    {
      route: `GET ${ALL}`,
      handle: ({ repository: { environments } }) => ({
        status: 200,
        body: { total_count: environments.size, environments: [...environments.values()].map(shown) },
      }),
    },
    { route: `GET ${ONE}`, handle: withEnvironment((environment) => ({ status: 200, body: shown(environment) })) },
    { route: `PUT ${ONE}`, handle: (call) => put(call, enterprise) },
    {
      route: `DELETE ${ONE}`,
      handle: ({ repository, parameters }) =>
        repository.environments.delete(parameters["environment"] ?? "") ? { status: 204 } : problem(404, "Not Found"),
    },
    ...policyRoutes(),
    ...vaultRoutes(`${ONE}/secrets`, `${ONE}/variables`, ({ repository, parameters }) => {
      return repository.environments.get(parameters["environment"] ?? "")?.vault ?? problem(404, "Not Found");
    }),
  ];
}

const withEnvironment =
  (work: (environment: StoredEnvironment, call: Call) => Answer): Route["handle"] =>
  (call) => {
    const environment = call.repository.environments.get(call.parameters["environment"] ?? "");
    return environment === undefined ? problem(404, "Not Found") : work(environment, call);
  };

function put({ repository, parameters, body, hidden }: Call, enterprise: boolean): Answer {
  const name = parameters["environment"] ?? "";
  const old = repository.environments.get(name);
  const reviewers = (body["reviewers"] ?? []) as StoredEnvironment["reviewers"];
  const waitTimer = Number(body["wait_timer"] ?? 0);
  const branchPolicy = (body["deployment_branch_policy"] ?? null) as StoredEnvironment["branchPolicy"];
  if (reviewers.length > MOST_REVIEWERS) return problem(422, "Validation Failed: too many reviewers");
  if (waitTimer < 0 || waitTimer > LONGEST_WAIT_MINUTES) return problem(422, "Validation Failed: wait_timer");
  if (branchPolicy !== null && branchPolicy.protected_branches === branchPolicy.custom_branch_policies) {
    return problem(422, "protected_branches and custom_branch_policies cannot have the same value");
  }
  if (hidden && !enterprise && (reviewers.length > 0 || waitTimer > 0)) {
    const rule = reviewers.length > 0 ? "required reviewers" : "wait timer";
    return problem(
      422,
      `Failed to create the environment protection rule. Please ensure the billing plan supports the ${rule} protection rule.`,
    );
  }
  const environment: StoredEnvironment = {
    id: old?.id ?? randomInt(1e9),
    name,
    waitTimer,
    reviewers,
    branchPolicy,
    preventSelfReview: body["prevent_self_review"] === true,
    canAdminsBypass: body["can_admins_bypass"] !== false,
    // Without custom policies there are none.
    policies: branchPolicy?.custom_branch_policies === true && old ? old.policies : new Map(),
    vault: old?.vault ?? newVault(),
  };
  repository.environments.set(name, environment);
  return { status: 200, body: shown(environment) };
}

function shown(environment: StoredEnvironment) {
  const { id, name, waitTimer, reviewers, branchPolicy, preventSelfReview, canAdminsBypass } = environment;
  const rule = (type: string, more: object) => ({ id: id + 1, node_id: "R", type, ...more });
  return {
    id,
    node_id: `E_${id}`,
    name,
    can_admins_bypass: canAdminsBypass,
    deployment_branch_policy: branchPolicy,
    protection_rules: [
      ...(waitTimer > 0 ? [rule("wait_timer", { wait_timer: waitTimer })] : []),
      ...(reviewers.length > 0
        ? [
            rule("required_reviewers", {
              prevent_self_review: preventSelfReview,
              reviewers: reviewers.map(({ type, id }) => ({ type, reviewer: { id } })),
            }),
          ]
        : []),
      ...(branchPolicy === null ? [] : [rule("branch_policy", {})]),
    ],
  };
}

function policyRoutes(): Route[] {
  const withPolicy = (work: (policy: StoredPolicy, environment: StoredEnvironment, call: Call) => Answer) =>
    withEnvironment((environment, call) => {
      const policy = environment.policies.get(Number(call.parameters["policy"]));
      return policy === undefined ? problem(404, "Not Found") : work(policy, environment, call);
    });
  return [
    {
      route: `GET ${POLICIES}`,
      handle: withEnvironment(({ policies }) => ({
        status: 200,
        body: { total_count: policies.size, branch_policies: [...policies.values()] },
      })),
    },
    {
      route: `POST ${POLICIES}`,
      handle: withEnvironment(({ policies, branchPolicy }, { body }) => {
        if (branchPolicy?.custom_branch_policies !== true) return problem(404, "Not Found");
        const type = body["type"] === "tag" ? "tag" : "branch";
        const twin = [...policies.values()].find((each) => each.name === body["name"] && each.type === type);
        if (twin !== undefined) return { status: 303, headers: { location: String(twin.id) } };
        const id = randomInt(1e9);
        policies.set(id, { id, node_id: `P_${id}`, name: String(body["name"]), type });
        return { status: 200, body: policies.get(id) };
      }),
    },
    { route: `GET ${POLICIES}/{policy}`, handle: withPolicy((policy) => ({ status: 200, body: policy })) },
    {
      route: `PUT ${POLICIES}/{policy}`,
      handle: withPolicy((policy, { policies }, { body }) => {
        const changed = { ...policy, name: String(body["name"]) };
        policies.set(policy.id, changed);
        return { status: 200, body: changed };
      }),
    },
    {
      route: `DELETE ${POLICIES}/{policy}`,
      handle: withPolicy((policy, { policies }) => {
        policies.delete(policy.id);
        return { status: 204 };
      }),
    },
  ];
}

import { text } from "../shared/shape";
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

/** Branches or tags, by a glob, that may be deployed to an environment. */
export const deploymentPolicy: GithubResource = {
  fields: {
    repository: onReplace(text),
    environment: onReplace(text),
    branchPattern: onUpdate(text),
    tagPattern: onUpdate(text),
  },
  required: ["repository", "environment"],
  computed: ["policyId", "repositoryId"],
  rules: ({ branchPattern, tagPattern }) =>
    (branchPattern === undefined) === (tagPattern === undefined)
      ? [{ path: "branchPattern", reason: "must be given, or tagPattern in its place" }]
      : [],

  async create({ inputs }, context) {
    const place = addressOf(inputs, context);
    const { data } = await context.client.request(
      "POST /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies",
      { ...place, name: patternOf(inputs), type: inputs["branchPattern"] === undefined ? "tag" : "branch" },
    );
    const repository = await context.client.request("GET /repos/{owner}/{repo}", {
      owner: place.owner,
      repo: place.repo,
    });
    const id = `${place.repo}:${escaped(place.environment_name)}:${data.id}`;
    return { id, outputs: { policyId: data.id, repositoryId: repository.data.id } };
  },

  async read({ id }, context) {
    const { place, policy } = fromId(id);
    const data = await found(
      context.client.request(
        "GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies/{branch_policy_id}",
        { ...addressOf(place, context), branch_policy_id: policy },
      ),
    );
    if (data === undefined) return undefined;
    const pattern = data.type === "tag" ? { tagPattern: data.name } : { branchPattern: data.name };
    return { live: { ...place, ...pattern }, outputs: { policyId: policy } };
  },

  async update({ id, inputs }, context) {
    const { place, policy } = fromId(id);
    await context.client.request(
      "PUT /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies/{branch_policy_id}",
      { ...addressOf(place, context), branch_policy_id: policy, name: patternOf(inputs) },
    );
    return {};
  },

  async delete({ id }, context) {
    const { place, policy } = fromId(id);
    await gone(
      context.client.request(
        "DELETE /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies/{branch_policy_id}",
        { ...addressOf(place, context), branch_policy_id: policy },
      ),
    );
  },
};

function fromId(id: string) {
  const [repository = "", environment = "", policy = ""] = partsOf(id, 3);
  return { place: { repository, environment: unescaped(environment) }, policy: Number(policy) };
}

const patternOf = ({ branchPattern, tagPattern }: Properties) => textOf(branchPattern ?? tagPattern);

const addressOf = (inputs: Properties, { owner }: Context) => ({
  owner,
  repo: textOf(inputs["repository"]),
  environment_name: textOf(inputs["environment"]),
});

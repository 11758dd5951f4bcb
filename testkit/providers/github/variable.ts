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
import { nameProblems } from "./secret";

interface Variable {
  value: string;
  created_at: string;
  updated_at: string;
}

const placeOf = (inputs: Properties, { owner }: Context) => ({
  owner,
  repo: textOf(inputs["repository"]),
  name: textOf(inputs["variableName"]),
});
const inEnvironment = (inputs: Properties, context: Context) => ({
  ...placeOf(inputs, context),
  environment_name: textOf(inputs["environment"]),
});

/** Requests about one variable, of a repository or of one of its environments. */
interface VariableRequests {
  post(inputs: Properties, context: Context): Promise<unknown>;
  patch(inputs: Properties, context: Context): Promise<unknown>;
  get(inputs: Properties, context: Context): Promise<{ data: Variable }>;
  delete(inputs: Properties, context: Context): Promise<unknown>;
}

const writtenValue = (inputs: Properties) => ({ value: textOf(inputs["value"]) });

const ofRepository: VariableRequests = {
  post: (inputs, context) =>
    context.client.request("POST /repos/{owner}/{repo}/actions/variables", {
      ...placeOf(inputs, context),
      ...writtenValue(inputs),
    }),
  patch: (inputs, context) =>
    context.client.request("PATCH /repos/{owner}/{repo}/actions/variables/{name}", {
      ...placeOf(inputs, context),
      ...writtenValue(inputs),
    }),
  get: (inputs, context) =>
    context.client.request("GET /repos/{owner}/{repo}/actions/variables/{name}", placeOf(inputs, context)),
  delete: (inputs, context) =>
    context.client.request("DELETE /repos/{owner}/{repo}/actions/variables/{name}", placeOf(inputs, context)),
};

const ofEnvironment: VariableRequests = {
  post: (inputs, context) =>
    context.client.request("POST /repos/{owner}/{repo}/environments/{environment_name}/variables", {
      ...inEnvironment(inputs, context),
      ...writtenValue(inputs),
    }),
  patch: (inputs, context) =>
    context.client.request("PATCH /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}", {
      ...inEnvironment(inputs, context),
      ...writtenValue(inputs),
    }),
  get: (inputs, context) =>
    context.client.request(
      "GET /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}",
      inEnvironment(inputs, context),
    ),
  delete: (inputs, context) =>
    context.client.request(
      "DELETE /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}",
      inEnvironment(inputs, context),
    ),
};

function variableResource(requests: VariableRequests, ofOneEnvironment: boolean): GithubResource {
  const timesOf = ({ created_at, updated_at }: Variable) => ({ createdAt: created_at, updatedAt: updated_at });
  return {
    fields: {
      repository: onReplace(text),
      ...(ofOneEnvironment && { environment: onReplace(text) }),
      variableName: onReplace(text),
      value: onUpdate(text),
    },
    required: ["repository", "variableName", "value", ...(ofOneEnvironment ? ["environment"] : [])],
    computed: ["createdAt", "updatedAt", "repositoryId"],
    changing: ["updatedAt"],
    rules: (inputs) => nameProblems(inputs, "variableName"),

    async create({ inputs }, context) {
      await requests.post(inputs, context);
      const { owner, repo, name } = placeOf(inputs, context);
      const { data } = await context.client.request("GET /repos/{owner}/{repo}", { owner, repo });
      const times = timesOf((await requests.get(inputs, context)).data);
      const parts = ofOneEnvironment ? [escaped(textOf(inputs["environment"]))] : [];
      return { id: [repo, ...parts, name].join(":"), outputs: { ...times, repositoryId: data.id } };
    },
    async read({ id }, context) {
      const [repository = "", second = "", third = ""] = partsOf(id, ofOneEnvironment ? 3 : 2);
      const place = ofOneEnvironment
        ? { repository, environment: unescaped(second), variableName: third }
        : { repository, variableName: second };
      const data = await found(requests.get(place, context));
      return data === undefined ? undefined : { live: { ...place, value: data.value }, outputs: timesOf(data) };
    },
    async update({ inputs }, context) {
      await requests.patch(inputs, context);
      return timesOf((await requests.get(inputs, context)).data);
    },
    delete: ({ inputs }, context) => gone(requests.delete(inputs, context)),
  };
}

export const actionsVariable = variableResource(ofRepository, false);
export const environmentVariable = variableResource(ofEnvironment, true);

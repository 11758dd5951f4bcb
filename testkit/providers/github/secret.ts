import sodium from "libsodium-wrappers";
import { flag, type Problem, text } from "../shared/shape";
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

const VALUES = ["value", "valueEncrypted", "plaintextValue", "encryptedValue"];

interface Times {
  created_at: string;
  updated_at: string;
}

/** Requests about one secret, of a repository or of one of its environments. */
interface SecretRequests {
  key(inputs: Properties, context: Context): Promise<{ data: { key_id: string; key: string } }>;
  put(inputs: Properties, sealed: { key_id: string; encrypted_value: string }, context: Context): Promise<unknown>;
  get(inputs: Properties, context: Context): Promise<{ data: Times }>;
  delete(inputs: Properties, context: Context): Promise<unknown>;
}

const placeOf = (inputs: Properties, { owner }: Context) => ({
  owner,
  repo: textOf(inputs["repository"]),
  environment_name: textOf(inputs["environment"]),
  secret_name: textOf(inputs["secretName"]),
});

const ofRepository: SecretRequests = {
  key: (inputs, context) =>
    context.client.request("GET /repos/{owner}/{repo}/actions/secrets/public-key", without(placeOf(inputs, context))),
  put: (inputs, sealed, context) =>
    context.client.request("PUT /repos/{owner}/{repo}/actions/secrets/{secret_name}", {
      ...named(placeOf(inputs, context)),
      ...sealed,
    }),
  get: (inputs, context) =>
    context.client.request("GET /repos/{owner}/{repo}/actions/secrets/{secret_name}", named(placeOf(inputs, context))),
  delete: (inputs, context) =>
    context.client.request(
      "DELETE /repos/{owner}/{repo}/actions/secrets/{secret_name}",
      named(placeOf(inputs, context)),
    ),
};

const ofEnvironment: SecretRequests = {
  key: (inputs, context) => {
    const { secret_name: _, ...place } = placeOf(inputs, context);
    return context.client.request(
      "GET /repos/{owner}/{repo}/environments/{environment_name}/secrets/public-key",
      place,
    );
  },
  put: (inputs, sealed, context) =>
    context.client.request("PUT /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}", {
      ...placeOf(inputs, context),
      ...sealed,
    }),
  get: (inputs, context) =>
    context.client.request(
      "GET /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}",
      placeOf(inputs, context),
    ),
  delete: (inputs, context) =>
    context.client.request(
      "DELETE /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}",
      placeOf(inputs, context),
    ),
};

const without = ({ owner, repo }: ReturnType<typeof placeOf>) => ({ owner, repo });
const named = ({ environment_name: _, ...place }: ReturnType<typeof placeOf>) => place;

/** A secret. GitHub never shows its value again: that somebody else changed it is known by its time of change. */
function secretResource(requests: SecretRequests, ofOneEnvironment: boolean): GithubResource {
  async function write(inputs: Properties, context: Context): Promise<Properties> {
    const sealed = await sealedValue(inputs, requests, context);
    await requests.put(inputs, sealed, context);
    const { data } = await requests.get(inputs, context);
    const times = { createdAt: data.created_at, updatedAt: data.updated_at, remoteUpdatedAt: data.updated_at };
    return { ...times, keyId: sealed.key_id };
  }
  return {
    fields: {
      repository: onReplace(text),
      ...(ofOneEnvironment && { environment: onReplace(text) }),
      secretName: onReplace(text),
      ...Object.fromEntries(VALUES.map((name) => [name, onUpdate(text)])),
      keyId: { ...onUpdate(text), chosen: true },
      ...(!ofOneEnvironment && { destroyOnDrift: onUpdate(flag) }),
    },
    required: ["repository", "secretName", ...(ofOneEnvironment ? ["environment"] : [])],
    computed: ["createdAt", "updatedAt", "remoteUpdatedAt", "repositoryId", "keyId"],
    changing: ["updatedAt", "remoteUpdatedAt", "keyId"],
    deleteBeforeReplace: ofOneEnvironment,
    rules: (inputs) => [...nameProblems(inputs, "secretName"), ...valueProblems(inputs)],
    drift: ({ updatedAt, remoteUpdatedAt }) =>
      remoteUpdatedAt === undefined || updatedAt === remoteUpdatedAt ? [] : ["updatedAt"],

    async create({ inputs }, context) {
      const { owner, repo } = placeOf(inputs, context);
      const { data } = await context.client.request("GET /repos/{owner}/{repo}", { owner, repo });
      const outputs = { ...(await write(inputs, context)), repositoryId: data.id };
      const parts = ofOneEnvironment ? [escaped(textOf(inputs["environment"]))] : [];
      return { id: [repo, ...parts, textOf(inputs["secretName"])].join(":"), outputs };
    },
    async read({ id }, context) {
      const [repository = "", second = "", third = ""] = partsOf(id, ofOneEnvironment ? 3 : 2);
      const place = ofOneEnvironment
        ? { repository, environment: unescaped(second), secretName: third }
        : { repository, secretName: second };
      const data = await found(requests.get(place, context));
      if (data === undefined) return undefined;
      return { live: place, outputs: { remoteUpdatedAt: data.updated_at } };
    },
    update: ({ inputs }, context) => write(inputs, context),
    delete: ({ inputs }, context) => gone(requests.delete(inputs, context)),
  };
}

export const actionsSecret = secretResource(ofRepository, false);
export const environmentSecret = secretResource(ofEnvironment, true);

/** The value in a box that only GitHub opens. */
async function sealedValue(inputs: Properties, requests: SecretRequests, context: Context) {
  const sealed = textOf(inputs["valueEncrypted"]) || textOf(inputs["encryptedValue"]);
  const keyId = textOf(inputs["keyId"]);
  if (sealed !== "" && keyId !== "") return { key_id: keyId, encrypted_value: sealed };
  const { data } = await requests.key(inputs, context);
  if (sealed !== "") return { key_id: data.key_id, encrypted_value: sealed };
  await sodium.ready;
  const plain = textOf(inputs["value"]) || textOf(inputs["plaintextValue"]);
  const key = sodium.from_base64(data.key, sodium.base64_variants.ORIGINAL);
  const box = sodium.crypto_box_seal(sodium.from_string(plain), key);
  return { key_id: data.key_id, encrypted_value: sodium.to_base64(box, sodium.base64_variants.ORIGINAL) };
}

/** Rules of GitHub for the names of secrets and variables. */
export function nameProblems(inputs: Properties, property: string): Problem[] {
  const name = textOf(inputs[property]);
  if (/^[A-Za-z_]\w*$/.test(name) && !/^github_/i.test(name)) return [];
  const reason = "must be letters, digits and underscores, no digit first, and must not begin with GITHUB_";
  return [{ path: property, reason: `${reason} (got ${name})` }];
}

function valueProblems(inputs: Properties): Problem[] {
  const given = VALUES.filter((name) => inputs[name] !== undefined);
  return given.length === 1 ? [] : [{ path: "value", reason: `must be the one of ${VALUES.join(", ")} that is given` }];
}

import { flag, list, text } from "../shared/shape";
import type { Properties } from "../shared/wire";
import { found } from "./client";
import { type Context, type GithubResource, onReplace, onUpdate, textOf } from "./resource";

const ROUTE = "/repos/{owner}/{repo}/actions/oidc/customization/sub";

/** What the subject of a run's identity token is made of. Its end is GitHub's default. */
export const subjectTemplate: GithubResource = {
  fields: { repository: onReplace(text), useDefault: onUpdate(flag), includeClaimKeys: onUpdate(list(text)) },
  required: ["repository", "useDefault"],
  computed: [],
  rules: ({ useDefault, includeClaimKeys }) =>
    useDefault === true && includeClaimKeys !== undefined
      ? [{ path: "includeClaimKeys", reason: "must not be set beside useDefault" }]
      : [],

  async create({ inputs }, context) {
    await write(inputs, context);
    return { id: textOf(inputs["repository"]), outputs: {} };
  },

  async read({ id }, { client, owner }) {
    const data = await found(client.request(`GET ${ROUTE}`, { owner, repo: id }));
    if (data === undefined) return undefined;
    return {
      live: { repository: id, useDefault: data.use_default, includeClaimKeys: data.include_claim_keys },
      outputs: {},
    };
  },

  async update({ inputs }, context) {
    await write(inputs, context);
    return {};
  },

  delete: ({ inputs }, context) => write({ repository: inputs["repository"], useDefault: true }, context),
};

async function write(inputs: Properties, { client, owner }: Context): Promise<void> {
  const claims = inputs["includeClaimKeys"] as string[] | undefined;
  await client.request(`PUT ${ROUTE}`, {
    owner,
    repo: textOf(inputs["repository"]),
    use_default: inputs["useDefault"] === true,
    ...(claims !== undefined && { include_claim_keys: claims }),
  });
}

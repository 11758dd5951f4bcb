import { flag, object, set, text } from "../shared/shape";
import type { Properties } from "../shared/wire";
import { found } from "./client";
import { type Context, type GithubResource, onReplace, onUpdate, textOf } from "./resource";

interface Allowed {
  githubOwnedAllowed: boolean;
  verifiedAllowed?: boolean;
  patternsAlloweds?: string[];
}

/** What GitHub Actions may run in a repository. Its end is that everything may run. */
export const actionsPermissions: GithubResource = {
  fields: {
    repository: onReplace(text),
    enabled: onUpdate(flag, true),
    allowedActions: onUpdate(text),
    allowedActionsConfig: onUpdate(
      object({ githubOwnedAllowed: flag, verifiedAllowed: flag, patternsAlloweds: set(text) }, ["githubOwnedAllowed"]),
    ),
    shaPinningRequired: { ...onUpdate(flag), chosen: true },
  },
  required: ["repository"],
  computed: ["shaPinningRequired"],
  rules: ({ allowedActions: given }) =>
    given === undefined || ["all", "local_only", "selected"].includes(textOf(given))
      ? []
      : [{ path: "allowedActions", reason: `must be all, local_only or selected (got ${textOf(given)})` }],

  async create({ inputs }, context) {
    await write(inputs, context);
    return { id: textOf(inputs["repository"]), outputs: {} };
  },

  async read({ id, inputs }, { client, owner }) {
    const place = { owner, repo: id };
    const data = await found(client.request("GET /repos/{owner}/{repo}/actions/permissions", place));
    if (data === undefined) return undefined;
    const { enabled, allowed_actions: allowedActions } = data;
    const shaPinningRequired = "sha_pinning_required" in data ? data.sha_pinning_required : undefined;
    const live: Properties = { repository: id, enabled, allowedActions, shaPinningRequired };
    if (allowedActions === "selected" && enabled) {
      const selected = await client.request("GET /repos/{owner}/{repo}/actions/permissions/selected-actions", place);
      live["allowedActionsConfig"] = {
        githubOwnedAllowed: selected.data.github_owned_allowed ?? false,
        verifiedAllowed: selected.data.verified_allowed ?? false,
        patternsAlloweds: selected.data.patterns_allowed ?? [],
      };
    } else live["allowedActionsConfig"] = undefined;
    // Whoever does not choose what is allowed does not care.
    if (inputs["allowedActions"] === undefined && Object.keys(inputs).length > 0) {
      delete live["allowedActions"];
      delete live["allowedActionsConfig"];
    }
    return { live, outputs: { shaPinningRequired } };
  },

  async update({ inputs }, context) {
    await write(inputs, context);
    return {};
  },

  async delete({ inputs }, { client, owner }) {
    const place = { owner, repo: textOf(inputs["repository"]) };
    const open = { ...place, enabled: true, allowed_actions: "all" as const };
    await client.request("PUT /repos/{owner}/{repo}/actions/permissions", open);
  },
};

async function write(inputs: Properties, { client, owner }: Context): Promise<void> {
  const place = { owner, repo: textOf(inputs["repository"]) };
  const enabled = inputs["enabled"] !== false;
  const allowed = textOf(inputs["allowedActions"]) as "all" | "local_only" | "selected" | "";
  const pinning = inputs["shaPinningRequired"];
  await client.request("PUT /repos/{owner}/{repo}/actions/permissions", {
    ...place,
    enabled,
    ...(enabled && allowed !== "" && { allowed_actions: allowed }),
    ...(typeof pinning === "boolean" && { sha_pinning_required: pinning }),
  });
  const config = inputs["allowedActionsConfig"] as Allowed | undefined;
  if (allowed !== "selected" || config === undefined) return;
  await client.request("PUT /repos/{owner}/{repo}/actions/permissions/selected-actions", {
    ...place,
    github_owned_allowed: config.githubOwnedAllowed,
    verified_allowed: config.verifiedAllowed ?? false,
    patterns_allowed: config.patternsAlloweds ?? [],
  });
}

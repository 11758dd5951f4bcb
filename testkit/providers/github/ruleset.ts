import { list, number, object, text } from "../shared/shape";
import { isRecord, type Properties } from "../shared/wire";
import { found, gone } from "./client";
import { type Context, type GithubResource, onReplace, onUpdate, textOf } from "./resource";
import { completeRules, fromRules, type Rule, rulesShape, toRules } from "./rules";

interface BypassActor {
  actorId?: number;
  actorType: string;
  bypassMode: string;
}

interface Ruleset {
  id: number;
  node_id?: string;
  name: string;
  target?: string;
  enforcement: string;
  bypass_actors?: { actor_id?: number | null; actor_type: string; bypass_mode?: string }[];
  conditions?: { ref_name?: { include?: string[]; exclude?: string[] } };
  rules?: Rule[];
}

const ONE = "/repos/{owner}/{repo}/rulesets/{ruleset_id}";

/** Rules for what happens to branches or tags of a repository. */
export const ruleset: GithubResource = {
  fields: {
    repository: onReplace(text),
    name: onUpdate(text),
    target: onUpdate(text),
    enforcement: onUpdate(text),
    bypassActors: onUpdate(
      list(object({ actorId: number, actorType: text, bypassMode: text }, ["actorType", "bypassMode"])),
    ),
    conditions: onUpdate(
      object({ refName: object({ includes: list(text), excludes: list(text) }, ["includes", "excludes"]) }, [
        "refName",
      ]),
    ),
    rules: onUpdate(rulesShape),
  },
  required: ["repository", "target", "enforcement", "rules"],
  computed: ["nodeId", "rulesetId", "etag"],
  autonamed: true,
  complete: (key, value) => (key === "rules" && isRecord(value) ? completeRules(value) : value),
  rules: ({ target, enforcement }) => [
    ...oneOf("target", target, ["branch", "tag", "push"]),
    ...oneOf("enforcement", enforcement, ["active", "evaluate", "disabled"]),
  ],

  async create({ inputs }, { client, owner }) {
    const place = { owner, repo: textOf(inputs["repository"]) };
    const { data } = await client.request("POST /repos/{owner}/{repo}/rulesets", {
      ...place,
      ...(bodyOf(inputs) as { name: string; enforcement: "active" }),
    });
    return { id: String(data.id), outputs: outputsOf(data) };
  },

  async read({ id, inputs, outputs }, { client, owner }) {
    // An import says the repository in front of the number.
    const [first = "", second] = id.split(":");
    const repo = second === undefined ? textOf(inputs["repository"] ?? outputs["repository"]) : first;
    const asked = { owner, repo, ruleset_id: Number(second ?? first) };
    const data = (await found(client.request(`GET ${ONE}`, asked))) as Ruleset | undefined;
    if (data === undefined) return undefined;
    const { name, target, enforcement, bypass_actors: actors = [], conditions, rules = [] } = data;
    const bypassActors = actors.map(({ actor_id, actor_type: actorType, bypass_mode }) => ({
      ...(typeof actor_id === "number" && { actorId: actor_id }),
      actorType,
      bypassMode: bypass_mode ?? "always",
    }));
    const { include: includes = [], exclude: excludes = [] } = conditions?.ref_name ?? {};
    const asWritten = isRecord(inputs["rules"]) ? inputs["rules"] : {};
    const live = {
      repository: repo,
      name,
      target,
      enforcement,
      bypassActors,
      conditions: { refName: { includes, excludes } },
      rules: fromRules(rules, asWritten),
    };
    return { id: String(data.id), live, outputs: outputsOf(data) };
  },

  async update({ id, inputs }, context) {
    const { data } = await context.client.request(`PUT ${ONE}`, {
      ...addressOf(id, inputs, context),
      ...bodyOf(inputs),
    });
    return outputsOf(data);
  },

  delete: ({ id, inputs }, context) => gone(context.client.request(`DELETE ${ONE}`, addressOf(id, inputs, context))),
};

const addressOf = (id: string, inputs: Properties, { owner }: Context) => ({
  owner,
  repo: textOf(inputs["repository"]),
  ruleset_id: Number(id),
});

const outputsOf = ({ id, node_id }: { id: number; node_id?: string }) => ({ rulesetId: id, nodeId: node_id ?? "" });

function bodyOf(inputs: Properties): Properties {
  const actors = (inputs["bypassActors"] as BypassActor[] | undefined) ?? [];
  const conditions = inputs["conditions"] as { refName: { includes: string[]; excludes: string[] } } | undefined;
  return {
    name: inputs["name"],
    target: inputs["target"],
    enforcement: inputs["enforcement"],
    bypass_actors: actors.map(({ actorId, actorType, bypassMode }) => ({
      actor_id: actorId ?? null,
      actor_type: actorType,
      bypass_mode: bypassMode,
    })),
    ...(conditions !== undefined && {
      conditions: { ref_name: { include: conditions.refName.includes, exclude: conditions.refName.excludes } },
    }),
    rules: toRules(inputs["rules"] as Properties),
  };
}

function oneOf(path: string, value: unknown, allowed: string[]) {
  if (allowed.includes(textOf(value))) return [];
  return [{ path, reason: `must be one of ${allowed.join(", ")} (got ${textOf(value)})` }];
}

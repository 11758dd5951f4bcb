import { flag, object, set, text } from "../shared/shape";
import { isRecord, type Properties, secret } from "../shared/wire";
import { found, gone } from "./client";
import { type GithubResource, onReplace, onUpdate, textOf } from "./resource";

/** An address that GitHub tells what happens in a repository. */
export const webhook: GithubResource = {
  fields: {
    repository: onReplace(text),
    events: onUpdate(set(text)),
    configuration: onUpdate(object({ url: text, contentType: text, insecureSsl: flag, secret: text }, ["url"])),
    active: onUpdate(flag, true),
    etag: { ...onUpdate(text), chosen: true },
  },
  required: ["repository", "events"],
  computed: ["url"],

  async create({ inputs }, { client, owner }) {
    const place = { owner, repo: textOf(inputs["repository"]) };
    const { data } = await client.request("POST /repos/{owner}/{repo}/hooks", {
      ...place,
      name: "web",
      ...bodyOf(inputs),
    });
    return { id: String(data.id), outputs: { url: data.url, configuration: sealed(inputs["configuration"]) } };
  },

  async read({ id, inputs, outputs }, { client, owner }) {
    // An import says the repository in front of the number.
    const [first = "", second] = id.split("/");
    const repo = second === undefined ? textOf(inputs["repository"] ?? outputs["repository"]) : first;
    const hook_id = Number(second ?? first);
    const data = await found(client.request("GET /repos/{owner}/{repo}/hooks/{hook_id}", { owner, repo, hook_id }));
    if (data === undefined) return undefined;
    const known = isRecord(inputs["configuration"]) ? inputs["configuration"] : {};
    const { url, content_type: contentType, insecure_ssl: insecure, secret: stars } = data.config;
    const configuration = {
      url,
      contentType,
      insecureSsl: String(insecure) === "1",
      // GitHub shows stars in its place.
      ...(stars !== undefined && { secret: known["secret"] }),
    };
    const live = { repository: repo, events: data.events, active: data.active, configuration };
    return { id: String(hook_id), live, outputs: { url: data.url } };
  },

  async update({ id, inputs }, { client, owner }) {
    const place = { owner, repo: textOf(inputs["repository"]), hook_id: Number(id) };
    const { data } = await client.request("PATCH /repos/{owner}/{repo}/hooks/{hook_id}", {
      ...place,
      ...bodyOf(inputs),
    });
    return { url: data.url, configuration: sealed(inputs["configuration"]) };
  },

  async delete({ id, inputs }, { client, owner }) {
    const place = { owner, repo: textOf(inputs["repository"]), hook_id: Number(id) };
    await gone(client.request("DELETE /repos/{owner}/{repo}/hooks/{hook_id}", place));
  },
};

function bodyOf(inputs: Properties) {
  const configuration = inputs["configuration"] as Properties | undefined;
  const { url, contentType, insecureSsl, secret: key } = configuration ?? {};
  return {
    active: inputs["active"] !== false,
    events: inputs["events"] as string[],
    config: {
      url: textOf(url),
      content_type: textOf(contentType) || "form",
      insecure_ssl: insecureSsl === true ? "1" : "0",
      ...(key !== undefined && { secret: textOf(key) }),
    },
  };
}

/** The key to deliveries is a secret in the state, also where the program did not say so. */
function sealed(configuration: unknown): unknown {
  if (!isRecord(configuration) || configuration["secret"] === undefined) return configuration;
  return { ...configuration, secret: secret(configuration["secret"]) };
}

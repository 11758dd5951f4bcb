import { text } from "../shared/shape";
import { found, gone } from "./client";
import { type GithubResource, onReplace, onUpdate, partsOf, textOf } from "./resource";

/** A label for issues and pull requests. */
export const issueLabel: GithubResource = {
  fields: {
    repository: onReplace(text),
    name: onUpdate(text),
    color: onUpdate(text),
    description: onUpdate(text),
    etag: { ...onUpdate(text), chosen: true },
  },
  required: ["repository", "color"],
  computed: ["url"],
  autonamed: true,

  async create({ inputs }, { client, owner }) {
    const repo = textOf(inputs["repository"]);
    const { data } = await client.request("POST /repos/{owner}/{repo}/labels", {
      owner,
      repo,
      name: textOf(inputs["name"]),
      color: textOf(inputs["color"]),
      description: textOf(inputs["description"]),
    });
    return { id: `${repo}:${data.name}`, outputs: { url: data.url } };
  },

  async read({ id, inputs }, { client, owner }) {
    // A label that was renamed keeps its first id.
    const [repo = "", first = ""] = partsOf(id, 2);
    const name = textOf(inputs["name"]) || first;
    const data = await found(client.request("GET /repos/{owner}/{repo}/labels/{name}", { owner, repo, name }));
    if (data === undefined) return undefined;
    const live = { repository: repo, name: data.name, color: data.color, description: data.description ?? "" };
    return { live, outputs: { url: data.url } };
  },

  async update({ inputs, oldInputs }, { client, owner }) {
    const [repo, name] = [textOf(inputs["repository"]), textOf(oldInputs["name"])];
    const { data } = await client.request("PATCH /repos/{owner}/{repo}/labels/{name}", {
      owner,
      repo,
      name,
      new_name: textOf(inputs["name"]),
      color: textOf(inputs["color"]),
      description: textOf(inputs["description"]),
    });
    return { url: data.url };
  },

  async delete({ inputs }, { client, owner }) {
    const [repo, name] = [textOf(inputs["repository"]), textOf(inputs["name"])];
    await gone(client.request("DELETE /repos/{owner}/{repo}/labels/{name}", { owner, repo, name }));
  },
};

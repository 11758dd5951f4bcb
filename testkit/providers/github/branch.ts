import { text } from "../shared/shape";
import { found, statusOf } from "./client";
import { type GithubResource, onReplace, partsOf, textOf } from "./resource";

/** A branch that begins where another one is. A branch that exists is taken over. */
export const branch: GithubResource = {
  fields: {
    repository: onReplace(text),
    branch: onReplace(text),
    sourceBranch: { ...onReplace(text), default: "main" },
    sourceSha: { ...onReplace(text), chosen: true },
    etag: { ...onReplace(text), chosen: true },
  },
  required: ["repository", "branch"],
  computed: ["ref", "sha", "sourceSha"],

  async create({ inputs }, { client, owner }) {
    const [repo, name] = [textOf(inputs["repository"]), textOf(inputs["branch"])];
    const source = textOf(inputs["sourceBranch"]) || "main";
    const sourceSha =
      textOf(inputs["sourceSha"]) ||
      (await client.request("GET /repos/{owner}/{repo}/git/ref/{ref}", { owner, repo, ref: `heads/${source}` })).data
        .object.sha;
    const ref = `refs/heads/${name}`;
    try {
      await client.request("POST /repos/{owner}/{repo}/git/refs", { owner, repo, ref, sha: sourceSha });
    } catch (error) {
      if (statusOf(error) !== 422 || !/already exists/i.test(String(error))) throw error;
    }
    return { id: `${repo}:${name}`, outputs: { ref, sha: sourceSha, sourceSha } };
  },

  async read({ id }, { client, owner }) {
    const [repo = "", name = ""] = partsOf(id, 2);
    const ref = `heads/${name}`;
    const data = await found(client.request("GET /repos/{owner}/{repo}/git/ref/{ref}", { owner, repo, ref }));
    if (data === undefined) return undefined;
    return { live: { repository: repo, branch: name }, outputs: { ref: data.ref, sha: data.object.sha } };
  },

  async update({ oldOutputs }) {
    return oldOutputs;
  },

  async delete({ id }, { client, owner }) {
    const [repo = "", name = ""] = partsOf(id, 2);
    try {
      await client.request("DELETE /repos/{owner}/{repo}/git/refs/{ref}", { owner, repo, ref: `heads/${name}` });
    } catch (error) {
      // GitHub's answer for a branch that went with its pull request.
      if (statusOf(error) !== 404 && !(statusOf(error) === 422 && /does not exist/i.test(String(error)))) throw error;
    }
  },
};

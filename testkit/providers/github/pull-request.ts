import { flag, text } from "../shared/shape";
import type { Properties } from "../shared/wire";
import { found } from "./client";
import { type Context, type GithubResource, onReplace, onUpdate, partsOf, textOf } from "./resource";

/** A pull request. Its end is that it is closed: merging is for people. */
export const pullRequest: GithubResource = {
  fields: {
    owner: onReplace(text),
    baseRepository: onReplace(text),
    headRef: onReplace(text),
    baseRef: onUpdate(text),
    title: onUpdate(text),
    body: onUpdate(text),
    maintainerCanModify: onUpdate(flag, false),
  },
  required: ["baseRepository", "baseRef", "headRef", "title"],
  computed: ["baseSha", "draft", "headSha", "labels", "number", "openedAt", "openedBy", "state", "updatedAt"],
  changing: ["baseSha", "headSha", "updatedAt"],

  async create({ inputs }, { client, owner }) {
    const base = textOf(inputs["owner"]) || owner;
    const { data } = await client.request("POST /repos/{owner}/{repo}/pulls", {
      owner: base,
      repo: textOf(inputs["baseRepository"]),
      head: base === owner ? textOf(inputs["headRef"]) : `${owner}:${textOf(inputs["headRef"])}`,
      base: textOf(inputs["baseRef"]),
      ...textsOf(inputs),
    });
    return { id: `${base}:${textOf(inputs["baseRepository"])}:${data.number}`, outputs: outputsOf(data) };
  },

  async read({ id }, { client }) {
    const asked = addressOf(id);
    const data = await found(client.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", asked));
    if (data === undefined) return undefined;
    const live = { baseRepository: asked.repo, baseRef: data.base.ref, headRef: data.head.ref, title: data.title };
    const { body, maintainer_can_modify: maintainerCanModify } = data;
    return { live: { ...live, body: body ?? "", maintainerCanModify }, outputs: outputsOf(data) };
  },

  async update({ id, inputs }, context) {
    return outputsOf(await change(id, { ...textsOf(inputs), base: textOf(inputs["baseRef"]) }, context));
  },

  async delete({ id }, context) {
    const data = await found(context.client.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", addressOf(id)));
    if (data?.state === "open") await change(id, { state: "closed" }, context);
  },
};

async function change(id: string, values: Record<string, string | boolean>, { client }: Context) {
  const { data } = await client.request("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
    ...addressOf(id),
    ...values,
  });
  return data;
}

function addressOf(id: string) {
  const [owner = "", repo = "", number = ""] = partsOf(id, 3);
  return { owner, repo, pull_number: Number(number) };
}

function textsOf({ title, body, maintainerCanModify }: Properties) {
  return { title: textOf(title), body: textOf(body), maintainer_can_modify: maintainerCanModify === true };
}

interface PullRequest {
  number: number;
  state: string;
  draft?: boolean;
  created_at: string;
  updated_at: string;
  user: { login: string } | null;
  labels: { name?: string }[];
  base: { sha: string };
  head: { sha: string };
}

function outputsOf(data: PullRequest): Properties {
  const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);
  return {
    number: data.number,
    state: data.state,
    draft: data.draft ?? false,
    openedAt: seconds(data.created_at),
    openedBy: data.user?.login ?? "",
    updatedAt: seconds(data.updated_at),
    labels: data.labels.map(({ name }) => name ?? ""),
    baseSha: data.base.sha,
    headSha: data.head.sha,
  };
}

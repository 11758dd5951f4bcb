import type { Properties } from "../shared/wire";
import { found } from "./client";
import { type Context, textOf } from "./resource";

type Function = (args: Properties, context: Context) => Promise<Properties>;

const functions: Record<string, Function> = {
  "github:index/getUser:getUser": async ({ username }, { client }) => {
    const { data } = await client.request("GET /users/{username}", { username: textOf(username) });
    return { username, id: String(data.id), login: data.login, name: data.name ?? "", nodeId: data.node_id };
  },
  "github:index/getTeam:getTeam": async ({ slug, summaryOnly }, { client, owner }) => {
    const { data } = await client.request("GET /orgs/{org}/teams/{team_slug}", { org: owner, team_slug: textOf(slug) });
    const { id, name, node_id: nodeId, description, privacy, permission } = data;
    return { slug, summaryOnly, id: String(id), name, nodeId, description: description ?? "", privacy, permission };
  },
  "github:index/getRepository:getRepository": async ({ fullName, name }, { client, owner }) => {
    const [holder, repo] = textOf(fullName).includes("/") ? textOf(fullName).split("/") : [owner, textOf(name)];
    const { data } = await client.request("GET /repos/{owner}/{repo}", { owner: holder ?? "", repo: repo ?? "" });
    const { full_name, node_id: nodeId, default_branch: defaultBranch, visibility, private: hidden, archived } = data;
    const main = { id: data.name, name: data.name, fullName: full_name, repoId: data.id, nodeId, defaultBranch };
    return { ...main, visibility: visibility ?? "", private: hidden, archived };
  },
  /** A file that is not there has no content; the official plugin answers the same. */
  "github:index/getRepositoryFile:getRepositoryFile": async ({ repository, file, branch }, { client, owner }) => {
    const [holder, repo] = textOf(repository).includes("/")
      ? textOf(repository).split("/")
      : [owner, textOf(repository)];
    const place = { owner: holder ?? "", repo: repo ?? "" };
    const path = textOf(file);
    const ref = branch === undefined ? {} : { ref: textOf(branch) };
    const data = await found(client.request("GET /repos/{owner}/{repo}/contents/{path}", { ...place, path, ...ref }));
    if (data === undefined || Array.isArray(data) || !("content" in data)) return { repository, file, branch };
    const content = Buffer.from(textOf(data.content), "base64").toString("utf8");
    return { repository, file, branch, id: `${repo}/${path}`, content, sha: data.sha };
  },
};

/** Answers a function of the package. */
export function callFunction(token: string, args: Properties, context: Context): Promise<Properties> {
  const answer = functions[token];
  if (answer !== undefined) return answer(args, context);
  throw new Error(`the testkit's github provider does not serve ${token}. Install the official github plugin`);
}

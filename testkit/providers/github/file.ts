import { setTimeout as sleep } from "node:timers/promises";
import { flag, text } from "../shared/shape";
import type { Properties } from "../shared/wire";
import { found, gone, statusOf } from "./client";
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

const MOST_TRIES = 5;
const PAUSE_MS = 500;

/** A file on a branch. Every change of it is a commit. */
export const repositoryFile: GithubResource = {
  fields: {
    repository: onReplace(text),
    file: onReplace(text),
    content: onUpdate(text),
    branch: { ...onReplace(text), chosen: true },
    commitMessage: { ...onUpdate(text), chosen: true },
    commitAuthor: onUpdate(text),
    commitEmail: onUpdate(text),
    overwriteOnCreate: onUpdate(flag, false),
  },
  required: ["repository", "file", "content"],
  computed: ["commitSha", "ref", "repositoryId", "sha", "branch", "commitMessage"],
  changing: ["commitSha", "sha"],
  rules: ({ commitAuthor, commitEmail }) =>
    (commitAuthor === undefined) === (commitEmail === undefined)
      ? []
      : [{ path: "commitAuthor", reason: "needs commitEmail beside it, and the other way round" }],

  async create({ inputs }, context) {
    const { data: repository } = await context.client.request("GET /repos/{owner}/{repo}", placeOf(inputs, context));
    const branch = textOf(inputs["branch"]) || repository.default_branch;
    const file = textOf(inputs["file"]);
    const there = await fileAt(inputs, branch, context);
    if (there !== undefined && inputs["overwriteOnCreate"] !== true) {
      throw new Error(`${file} exists on ${branch} already. Set overwriteOnCreate to true, or import it`);
    }
    const commitMessage = textOf(inputs["commitMessage"]) || `Add ${file}`;
    const written = await write(inputs, branch, commitMessage, there?.sha, context);
    const outputs = { ...written, branch, commitMessage, ref: branch, repositoryId: repository.id };
    return { id: `${repository.name}:${escaped(file)}:${branch}`, outputs };
  },

  async read(call, context) {
    const [repository = "", path = "", given = ""] = partsOf(call.id, 3);
    const place = { repository, file: unescaped(path) };
    const branch = given || (await defaultBranch(place, context));
    const there = await fileAt(place, branch, context);
    if (there === undefined) return undefined;
    const outputs = { ...place, branch, sha: there.sha, content: there.content, ref: branch };
    const live = { ...place, branch, content: there.content };
    // An import with no inputs has to take the file as it is.
    return { id: `${repository}:${path}:${branch}`, live, outputs };
  },

  async update({ inputs, oldOutputs }, context) {
    const [file, branch] = [textOf(inputs["file"]), textOf(oldOutputs["branch"])];
    const commitMessage = textOf(inputs["commitMessage"]) || `Update ${file}`;
    // As it was seen last: what somebody else wrote since is not overwritten.
    const written = await write(inputs, branch, commitMessage, textOf(oldOutputs["sha"]), context);
    return { ...written, branch, commitMessage };
  },

  async delete({ inputs, outputs }, context) {
    const [file, branch] = [textOf(inputs["file"]), textOf(outputs["branch"])];
    const message = textOf(inputs["commitMessage"]) || `Delete ${file}`;
    const change = { ...placeOf(inputs, context), path: file, message, branch, sha: textOf(outputs["sha"]) };
    await onBranch(file, () =>
      gone(
        context.client.request("DELETE /repos/{owner}/{repo}/contents/{path}", { ...change, ...identityOf(inputs) }),
      ),
    );
  },
};

async function write(inputs: Properties, branch: string, message: string, sha: string | undefined, context: Context) {
  const path = textOf(inputs["file"]);
  const { data } = await onBranch(path, () =>
    context.client.request("PUT /repos/{owner}/{repo}/contents/{path}", {
      ...placeOf(inputs, context),
      path,
      message,
      branch,
      content: Buffer.from(textOf(inputs["content"])).toString("base64"),
      ...(sha !== undefined && sha !== "" && { sha }),
      ...identityOf(inputs),
    }),
  );
  return { sha: data.content?.sha, commitSha: data.commit.sha };
}

/** Commits again when somebody else's commit came in between; not when somebody else changed this very file. */
async function onBranch<T>(path: string, commit: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await commit();
    } catch (error) {
      const message = error instanceof Error ? error.message : "";
      if (statusOf(error) !== 409 || /rule violations/i.test(message)) throw error;
      if (/does not match/.test(message)) {
        throw new Error(`${path} was changed since it was last looked at. Run "pulumi up --refresh" to look again`);
      }
      if (tries >= MOST_TRIES) throw error;
      await sleep(PAUSE_MS * tries);
    }
  }
}

async function fileAt(inputs: Properties, ref: string, context: Context) {
  const asked = { ...placeOf(inputs, context), path: textOf(inputs["file"]), ref };
  const data = await found(context.client.request("GET /repos/{owner}/{repo}/contents/{path}", asked));
  if (data === undefined || Array.isArray(data) || !("content" in data)) return undefined;
  return { sha: data.sha, content: Buffer.from(textOf(data.content), "base64").toString("utf8") };
}

async function defaultBranch(inputs: Properties, context: Context): Promise<string> {
  return (await context.client.request("GET /repos/{owner}/{repo}", placeOf(inputs, context))).data.default_branch;
}

const placeOf = (inputs: Properties, { owner }: Context) => ({ owner, repo: textOf(inputs["repository"]) });

function identityOf({ commitAuthor, commitEmail }: Properties) {
  if (commitAuthor === undefined) return {};
  const identity = { name: textOf(commitAuthor), email: textOf(commitEmail) };
  return { author: identity, committer: identity };
}

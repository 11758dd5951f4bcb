import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What is answered instead of GitHub. */
export interface Fault {
  readonly path: RegExp;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** How often; always when left out. */
  times?: number;
}

/** An emulated GitHub on the loopback, with a door before it that can answer badly. */
export interface GitHubServer {
  readonly url: string;
  readonly token: string;
  readonly faults: Fault[];
  /** Paths that were asked for, and the authorization of each. */
  readonly asked: { readonly path: string; readonly authorization: string | undefined }[];
  repository(name: string): Promise<FakeRepository>;
  close(): Promise<void>;
}

export interface FakeRepository {
  /** First commit of the default branch. */
  readonly root: string;
  /** Makes a commit that no branch and no tag has, as in a fork. */
  commit(files: Readonly<Record<string, string>>, date: string, parent?: string): Promise<string>;
  /** Moves the default branch. */
  push(commit: string): Promise<void>;
  tag(name: string, commit: string): Promise<void>;
  /** A tag with an object of its own; `times` such objects, each naming the one before it. */
  annotatedTag(name: string, commit: string, times?: number): Promise<void>;
  moveTag(name: string, commit: string): Promise<void>;
  /** A release that is published now. */
  release(tag: string): Promise<void>;
}

const OWNER = "acme";
const token = "ghp_hush0123456789abcdefghijklmnopqrstuv";

export async function startGitHub(repositories: readonly string[]): Promise<GitHubServer> {
  const { createEmulator } = await import("emulate");
  const emulator = await createEmulator({
    service: "github",
    port: 0,
    seed: {
      tokens: { [token]: { login: OWNER, scopes: ["repo"] } },
      github: {
        users: [{ login: OWNER }],
        repos: repositories.map((name) => ({ owner: OWNER, name, auto_init: true })),
      },
    },
  });
  const faults: Fault[] = [];
  const asked: { path: string; authorization: string | undefined }[] = [];
  const door = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push({ path, authorization: request.headers.authorization });
    const fault = faults.find((each) => each.path.test(path) && each.times !== 0);
    if (fault === undefined) return void forward(emulator.url, request, response);
    if (fault.times !== undefined) fault.times--;
    response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers }).end(fault.body);
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  const send = sender(emulator.url);
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    token,
    faults,
    asked,
    repository: (name) => repositoryOf(send, `/repos/${OWNER}/${name}`),
    close: async () => {
      door.closeAllConnections();
      await new Promise((resolve) => door.close(resolve));
      await emulator.close();
    },
  };
}

async function forward(url: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { authorization } = request.headers;
  const answer = await fetch(`${url}${request.url}`, { headers: { ...(authorization && { authorization }) } });
  const type = answer.headers.get("content-type") ?? "text/plain";
  response.writeHead(answer.status, { "content-type": type }).end(await answer.text());
}

interface Answer {
  sha: string;
  object: { sha: string };
}
type Send = (method: string, path: string, body?: unknown) => Promise<Answer>;

const sender =
  (url: string): Send =>
  async (method, path, body) => {
    const answer = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as Answer;
  };

async function repositoryOf(send: Send, path: string): Promise<FakeRepository> {
  const root = (await send("GET", `${path}/git/ref/heads/main`)).object.sha;
  const tag = async (name: string, sha: string) => {
    await send("POST", `${path}/git/refs`, { ref: `refs/tags/${name}`, sha });
  };
  return {
    root,
    commit: async (files, date, parent = root) => {
      const tree = Object.entries(files).map(([path, content]) => ({ path, mode: "100644", type: "blob", content }));
      const person = { name: "Acme", email: "acme@example.com", date };
      const { sha } = await send("POST", `${path}/git/trees`, { tree });
      const commit = { message: date, tree: sha, parents: [parent], author: person, committer: person };
      return (await send("POST", `${path}/git/commits`, commit)).sha;
    },
    push: async (sha) => {
      await send("PATCH", `${path}/git/refs/heads/main`, { sha, force: true });
    },
    tag,
    annotatedTag: async (name, commit, times = 1) => {
      let named = { object: commit, type: "commit" };
      for (let each = 0; each < times; each++) {
        const { sha } = await send("POST", `${path}/git/tags`, { tag: name, message: `${name} ${each}`, ...named });
        named = { object: sha, type: "tag" };
      }
      await tag(name, named.object);
    },
    moveTag: async (name, sha) => {
      await send("PATCH", `${path}/git/refs/tags/${name}`, { sha, force: true });
    },
    release: async (name) => {
      await send("POST", `${path}/releases`, { tag_name: name, name });
    },
  };
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import sodium from "libsodium-wrappers";
import { freePorts } from "../../../testkit";
import { actionsRoutes } from "./actions";
import { environmentRoutes } from "./environments";
import { type Answer, match, problem, type Route } from "./route";
import { type Actor, rulesetRoutes, violation } from "./rulesets";
import type { StoredRepository } from "./state";
import { newVault, opened } from "./vault";

export interface EmulatorOptions {
  /** Owner and name. Defaults to one repository, "acme/shop". */
  repositories?: string[];
  /** Whether the repositories are private. Defaults to false. */
  private?: boolean;
  /** Whether the account has what only enterprises pay for. Defaults to true. */
  enterprise?: boolean;
  /** Who the token belongs to, for rulesets. Defaults to a GitHub App with the id 4711. */
  actor?: Actor;
}

/** An answer in place of the real one. */
export interface Fault {
  method: string;
  path: RegExp;
  /** How often. Defaults to once. */
  times?: number;
  /** How many such requests pass before. Defaults to none. */
  after?: number;
  answer: Answer;
}

/** One request as it came in. */
export interface SeenRequest {
  method: string;
  path: string;
  status: number;
}

interface Shown {
  id: number;
  config?: Record<string, unknown>;
  [key: string]: unknown;
}

const TOKEN = "ghp_emulated";

/**
 * GitHub's REST API: `emulate` for repositories, files, branches, pull requests, hooks, labels, users and teams; what
 * it lacks beside it. An Enterprise Server's prefix is understood.
 */
export class GithubEmulator implements AsyncDisposable {
  readonly token = TOKEN;
  readonly requests: SeenRequest[] = [];
  private readonly faults: Required<Fault>[] = [];
  private readonly sealedHooks = new Set<number>();
  private readonly stored = new Map<string, StoredRepository>();
  private readonly routes: Route[];

  private constructor(
    private readonly base: { close(): Promise<void> },
    private readonly baseAddress: string,
    private readonly server: Server,
    /** Address for the provider's baseUrl. */
    readonly url: string,
    private readonly actor: Actor,
    enterprise: boolean,
  ) {
    this.routes = [...actionsRoutes, ...environmentRoutes(enterprise), ...rulesetRoutes];
  }

  static async start(options: EmulatorOptions = {}): Promise<GithubEmulator> {
    await sodium.ready;
    const { createEmulator } = await import("emulate");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const repositories = options.repositories ?? ["acme/shop"];
    const owners = [...new Set(repositories.map((each) => each.split("/")[0] ?? ""))];
    const [port = 0] = await freePorts(1);
    const base = await createEmulator({
      service: "github",
      port,
      // Addresses in its answers are those of this server.
      baseUrl: url,
      seed: {
        tokens: { [TOKEN]: { login: "admin", scopes: ["repo", "workflow", "admin:org"] } },
        github: {
          users: [{ login: "octocat" }, { login: "hubot" }],
          orgs: owners.map((login) => ({ login, members: [{ login: "admin", role: "admin" }] })),
          repos: repositories.map((each) => {
            const [owner, name] = each.split("/");
            return { owner, name, auto_init: true, private: options.private ?? false };
          }),
        },
      },
    });
    const actor = options.actor ?? { type: "Integration", id: 4711 };
    const emulator = new GithubEmulator(
      base,
      `http://127.0.0.1:${port}`,
      server,
      url,
      actor,
      options.enterprise ?? true,
    );
    server.on("request", (request, response) => void emulator.serve(request, response));
    for (const owner of owners) await emulator.send("POST", `/orgs/${owner}/teams`, { name: "operators" });
    return emulator;
  }

  /** Scripts an answer. */
  fault(fault: Fault): void {
    this.faults.push({ times: 1, after: 0, ...fault });
  }

  /** What is beside the base emulator for a repository. */
  repository(fullName: string): StoredRepository {
    const found = this.stored.get(fullName) ?? {
      vault: newVault(),
      environments: new Map(),
      rulesets: new Map(),
      permissions: { enabled: true, allowed_actions: "all", sha_pinning_required: false },
      selected: { github_owned_allowed: false, verified_allowed: false, patterns_allowed: [] },
      subject: { use_default: true },
    };
    this.stored.set(fullName, found);
    return found;
  }

  /** A secret as a run would get it. */
  secret(fullName: string, name: string, environment?: string): string | undefined {
    const { vault, environments } = this.repository(fullName);
    const holder = environment === undefined ? vault : environments.get(environment)?.vault;
    return holder && opened(holder, name);
  }

  /** Paths and contents on a branch. */
  async files(fullName: string, branch = "main"): Promise<Record<string, string>> {
    const tree = await this.send("GET", `/repos/${fullName}/git/trees/${encodeURIComponent(branch)}?recursive=1`);
    const { tree: entries } = tree as { tree: { path: string; type: string }[] };
    const blobs = entries.filter(({ type }) => type === "blob");
    const contents = await Promise.all(blobs.map(({ path }) => this.fileAt(fullName, path, branch)));
    return Object.fromEntries(contents.map(({ path, content }) => [path, content]));
  }

  /** Messages of the commits on a branch, the newest first. */
  async messages(fullName: string, branch = "main"): Promise<string[]> {
    const commits = await this.send("GET", `/repos/${fullName}/commits?sha=${encodeURIComponent(branch)}&per_page=100`);
    return (commits as { commit: { message: string } }[]).map(({ commit }) => commit.message);
  }

  /** A commit of somebody else, past every rule. */
  async commit(fullName: string, path: string, content: string, branch = "main"): Promise<void> {
    const { sha } = await this.fileAt(fullName, path, branch).catch(() => ({ sha: undefined }));
    await this.send("PUT", `/repos/${fullName}/contents/${path}`, {
      message: `Bump ${path}`,
      branch,
      content: Buffer.from(content).toString("base64"),
      ...(sha !== undefined && { sha }),
    });
  }

  /** Asks the base emulator itself. */
  async send(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.baseAddress}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.base.close();
  }

  private async fileAt(fullName: string, path: string, branch: string) {
    const address = `/repos/${fullName}/contents/${path}?ref=${encodeURIComponent(branch)}`;
    const file = (await this.send("GET", address)) as { sha: string; content: string };
    return { path, sha: file.sha, content: Buffer.from(file.content, "base64").toString("utf8") };
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const address = await this.named((request.url ?? "/").replace(/^\/api\/v3(?=\/)/, ""));
    const method = request.method ?? "GET";
    const path = address.split("?")[0] ?? "";
    const answer = await this.answer(method, path, address, Buffer.concat(chunks), request).catch(
      (error: unknown): Answer => problem(500, String(error)),
    );
    this.requests.push({ method, path, status: answer.status });
    const raw = answer.body === undefined ? "" : JSON.stringify(answer.body);
    response.writeHead(answer.status, { "content-type": "application/json; charset=utf-8", ...answer.headers });
    response.end(raw);
  }

  /** An address with the repository's name where its number may stand too. */
  private async named(address: string): Promise<string> {
    const [, id, rest] = /^\/repositories\/(\d+)(\/.+)$/.exec(address) ?? [];
    if (id === undefined) return address;
    const { full_name: name } = (await this.send("GET", `/repositories/${id}`)) as { full_name: string };
    return `/repos/${name}${rest}`;
  }

  private async answer(
    method: string,
    path: string,
    address: string,
    body: Buffer,
    { headers }: IncomingMessage,
  ): Promise<Answer> {
    const fault = this.faults.find((each) => each.method === method && each.path.test(decodeURIComponent(path)));
    if (fault !== undefined && fault.after-- <= 0) {
      if (--fault.times <= 0) this.faults.splice(this.faults.indexOf(fault), 1);
      return fault.answer;
    }
    if (!/^(bearer|token) ghp_emulated$/i.test(headers.authorization ?? "")) return problem(401, "Bad credentials");
    const own = await this.own(method, path, body);
    if (own !== undefined) return own;
    const answer = await fetch(`${this.baseAddress}${address}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      ...(body.length > 0 && { body }),
    });
    const text = await answer.text();
    if (text === "") return { status: answer.status };
    return { status: answer.status, body: this.corrected(path, JSON.parse(text) as Shown, body) };
  }

  /** Where the base emulator shows something else than GitHub does. */
  private corrected(path: string, shown: Shown, sent: Buffer): unknown {
    // Within a repository there is no fork whose maintainers could be let in.
    if (/\/pulls(\/\d+)?$/.test(path) && "maintainer_can_modify" in shown) shown["maintainer_can_modify"] = false;
    if (/\/hooks(\/\d+)?$/.test(path) && shown.config !== undefined) {
      if (sent.length > 0 && sent.includes('"secret"')) this.sealedHooks.add(shown.id);
      if (this.sealedHooks.has(shown.id)) shown.config["secret"] = "********";
    }
    return shown;
  }

  /** What the base emulator does not know: routes it lacks, and rulesets on its routes. */
  private async own(method: string, path: string, body: Buffer): Promise<Answer | undefined> {
    // Nobody here has keys; the official plugin asks for those of everybody it looks up.
    if (method === "GET" && /^\/users\/[^/]+\/(gpg_)?keys$/.test(path)) return { status: 200, body: [] };
    const fullName = /^\/repos\/([^/]+\/[^/]+)/.exec(path)?.[1];
    if (fullName === undefined) return undefined;
    const values = body.length > 0 ? (JSON.parse(body.toString("utf8")) as Record<string, unknown>) : {};
    const repository = this.repository(fullName);
    for (const { route, handle } of this.routes) {
      const parameters = match(route, method, path);
      if (parameters === undefined) continue;
      const found = (await this.send("GET", `/repos/${fullName}`).catch(() => undefined)) as { private: boolean };
      if (found === undefined) return problem(404, "Not Found");
      return handle({ parameters, body: values, fullName, hidden: found.private, repository });
    }
    const commits = method !== "GET" && path.includes("/contents/");
    const deleted = method === "DELETE" ? /\/git\/refs\/heads\/(.+)$/.exec(decodeURIComponent(path))?.[1] : undefined;
    if (commits || deleted !== undefined) {
      const branch = deleted ?? String(values["branch"] ?? "main");
      const reason = violation(repository, branch, this.actor, commits ? "commit" : "deletion");
      if (reason !== undefined) return problem(commits ? 409 : 422, reason);
    }
    return undefined;
  }
}

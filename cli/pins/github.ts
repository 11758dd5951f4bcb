import type { Octokit } from "@octokit/core";
import { z } from "zod";
import { UsageError } from "../command";

/** One thing that keeps an action from being looked up; the others go on. */
export class PinProblem extends Error {}

/** Nothing more can be looked up now. */
export class GitHubUnavailable extends UsageError {}

export interface GitHubOptions {
  /** Address of the API. */
  readonly url: string;
  readonly token: string | undefined;
  /** Told why it waits. */
  readonly tell: (line: string) => void;
}

/** Where facts of repositories come from. */
export interface Facts {
  /**
   * Answer to GET `path`, checked by `schema`; nothing when there is no such thing.
   *
   * @throws PinProblem for what keeps one action from being looked up, GitHubUnavailable for what keeps all.
   */
  find<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined>;
}

/** A waiting time that a person, or a job, can sit through. */
const LONGEST_WAIT_SECONDS = 60;

/** Reads public facts of repositories, each once. Answers are checked: what GitHub's address gives may be anything. */
export class GitHub implements Facts {
  readonly #options: GitHubOptions;
  readonly #answers = new Map<string, Promise<unknown>>();
  #octokit: Promise<Octokit> | undefined;

  constructor(options: GitHubOptions) {
    this.#options = options;
  }

  async find<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const known = this.#answers.get(path) ?? this.#ask(path);
    this.#answers.set(path, known);
    const answer = await known;
    if (answer === undefined) return undefined;
    const read = schema.safeParse(answer);
    if (!read.success) throw new PinProblem(`GET ${path} answers with something else than GitHub does`);
    return read.data;
  }

  async #ask(path: string): Promise<unknown> {
    this.#octokit ??= connect(this.#options);
    const octokit = await this.#octokit;
    try {
      return (await octokit.request(`GET ${path}`)).data;
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw told(error, path, this.#options);
    }
  }
}

async function connect({ url, token, tell }: GitHubOptions): Promise<Octokit> {
  // ES modules, and nothing that other commands need.
  const [{ Octokit }, { throttling }] = await Promise.all([
    import("@octokit/core"),
    import("@octokit/plugin-throttling"),
  ]);
  const wait = (seconds: number, _request: unknown, _octokit: unknown, retries: number) => {
    if (seconds > LONGEST_WAIT_SECONDS || retries > 1) return false;
    tell(`GitHub asks to wait ${seconds} seconds`);
    return true;
  };
  const silent = () => {};
  return new (Octokit.plugin(throttling))({
    baseUrl: url,
    ...(token !== undefined && { auth: token }),
    headers: { "x-github-api-version": "2022-11-28" },
    throttle: { onRateLimit: wait, onSecondaryRateLimit: wait },
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
}

const failure = z.object({
  status: z.number(),
  message: z.string(),
  response: z.object({ headers: z.record(z.string(), z.unknown()) }).optional(),
});

const statusOf = (error: unknown): number | undefined => failure.safeParse(error).data?.status;

/** Octokit's error in words, without what was sent. */
function told(error: unknown, path: string, { url, token }: GitHubOptions): Error {
  const { status, message, response } = failure.parse(error);
  if (response === undefined) {
    return new GitHubUnavailable(
      `${url} cannot be reached (${message}). Check the network, or set GITHUB_API_URL to an address that can.`,
    );
  }
  if (status === 401) return new GitHubUnavailable(`${url} refuses the token in GITHUB_TOKEN. Set one that is valid.`);
  const left = String(response.headers["x-ratelimit-remaining"] ?? "");
  const after = response.headers["retry-after"];
  if (status === 429 || (status === 403 && (left === "0" || after !== undefined || /rate limit/i.test(message)))) {
    const reset = Number(response.headers["x-ratelimit-reset"]);
    const until =
      after === undefined && reset > 0
        ? `until ${new Date(reset * 1000).toISOString()}`
        : `for ${after ?? "a few"} seconds`;
    const fix =
      token === undefined ? "Set GITHUB_TOKEN: without one there are 60 requests an hour." : "Try again then.";
    return new GitHubUnavailable(`${url} lets nothing more be asked ${until}. ${fix}`);
  }
  if (status === 403) return new PinProblem(`GET ${path} is forbidden. Give GITHUB_TOKEN the right to read it`);
  return new PinProblem(`GET ${path} fails with status ${status}`);
}

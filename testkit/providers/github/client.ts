import { setTimeout as sleep } from "node:timers/promises";
import type { Octokit } from "@octokit/core";
import type { Log } from "../shared/provider";
import type { GithubConfig } from "./config";

export type GithubClient = Octokit;

/** Where a request says whose log its waiting belongs to. */
const LOG = "headgateLog";

/**
 * A client that keeps to GitHub's limits: it writes one thing at a time with a pause between, waits as long as an
 * answer about rates demands, and sends a request again that met a passing failure of the server.
 */
export async function connect(config: GithubConfig): Promise<GithubClient> {
  // Both are ECMAScript modules only.
  const [{ Octokit }, { throttling }] = await Promise.all([
    import("@octokit/core"),
    import("@octokit/plugin-throttling"),
  ]);
  const waits = (seconds: number, options: { request: object }, retries: number) => {
    const again = retries < config.maxRetries;
    const log = LOG in options.request ? (options.request[LOG] as Log) : undefined;
    if (again) log?.("warning", `GitHub's rate limit is reached: waiting ${seconds} s.`, true);
    return again;
  };
  const unpaced = { key: () => ({ schedule: (_: unknown, work: () => unknown) => work() }) };
  const client = new (Octokit.plugin(throttling))({
    baseUrl: config.baseUrl,
    ...(config.token !== undefined && { auth: config.token }),
    userAgent: "headgate-testkit",
    // What goes wrong is the error of a resource, not a line on the plugin's output.
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    throttle: {
      // The pace is that of the provider's own settings, below.
      write: unpaced as never,
      notifications: unpaced as never,
      onRateLimit: (seconds, options, _, retries) => waits(seconds, options, retries),
      onSecondaryRateLimit: (seconds, options, _, retries) => waits(seconds, options, retries),
    },
  });
  const writes = new Turns(config.writeDelayMs);
  client.hook.wrap("request", (request, options) => {
    const send = () => withRetries(config, () => Promise.resolve(request(options)), options.method);
    return options.method === "GET" ? send() : writes.next(send);
  });
  return client;
}

/** The client with a log of its own. */
export function withLog(client: GithubClient, log: Log | undefined): GithubClient {
  if (log === undefined) return client;
  const request = client.request.defaults({ request: { [LOG]: log } } as never);
  return Object.assign(Object.create(client) as GithubClient, { request });
}

/** Lets work begin only after the work before it ended, and some time later. */
class Turns {
  private last: Promise<unknown> = Promise.resolve();
  private ended = 0;

  constructor(private readonly pauseMs: number) {}

  next<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(async () => {
      const rest = this.ended + this.pauseMs - Date.now();
      if (rest > 0) await sleep(rest);
      return work().finally(() => {
        this.ended = Date.now();
      });
    });
    this.last = turn.catch(() => {});
    return turn;
  }
}

/** A creation whose end is not known is not sent again: there could be two then. */
async function withRetries<T>(config: GithubConfig, send: () => Promise<T>, method: string): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await send();
    } catch (error) {
      const passing = config.retryableErrors.includes(statusOf(error) ?? 0) && method !== "POST";
      if (!passing || tries >= config.maxRetries) throw error;
      await sleep(config.retryDelayMs);
    }
  }
}

/** Status code of the answer behind an error, when there was one. */
export function statusOf(error: unknown): number | undefined {
  const answered = error instanceof Error && "response" in error && error.response !== undefined;
  return answered && "status" in error && typeof error.status === "number" ? error.status : undefined;
}

/** What was found, or undefined where there is nothing. */
export async function found<T>(answer: Promise<{ data: T }>): Promise<T | undefined> {
  try {
    return (await answer).data;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Waits for a deletion; what is gone already is deleted. */
export async function gone(answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

/** One sentence for any failure of a request. */
export function reasonOf(error: unknown, baseUrl: string): string {
  const status = statusOf(error);
  const message = error instanceof Error ? error.message.replace(/ - https:\/\/\S+$/, "") : String(error);
  if (status !== undefined) return `GitHub answered ${status}: ${message}${adviceFor(status, message)}`;
  if (!(error instanceof Error && "status" in error)) return message;
  const code = codeOf(error);
  return `cannot reach GitHub at ${baseUrl}${code === undefined ? "" : ` (${code})`}. Correct the provider's baseUrl`;
}

/** The system's own word for why there was no answer, behind what was thrown. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return "code" in error ? String(error.code) : codeOf(error.cause);
}

function adviceFor(status: number, message: string): string {
  if (status === 401) return ". Give the provider a valid token";
  if (/rule violations/i.test(message)) return ". Let whoever the token belongs to bypass the ruleset";
  if (status === 403 && !/rate limit/i.test(message))
    return ". The token may lack a permission: files below .github/workflows need workflows, rulesets administration";
  return "";
}

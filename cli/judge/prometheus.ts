import { z } from "zod";
import type { Window } from "./moment";
import { wrong } from "./table";

const ANSWER_SECONDS = 30;

/** Series as Prometheus keeps them: labels, and raw samples in order of time. */
export type Matrix = { metric: Record<string, string>; values: [at: number, value: string][] }[];

const matrix = z.array(
  z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])) }),
);
const answer = z.discriminatedUnion("status", [
  z.object({ status: z.literal("success"), data: z.object({ result: matrix }) }),
  z.object({ status: z.literal("error"), error: z.string() }),
]);

/** A Prometheus, or what answers like one. */
export class Prometheus {
  private readonly base: URL;
  private readonly headers: Record<string, string> = {};
  /** The address without a password. */
  readonly address: string;

  /**
   * @param url Such as "http://127.0.0.1:9090", with a path where a proxy asks for one, with user:password@ for basic
   * authentication.
   * @throws UsageError when it is no address.
   */
  constructor(url: string) {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      const got = JSON.stringify(url.replace(/\/\/[^/]*@/, "//"));
      throw wrong(`--prometheus is no address (got ${got}). Write "http://127.0.0.1:9090", for example.`);
    }
    this.base = new URL(url.endsWith("/") ? url : `${url}/`);
    const { username, password } = this.base;
    if (username !== "" || password !== "") {
      const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
      this.headers["authorization"] = `Basic ${Buffer.from(pair).toString("base64")}`;
      this.base.username = "";
      this.base.password = "";
    }
    this.address = this.base.href.replace(/\/$/, "");
  }

  /**
   * Raw samples of the series that a selector matches, after `from` and up to `to`.
   * @throws UsageError when Prometheus cannot be reached, or answers anything else.
   */
  async samples(selector: string, { from, to }: Window): Promise<Matrix> {
    const target = new URL("api/v1/query", this.base);
    target.searchParams.set("query", `${selector}[${Math.ceil((to - from) * 1000)}ms]`);
    target.searchParams.set("time", to.toFixed(3));
    const { status, text } = await this.get(target);
    const parsed = answer.safeParse(jsonOf(text));
    if (!parsed.success) {
      const got = JSON.stringify(text.trim().slice(0, 80));
      const fix = "Give the address whose /api/v1/query is that of Prometheus";
      throw wrong(`${this.address} does not answer as Prometheus does (got ${status} ${got}). ${fix}.`);
    }
    if (parsed.data.status === "success") return parsed.data.data.result;
    throw wrong(`Prometheus refuses ${selector} (got ${JSON.stringify(parsed.data.error)}). Mend the selector.`);
  }

  private async get(target: URL): Promise<{ status: number; text: string }> {
    try {
      const response = await fetch(target, {
        headers: this.headers,
        signal: AbortSignal.timeout(ANSWER_SECONDS * 1000),
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      throw wrong(`${this.address} cannot be reached (got ${reasonOf(error)}). Check the address.`);
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch hides why it failed in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${ANSWER_SECONDS} s`;
  const { cause } = error;
  if (cause instanceof Error) return "code" in cause ? String(cause.code) : cause.message;
  return error.message;
}

/** A series as PromQL writes it. */
export function seriesName(metric: Record<string, string>): string {
  const { __name__: name = "", ...labels } = metric;
  const inside = Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${inside.join(",")}}`;
}

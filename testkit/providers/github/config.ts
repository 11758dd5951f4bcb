import { flag, list, number, object, parse, text } from "../shared/shape";
import type { Properties } from "../shared/wire";

const shape = object({
  baseUrl: text,
  token: text,
  owner: text,
  organization: text,
  writeDelayMs: number,
  readDelayMs: number,
  retryDelayMs: number,
  maxRetries: number,
  retryableErrors: list(number),
  parallelRequests: flag,
  version: text,
});

/** Settings of one provider instance; the defaults are the official plugin's. */
export interface GithubConfig {
  /** Address of the REST API, without a slash at its end. */
  baseUrl: string;
  token: string | undefined;
  /** Undefined: whoever the token belongs to. */
  owner: string | undefined;
  /** Milliseconds between two writes. */
  writeDelayMs: number;
  /** Milliseconds before a request is sent again. */
  retryDelayMs: number;
  maxRetries: number;
  /** Status codes of answers after which a request is sent again. */
  retryableErrors: readonly number[];
}

const PUBLIC = "https://api.github.com";

/** Reads the provider's arguments; GITHUB_TOKEN, GITHUB_OWNER and GITHUB_BASE_URL stand in for what they leave out. */
export function readConfig(args: Properties, environment: NodeJS.ProcessEnv): GithubConfig {
  const given = parse(shape, decode(args), "github provider");
  const owner = given.organization || environment["GITHUB_OWNER"] || given.owner;
  return {
    baseUrl: apiAddress(given.baseUrl || environment["GITHUB_BASE_URL"] || PUBLIC),
    token: given.token || environment["GITHUB_TOKEN"],
    owner: owner === "" ? undefined : owner,
    writeDelayMs: given.writeDelayMs ?? 1000,
    retryDelayMs: given.retryDelayMs ?? 1000,
    maxRetries: given.maxRetries ?? 3,
    retryableErrors: given.retryableErrors ?? [500, 502, 503, 504],
  };
}

/** Any host but GitHub's own is a GitHub Enterprise Server, whose API lies below a path. */
function apiAddress(address: string): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new Error(`github provider: baseUrl must be an address like ${PUBLIC}/ (got ${address}).`);
  }
  if (url.hostname === "github.com") return PUBLIC;
  if (/(^api\.github\.com$|\.ghe\.com$)/.test(url.hostname)) return url.origin;
  return `${url.origin}${url.pathname.replace(/\/+$/, "").replace(/\/api\/v3$/, "")}/api/v3`;
}

/** Provider arguments that are not texts arrive as JSON. */
function decode(args: Properties): Properties {
  const texts = ["baseUrl", "token", "owner", "organization", "version"];
  const given = Object.entries(args).filter(([key, value]) => !key.startsWith("__") && value !== "");
  return Object.fromEntries(
    given.map(([key, value]) => [key, texts.includes(key) || typeof value !== "string" ? value : fromJson(value)]),
  );
}

function fromJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

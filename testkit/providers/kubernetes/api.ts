import http from "node:http";
import https from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { isRecord, type Properties } from "../shared/wire";
import { list, text } from "./object";

/** Requests that are under way at once; the rest wait in the client. */
const MAX_CONNECTIONS = 16;

export interface Cause {
  reason?: string;
  message?: string;
  field?: string;
}

/** A refusal by the API server. */
export class ApiError extends Error {
  constructor(
    readonly statusCode: number,
    readonly reason: string,
    message: string,
    readonly causes: readonly Cause[],
  ) {
    super(message);
  }
}

/** The API server did not answer. */
export class UnreachableError extends Error {}

export interface ApiRequest {
  query?: Record<string, string>;
  body?: unknown;
  contentType?: "application/json" | "application/apply-patch+yaml" | "application/json-patch+json";
  /** Receives the server's warnings. */
  onWarning?: ((warning: string) => void) | undefined;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The API server over one pool of connections, with the kubeconfig's credentials. */
export class ApiClient {
  private pool: { key: string; agent: http.Agent } | undefined;
  private readonly server: URL;

  constructor(
    private readonly kubeconfig: KubeConfig,
    private readonly timeoutMillis: number,
  ) {
    this.server = new URL(kubeconfig.getCurrentCluster()?.server ?? "");
  }

  get address(): string {
    return this.server.origin;
  }

  /** Namespace of the kubeconfig's context. */
  get namespace(): string {
    return this.kubeconfig.getContextObject(this.kubeconfig.getCurrentContext())?.namespace ?? "default";
  }

  async request(
    method: Method,
    path: string,
    { query, body, contentType, onWarning }: ApiRequest = {},
  ): Promise<Properties> {
    const search = new URLSearchParams(query).toString();
    const options = await this.connection();
    // JSON is YAML.
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const { status, headers, content } = await this.send(
      {
        ...options,
        method,
        path: `${this.server.pathname.replace(/\/$/, "")}${path}${search === "" ? "" : `?${search}`}`,
        headers: {
          ...options.headers,
          accept: "application/json",
          "user-agent": "headgate-testkit",
          ...(payload && { "content-type": contentType ?? "application/json", "content-length": payload.length }),
        },
      },
      payload,
    );
    for (const warning of [headers.warning ?? []].flat().flatMap(warningsOf)) onWarning?.(warning);
    const answer = parseJson(content);
    if (status >= 200 && status < 300) return isRecord(answer) ? answer : {};
    throw errorOf(status, answer, content);
  }

  private async connection(): Promise<https.RequestOptions> {
    const options: https.RequestOptions = {};
    try {
      await this.kubeconfig.applyToHTTPSOptions(options);
    } catch (error) {
      // A credential helper failed; what it printed can hold a credential.
      throw new UnreachableError(`the kubeconfig's credentials cannot be obtained (${nameOfError(error)})`);
    }
    const { ca, cert, key, rejectUnauthorized, servername, auth, headers } = options;
    const common = {
      protocol: this.server.protocol,
      hostname: this.server.hostname,
      port: this.server.port,
      ...(auth !== undefined && { auth }),
      ...(headers !== undefined && { headers }),
    };
    if (this.kubeconfig.getCurrentCluster()?.proxyUrl !== undefined) return { ...common, agent: options.agent };
    const poolKey = [ca, cert, key, rejectUnauthorized, servername].map(String).join("|");
    if (this.pool?.key !== poolKey) {
      const pooled = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
      const tls = { ca, cert, key, rejectUnauthorized, servername };
      const given = Object.fromEntries(
        Object.entries(tls).filter(([, value]) => value !== undefined && value !== null),
      );
      const agent =
        this.server.protocol === "http:" ? new http.Agent(pooled) : new https.Agent({ ...pooled, ...given });
      this.pool = { key: poolKey, agent };
    }
    return { ...common, agent: this.pool.agent };
  }

  private send(
    options: https.RequestOptions,
    payload: Buffer | undefined,
  ): Promise<{ status: number; headers: http.IncomingHttpHeaders; content: string }> {
    const transport = this.server.protocol === "http:" ? http : https;
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(new UnreachableError(this.explain(error)));
      const request = transport.request(options, (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.on("error", fail);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            content: Buffer.concat(pieces).toString("utf8"),
          }),
        );
      });
      request.setTimeout(this.timeoutMillis, () =>
        request.destroy(new Error(`no answer in ${this.timeoutMillis / 1000} s`)),
      );
      request.on("error", fail);
      request.end(payload);
    });
  }

  private explain(error: Error): string {
    return `cannot reach the API server at ${this.address} (${nameOfError(error)})`;
  }
}

function nameOfError(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}

/** `299 - "text"`, several of them behind commas. */
function warningsOf(header: string): string[] {
  return [...header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, inner = ""]) =>
    inner.replaceAll(/\\(.)/g, "$1"),
  );
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function errorOf(status: number, answer: unknown, content: string): ApiError {
  if (!isRecord(answer)) return new ApiError(status, "", content.trim() || `status ${status}`, []);
  const causes = isRecord(answer.details) ? list(answer.details.causes).filter(isRecord) : [];
  return new ApiError(status, text(answer.reason), text(answer.message) || `status ${status}`, causes);
}

export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.statusCode === 404;
}

export function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.statusCode === 403 && error.reason === "Forbidden";
}

/** A "no" for good: these rights do not allow the call. A quota or an admission policy says 403 as well. */
export function lacksRights(error: unknown): boolean {
  return isForbidden(error) && error instanceof Error && / cannot \w+ resource /.test(error.message);
}

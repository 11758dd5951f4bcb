import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIP } from "node:net";
import { z } from "zod";
import type { Guard } from "./guard";
import { type Log, textOf } from "./log";
import { abort, begin, hold, NotNow, promote, takeServers } from "./machine";
import { renderMetrics } from "./metrics";
import { newRecord, type ServiceRecord } from "./record";
import { abortSchema, beginSchema, bySchema, registrationSchema, serversSchema, serviceName } from "./schemas";
import { findRelease, viewRelease, viewService } from "./view";

const LARGEST_BODY = 1_000_000;
const KEEP_ALIVE_SECONDS = 65;
const LONGEST_WAIT_SECONDS = 60;
/** The loop is stuck when no look ended for so many ticks, or for this time. */
const STUCK_SECONDS = 60;

/** An answer that says no. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The guard's HTTP server: health and metrics for everybody, the rest on the loopback for holders of the token. */
export function createApi(guard: Guard, log: Log): Server {
  return createServer({ keepAliveTimeout: KEEP_ALIVE_SECONDS * 1000 }, (request, response) => {
    answer(guard, request)
      .then(({ status, body, type }) => send(response, status, body, type))
      .catch((error: unknown) => {
        const { status, message } = refusalOf(error);
        if (status === 500) log("error", "a request failed", { path: request.url, reason: textOf(error) });
        send(response, status, JSON.stringify({ error: message }));
      });
  });
}

/** Whether a peer is on this machine. */
export function isLoopback(address: string | undefined): boolean {
  const plain = address?.replace(/^::ffff:/, "") ?? "";
  return plain === "::1" || (isIP(plain) === 4 && plain.startsWith("127."));
}

interface Answer {
  status: number;
  body: string;
  type?: string;
}

async function answer(guard: Guard, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? "/", "http://guard");
  const parts = url.pathname.split("/").slice(1);
  if (request.method === "GET" && url.pathname === "/healthz") return health(guard);
  if (request.method === "GET" && url.pathname === "/metrics") {
    return { status: 200, body: renderMetrics(guard.all(), guard.condition), type: "text/plain; version=0.0.4" };
  }
  if (parts[0] !== "v1" || !isLoopback(request.socket.remoteAddress)) throw new Refusal(404, "there is nothing here");
  if (!authorised(request.headers.authorization, guard.token)) throw new Refusal(401, "unauthorised");
  const result = await route(guard, request, parts.slice(1), url.searchParams);
  return { status: 200, body: JSON.stringify(result) };
}

async function route(
  guard: Guard,
  request: IncomingMessage,
  parts: string[],
  search: URLSearchParams,
): Promise<unknown> {
  const [collection, name, releases, number, action] = parts;
  const method = request.method ?? "GET";
  if (collection !== "services" || parts.length > 5) throw new Refusal(404, "there is nothing here");
  if (name === undefined) {
    allow(method, "GET");
    return { services: guard.all().map((record) => viewService(record, seconds())) };
  }
  const service = parse(serviceName, name);
  if (releases === undefined) {
    allow(method, "GET", "PUT", "DELETE");
    if (method === "PUT") return register(guard, service, parse(registrationSchema, await read(request)));
    const record = known(guard, service);
    if (method === "DELETE") guard.forget(service);
    return method === "DELETE" ? {} : viewService(record, seconds());
  }
  if (releases !== "releases") throw new Refusal(404, "there is nothing here");
  if (number === undefined) {
    allow(method, "GET", "POST");
    if (method === "GET") return { releases: known(guard, service).history };
    const wanted = parse(beginSchema, await read(request));
    const { record, answer: decided } = begin(known(guard, service), wanted, seconds());
    guard.keep(record);
    return "release" in decided ? { ...decided, release: viewRelease(decided.release, 0, seconds()) } : decided;
  }
  const revision = parse(z.coerce.number().int().min(1), number);
  return release(guard, request, service, revision, action, search);
}

async function release(
  guard: Guard,
  request: IncomingMessage,
  service: string,
  revision: number,
  action: string | undefined,
  search: URLSearchParams,
): Promise<unknown> {
  const method = request.method ?? "GET";
  const change = (next: ServiceRecord) => {
    guard.keep(next);
    return shown(guard, service, revision, 0);
  };
  shown(guard, service, revision, 0);
  switch (action) {
    case undefined: {
      allow(method, "GET");
      return follow(guard, service, revision, search);
    }
    case "servers": {
      allow(method, "PUT");
      const { servers } = parse(serversSchema, await read(request));
      return change(takeServers(known(guard, service), revision, servers, seconds()));
    }
    case "abort": {
      allow(method, "POST");
      const { by, cause } = parse(abortSchema, await read(request));
      return change(abort(known(guard, service), revision, by, cause, seconds()));
    }
    case "promote": {
      allow(method, "POST");
      const { by } = parse(bySchema, await read(request));
      return change(promote(known(guard, service), revision, by, seconds()));
    }
    case "pause": {
      allow(method, "POST");
      const { by } = parse(bySchema, await read(request));
      return change(hold(known(guard, service), revision, by, seconds()));
    }
    default:
      throw new Refusal(404, "there is nothing here");
  }
}

/** The release, at once when it has events after the given one, else when it gets one or the wait is over. */
async function follow(guard: Guard, service: string, revision: number, search: URLSearchParams): Promise<unknown> {
  const count = z.coerce.number().min(0).default(0);
  const after = parse(count, search.get("after") ?? undefined);
  const wait = Math.min(LONGEST_WAIT_SECONDS, parse(count, search.get("waitSeconds") ?? undefined));
  const until = Date.now() + wait * 1000;
  for (;;) {
    const state = shown(guard, service, revision, after);
    const left = until - Date.now();
    if (state.events.length > 0 || state.phase === "ended" || left <= 0) return state;
    await guard.changed(left);
  }
}

function register(guard: Guard, service: string, registration: ServiceRecord["registration"]): unknown {
  for (const other of guard.all().filter((record) => record.service !== service)) {
    const { hosts } = other.registration;
    if (hosts.length === 0 && registration.hosts.length === 0) {
      throw new Refusal(409, `service "${other.service}" takes every host already: give "${service}" its own hosts`);
    }
    const taken = registration.hosts.find((host) => hosts.includes(host));
    if (taken !== undefined) throw new Refusal(409, `host "${taken}" belongs to service "${other.service}"`);
  }
  const before = guard.find(service);
  const record = before === undefined ? newRecord(service, registration) : { ...before, registration };
  if (JSON.stringify(record) !== JSON.stringify(before)) guard.keep(record);
  return viewService(record, seconds());
}

function health(guard: Guard): Answer {
  const { lastTickAt } = guard.condition;
  const limit = Math.max(STUCK_SECONDS, 5 * guard.settings.tickSeconds);
  const alive = lastTickAt > 0 && seconds() - lastTickAt < limit;
  return { status: alive ? 200 : 503, body: JSON.stringify({ alive, ...guard.condition }) };
}

function known(guard: Guard, service: string): ServiceRecord {
  const record = guard.find(service);
  if (record === undefined) throw new Refusal(404, `service "${service}" is not known`);
  return record;
}

function shown(guard: Guard, service: string, revision: number, after: number) {
  const state = findRelease(known(guard, service), revision);
  if (state === undefined) throw new Refusal(404, `service "${service}" has no release ${revision}`);
  return viewRelease(state, after, seconds());
}

function allow(method: string, ...allowed: string[]): void {
  if (!allowed.includes(method)) throw new Refusal(405, `use ${allowed.join(" or ")}`);
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Refusal(422, z.prettifyError(parsed.error));
  return parsed.data;
}

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_BODY) throw new Refusal(413, "the body is too large");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new Refusal(400, "the body is no JSON");
  }
}

/** Compares hashes, so that neither content nor length of the token shows in the time it takes. */
function authorised(header: string | undefined, token: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(header ?? ""), hash(`Bearer ${token}`));
}

function refusalOf(error: unknown): { status: number; message: string } {
  if (error instanceof Refusal) return error;
  if (error instanceof NotNow) return { status: 409, message: error.message };
  return { status: 500, message: "the guard failed; its log tells why" };
}

function send(response: ServerResponse, status: number, body: string, type = "application/json"): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

function seconds(): number {
  return Date.now() / 1000;
}

import { Agent, type ClientRequest, get as getHttp, type IncomingMessage } from "node:http";
import { get as getHttps, Agent as SecureAgent } from "node:https";

/** What to send. */
export interface LoadOptions {
  /** Asked for with GET, over http or https. */
  url: string;
  /** Requests per second, sent at equal distances whether or not earlier ones were answered. */
  ratePerSecond: number;
  /** Kept-alive connections that take turns. */
  connections: number;
  /** Time after which a request counts as an error, in seconds. Defaults to 10. */
  timeoutSeconds?: number;
  /** Time after which the load ends by itself, in seconds. Defaults to 1800. */
  maxSeconds?: number;
  /** Headers of every request, "host" for example. Defaults to none. */
  headers?: Record<string, string>;
  /** Certificate authority to trust besides the usual ones, in PEM. Defaults to none. */
  ca?: string;
}

/** Answers of one version. */
export interface VersionCounts {
  /** 2xx and 3xx. */
  ok: number;
  /** Every other status. */
  failed: number;
}

/** What became of the requests that were due in one second. */
export interface LoadSample {
  /** The second, since 1970. */
  t: number;
  sent: number;
  ok: number;
  failed: number;
  /** No whole answer: refused, reset, cut off, or too late. */
  errors: number;
  /** By the header "x-version" of the answer; without one, by NO_VERSION. */
  byVersion: Record<string, VersionCounts>;
}

/** Sums over the whole load; `sent` is `ok` + `failed` + `errors`. */
export interface LoadReport extends Omit<LoadSample, "t"> {
  samples: LoadSample[];
  /** How often each error code (ECONNRESET, ...) was met. */
  errorCodes: Record<string, number>;
  /** Time from when a request was due to its whole answer, in milliseconds; waiting for a free connection counts. */
  latency: { p50: number; p95: number; p99: number; max: number };
  /** Longest time by which a request was sent too late because this program was held up, in milliseconds. */
  lag: number;
  /** Length of the load in seconds. */
  seconds: number;
}

/** A load that runs. */
export interface Load {
  /** One per second so far, oldest first; a second is complete once its requests are answered. */
  readonly samples: readonly LoadSample[];
  /** Sends nothing more, waits for what is under way, and reports. */
  stop(): Promise<LoadReport>;
}

/** Stands in `byVersion` for answers that name no version, such as those of the gateway itself. */
export const NO_VERSION = "none";

interface Connection {
  agent: Agent;
  pending: number;
}

/**
 * Sends requests at a constant rate on a schedule made beforehand (an open loop): a slow service gets no fewer of them,
 * and every request counts in the second in which it was due. Nothing is retried, so each lost one shows as an error.
 */
export function startLoad(options: LoadOptions): Load {
  const { url, ratePerSecond, connections, timeoutSeconds = 10, maxSeconds = 1800, headers = {} } = options;
  if (!(ratePerSecond > 0)) throw new RangeError(`startLoad: ratePerSecond must be above 0 (got ${ratePerSecond}).`);
  if (!(Number.isInteger(connections) && connections > 0)) {
    throw new RangeError(`startLoad: connections must be a whole number above 0 (got ${connections}).`);
  }
  const secure = new URL(url).protocol === "https:";
  const get = secure ? getHttps : getHttp;
  const lanes: Connection[] = Array.from({ length: connections }, () => ({
    agent: newAgent(secure, options.ca),
    pending: 0,
  }));
  const samples: LoadSample[] = [];
  const errorCodes: Record<string, number> = {};
  const latencies: number[] = [];
  const underWay = new Set<Promise<void>>();
  const startedAt = Date.now();
  const zero = performance.now();
  const planned = Math.round(maxSeconds * ratePerSecond);
  let next = 0;
  let lag = 0;
  let timer: NodeJS.Timeout | undefined;
  let report: Promise<LoadReport> | undefined;

  const dueAfter = (index: number) => (index * 1000) / ratePerSecond;

  function tick(): void {
    const now = performance.now() - zero;
    if (next < planned) lag = Math.max(lag, now - dueAfter(next));
    for (; next < planned && dueAfter(next) <= now; next += 1) {
      const sending = send(dueAfter(next));
      underWay.add(sending);
      sending.finally(() => underWay.delete(sending));
    }
    if (next < planned) timer = setTimeout(tick, Math.max(0, dueAfter(next) - (performance.now() - zero)));
  }

  /** The next connection in turn without a request under way, or, when all are busy, the one with the shortest queue. */
  function pick(): Connection {
    let best = lanes[next % connections] as Connection;
    for (let step = 1; step < connections && best.pending > 0; step += 1) {
      const other = lanes[(next + step) % connections] as Connection;
      if (other.pending < best.pending) best = other;
    }
    return best;
  }

  async function send(due: number): Promise<void> {
    const sample = sampleAt(samples, Math.floor((startedAt + due) / 1000));
    sample.sent += 1;
    const lane = pick();
    lane.pending += 1;
    try {
      const { status, version } = await new Promise<{ status: number; version: string }>((resolve, reject) => {
        const outgoing: ClientRequest = get(url, { agent: lane.agent, headers }, (answer) => {
          readToEnd(answer).then(() => resolve({ status: answer.statusCode ?? 0, version: versionOf(answer) }), reject);
        });
        const patience = setTimeout(
          () => outgoing.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })),
          timeoutSeconds * 1000,
        );
        outgoing.on("close", () => clearTimeout(patience));
        outgoing.on("error", reject);
      });
      const good = status >= 200 && status < 400;
      sample.byVersion[version] ??= { ok: 0, failed: 0 };
      const counts = sample.byVersion[version];
      if (good) {
        counts.ok += 1;
        sample.ok += 1;
      } else {
        counts.failed += 1;
        sample.failed += 1;
      }
    } catch (error) {
      sample.errors += 1;
      const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
      errorCodes[code] = (errorCodes[code] ?? 0) + 1;
    } finally {
      lane.pending -= 1;
      latencies.push(performance.now() - zero - due);
    }
  }

  async function finish(): Promise<LoadReport> {
    clearTimeout(timer);
    const seconds = (performance.now() - zero) / 1000;
    await Promise.all(underWay);
    for (const { agent } of lanes) agent.destroy();
    latencies.sort((a, b) => a - b);
    const quantile = (share: number) =>
      latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? 0;
    return {
      ...sumOf(samples),
      samples,
      errorCodes,
      latency: { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), max: quantile(1) },
      lag,
      seconds,
    };
  }

  tick();
  return {
    samples,
    stop: () => {
      report ??= finish();
      return report;
    },
  };
}

function newAgent(secure: boolean, ca: string | undefined): Agent {
  const settings = { keepAlive: true, maxSockets: 1 };
  return secure ? new SecureAgent({ ...settings, ...(ca === undefined ? {} : { ca }) }) : new Agent(settings);
}

async function readToEnd(answer: IncomingMessage): Promise<void> {
  for await (const _ of answer) {
    // Only the end matters; one that comes too early throws.
  }
}

function versionOf(answer: IncomingMessage): string {
  const header = answer.headers["x-version"];
  return typeof header === "string" && header !== "" ? header : NO_VERSION;
}

/** The sample of a second, after filling the seconds between it and the newest one. */
function sampleAt(samples: LoadSample[], second: number): LoadSample {
  const first = samples[0]?.t ?? second;
  while (samples.length <= second - first) {
    samples.push({ t: first + samples.length, sent: 0, ok: 0, failed: 0, errors: 0, byVersion: noVersions() });
  }
  return samples[second - first] as LoadSample;
}

/** An empty record that takes any name a service may give itself, "constructor" too. */
export function noVersions(): Record<string, VersionCounts> {
  return Object.create(null);
}

/** Sums of samples. */
export function sumOf(samples: readonly LoadSample[]): Omit<LoadSample, "t"> {
  const sum: Omit<LoadSample, "t"> = { sent: 0, ok: 0, failed: 0, errors: 0, byVersion: noVersions() };
  for (const sample of samples) {
    sum.sent += sample.sent;
    sum.ok += sample.ok;
    sum.failed += sample.failed;
    sum.errors += sample.errors;
    for (const [version, { ok, failed }] of Object.entries(sample.byVersion)) {
      sum.byVersion[version] ??= { ok: 0, failed: 0 };
      const counts = sum.byVersion[version];
      counts.ok += ok;
      counts.failed += failed;
    }
  }
  return sum;
}

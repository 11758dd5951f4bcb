import { z } from "zod";
import type { Counted, Series } from "../../release/increments";
import { isSequential, judgesLatency } from "../../release/judges";
import { GATEWAY_COUNTERS, isFailure } from "./gateway-counters";
import { textOf } from "./log";
import type { GuardSettings } from "./protocol";
import type { Observation, ServiceRecord } from "./record";

const ANSWER_SECONDS = 4;

type Samples = Observation["samples"];

const answerSchema = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])) }),
    ),
  }),
});
type Matrix = z.infer<typeof answerSchema>["data"]["result"];

/** Fetches the raw counters of both versions of a release. Never throws: what is wrong is in the answer. */
export async function fetchSamples(record: ServiceRecord, settings: GuardSettings): Promise<Samples> {
  const state = record.release?.state;
  if (state === undefined) return { series: [] };
  const { candidate, previous } = state;
  const { rule } = state.plan;
  // The first time, the old version's past is asked for too: it tells how its errors come.
  const past = record.release?.increments.slotAt === null && isSequential(rule) ? rule.historySeconds : 0;
  const range = `[${Math.ceil(past + 5 * settings.scrapeIntervalSeconds + 2 * settings.tickSeconds)}s]`;
  const ask = (selector: string) => query(settings.prometheusUrl, `${selector}${range}`);
  try {
    const servers = new Map([
      ...(previous?.servers ?? []).map(({ name }) => [name, "old"] as const),
      ...candidate.servers.map(({ name }) => [name, "new"] as const),
    ]);
    const metrics = GATEWAY_COUNTERS.join("|");
    const names = [...servers.keys()].map(literal).join("|");
    const matrix = await ask(`{__name__=~"${metrics}",proxy="${record.service}",server=~"${names}"}`);
    const series = matrix.flatMap((one) => gatewaySeries(one, servers));
    const sampledAt = newestOf(series.filter(({ version }) => version === "new"));
    const latency = judgesLatency(rule) ? await latencySamples(record, ask) : undefined;
    const times = [sampledAt, ...(latency === undefined ? [] : [latency.upAt])];
    const known = times.every((time) => time !== undefined) ? Math.min(...times.map((time) => time ?? 0)) : undefined;
    const problem =
      sampledAt === undefined
        ? "Prometheus has no metrics of the new version from the gateway"
        : latency !== undefined && latency.upAt === undefined
          ? "Prometheus cannot scrape the new version's own metrics"
          : undefined;
    return {
      series: [...series, ...(latency?.series ?? [])],
      ...(known === undefined ? {} : { sampledAt: known }),
      ...(problem === undefined ? {} : { problem }),
    };
  } catch (error) {
    return { series: [], problem: `Prometheus cannot be asked: ${textOf(error)}` };
  }
}

/** Whether Prometheus answers. */
export async function prometheusUp(url: string): Promise<boolean> {
  try {
    return (await fetch(new URL("-/ready", withSlash(url)), { signal: AbortSignal.timeout(ANSWER_SECONDS * 1000) })).ok;
  } catch {
    return false;
  }
}

function gatewaySeries({ metric, values }: Matrix[number], servers: ReadonlyMap<string, "new" | "old">): Series[] {
  const version = servers.get(metric["server"] ?? "");
  if (version === undefined) return [];
  return [toSeries(metric, version, isFailure(metric) ? ["total", "bad"] : ["total"], values)];
}

/** The service's own durations, and the time of the newest successful scrape of every copy of the candidate. */
async function latencySamples(
  record: ServiceRecord,
  ask: (selector: string) => Promise<Matrix>,
): Promise<{ series: Series[]; upAt: number | undefined }> {
  const { metrics, objectives } = record.registration;
  const state = record.release?.state;
  if (metrics === undefined || objectives.latency === undefined || state === undefined)
    return { series: [], upAt: undefined };
  const { candidate, previous } = state;
  const revisions = new Map<string, "new" | "old">([[String(candidate.revision), "new"]]);
  if (previous !== undefined) revisions.set(String(previous.revision), "old");
  const bucket = `${metrics.durationHistogram}_bucket`;
  const bound = `${literal(String(objectives.latency.withinSeconds))}${Number.isInteger(objectives.latency.withinSeconds) ? "(\\\\.0)?" : ""}`;
  const of = (pattern: string) => `service="${record.service}",revision=~"${pattern}"`;
  // An empty alternative matches series without the label, which are the counts.
  const durations = await ask(
    `{__name__=~"${bucket}|${metrics.durationHistogram}_count",${of([...revisions.keys()].join("|"))},le=~"${bound}|"}`,
  );
  const series = durations.flatMap(({ metric, values }) => {
    const version = revisions.get(metric["revision"] ?? "");
    const counts: Counted[] = metric["__name__"] === bucket ? ["fast"] : ["timed"];
    return version === undefined ? [] : [toSeries(metric, version, counts, values)];
  });
  const up = (await ask(`up{${of(String(candidate.revision))}}`)).map(
    ({ values }) => values.findLast(([, value]) => value === "1")?.[0] ?? 0,
  );
  const oldest = Math.min(...up);
  return { series, upAt: up.length < candidate.servers.length || oldest === 0 ? undefined : oldest };
}

function toSeries(
  metric: Record<string, string>,
  version: "new" | "old",
  counts: readonly Counted[],
  values: [number, string][],
): Series {
  return {
    key: JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1))),
    version,
    counts,
    // The candidate's servers and containers were made for this release.
    startsAtZero: version === "new",
    samples: values.map(([at, value]) => ({ at, value: Number(value) })),
  };
}

function newestOf(series: Series[]): number | undefined {
  const times = series.flatMap(({ samples }) => samples.map(({ at }) => at));
  return times.length === 0 ? undefined : Math.max(...times);
}

async function query(url: string, expression: string): Promise<Matrix> {
  const target = new URL("api/v1/query", withSlash(url));
  target.searchParams.set("query", expression);
  const answer = await fetch(target, { signal: AbortSignal.timeout(ANSWER_SECONDS * 1000) });
  if (!answer.ok) throw new Error(`it answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
  return answerSchema.parse(await answer.json()).data.result;
}

/** For a regular expression inside a PromQL string. */
function literal(text: string): string {
  return text.replace(/[.\\+*?()[\]{}|^$]/g, "\\\\$&");
}

function withSlash(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}

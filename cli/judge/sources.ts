import { GATEWAY_COUNTERS, isFailure } from "../../components/docker/guard/gateway-counters";
import { brokenCounter, type Found, recordingOf } from "./live";
import { isoTime, type Window } from "./moment";
import type { Matrix, Prometheus } from "./prometheus";
import type { Recording } from "./recording";
import { labelsOf, narrowed, parseMatchers, parseSelector } from "./selectors";

/** What there is to judge, or why there is nothing. */
export interface Evidence {
  recording?: Recording;
  /** Why there is nothing to judge. */
  missing?: string;
  /** What was judged: matchers, or the names of revisions. */
  canary?: string;
  stable?: string;
  /** What whoever reads the verdict should know. */
  remarks: string[];
}

/** What to read, and how. */
export interface Query {
  prometheus: Prometheus;
  window: Window;
  /** Time between two scrapes; found from the samples when undefined. */
  stepSeconds: number | undefined;
  /** Seconds since 1970. */
  now: number;
}

/** Counters of any service, as options name them. */
export interface Selectors {
  canary: string;
  stable: string;
  total: string;
  bad: string;
}

/** A duration objective, and the histogram that knows of it. */
export interface Latency {
  histogram: string;
  withinSeconds: number;
}

/**
 * Reads the counters that four selectors name.
 * @throws UsageError for selectors that are none, or fit no release; Prometheus' own.
 */
export async function selected(query: Query, selectors: Selectors): Promise<Evidence> {
  const [total, bad] = [parseSelector("--total", selectors.total), parseSelector("--bad", selectors.bad)];
  const arms = [
    { version: "new", option: "--canary", matchers: parseMatchers("--canary", selectors.canary) },
    { version: "old", option: "--stable", matchers: parseMatchers("--stable", selectors.stable) },
  ] as const;
  const found: Found[] = [];
  const names = { canary: arms[0].matchers.join(","), stable: arms[1].matchers.join(",") };
  const silent: { of: string; total: string; requests: Matrix }[] = [];
  for (const { version, matchers } of arms) {
    const [of, failed] = [narrowed(total, matchers), narrowed(bad, matchers)];
    const requests = await query.prometheus.samples(of, query.window);
    if (requests.length === 0) return { ...names, missing: `no series match ${of} ${between(query)}`, remarks: [] };
    const errors = await query.prometheus.samples(failed, query.window);
    if (errors.length === 0) silent.push({ of: failed, total: of, requests });
    found.push({ version, counts: ["total"], matrix: requests }, { version, counts: ["bad"], matrix: errors });
  }
  const both = silent.length === arms.length;
  const remarks: string[] = [];
  for (const { of, total: requested, requests } of silent) {
    // A mistyped selector, or a counter that one version calls otherwise, looks like a version without errors: only one
    // with the labels and the name of the requests' own series may be empty.
    const unknown = labelsOf(bad.matchers).find((label) => requests.every(({ metric }) => !(label in metric)));
    const [empty, whole] = both ? [selectors.bad, selectors.total] : [of, requested];
    if (bad.metric !== total.metric || unknown !== undefined) {
      const why = unknown === undefined ? "" : `, and those of ${whole} have no label ${unknown}`;
      return { ...names, missing: `no series match ${empty} ${between(query)}${why}`, remarks };
    }
    if (!both) remarks.push(`no series match ${empty}: taken as no bad request`);
  }
  if (both) remarks.push(`no series match ${selectors.bad}: taken as no bad request of either version`);
  return { ...names, ...recorded(found, query), remarks };
}

/**
 * Reads the latest release of a service on a Docker host from its gateway's counters. The guard's metric tells its two
 * revisions; the release ends when one of them is alone again.
 */
export async function released(query: Query, service: string, latency: Latency | undefined): Promise<Evidence> {
  const name = JSON.stringify(service);
  const weights = `headgate_release_weight{service=${name}}`;
  const matrix = await query.prometheus.samples(weights, query.window);
  if (matrix.length === 0) return { missing: `no series match ${weights} ${between(query)}`, remarks: [] };
  const release = releaseIn(matrix);
  if (release === undefined) {
    const alone = [...new Set(matrix.map(({ metric }) => metric["revision"]))].join(", ");
    return { missing: `${service} had no release ${between(query)}, only revision ${alone}`, remarks: [] };
  }
  const { canary, stable } = release;
  const names = { canary: `revision ${canary}`, stable: `revision ${stable}` };
  const metrics = GATEWAY_COUNTERS.join("|");
  const [found, remarks]: [Found[], string[]] = [[], []];
  for (const [version, revision] of [["new", canary] as const, ["old", stable] as const]) {
    const selector = `{__name__=~"${metrics}",proxy=${name},server=~"r${revision}-[0-9]+"}`;
    const matrix = await query.prometheus.samples(selector, query.window);
    if (matrix.length === 0) return { ...names, missing: `no series match ${selector} ${between(query)}`, remarks: [] };
    found.push({ version, counts: ["total", "bad"], matrix: matrix.filter(({ metric }) => isFailure(metric)) });
    found.push({ version, counts: ["total"], matrix: matrix.filter(({ metric }) => !isFailure(metric)) });
    for (const [counts, selector] of latency === undefined ? [] : durations(service, revision, latency)) {
      const matrix = await query.prometheus.samples(selector, query.window);
      if (matrix.length === 0)
        remarks.push(`no series match ${selector}: slow requests of revision ${revision} are not known`);
      found.push({ version, counts: [counts], matrix });
    }
  }
  return { ...names, ...recorded(found, query, release.until), remarks };
}

/** Selectors of the requests of a revision that were fast enough, and of all whose time is known. */
function durations(
  service: string,
  revision: number,
  { histogram, withinSeconds }: Latency,
): ["fast" | "timed", string][] {
  const of = `service=${JSON.stringify(service)},revision="${revision}"`;
  // Libraries write the bound of a whole second as "1" or as "1.0".
  const bound = `${String(withinSeconds).replace(".", "[.]")}${Number.isInteger(withinSeconds) ? "([.]0)?" : ""}`;
  return [
    ["fast", `${histogram}_bucket{${of},le=~"${bound}"}`],
    ["timed", `${histogram}_count{${of}}`],
  ];
}

/** The newest two revisions that shared the traffic, and until when. */
function releaseIn(matrix: Matrix): { canary: number; stable: number; until: number } | undefined {
  const revisions = new Map<number, Set<number>>();
  for (const { metric, values } of matrix) {
    for (const [at] of values) revisions.set(at, (revisions.get(at) ?? new Set()).add(Number(metric["revision"])));
  }
  const until = Math.max(...[...revisions].filter(([, both]) => both.size > 1).map(([at]) => at));
  // Revisions are counted upwards.
  const [canary, stable] = [...(revisions.get(until) ?? [])].sort((a, b) => b - a);
  return canary === undefined || stable === undefined ? undefined : { canary, stable, until };
}

/** Slots that are over: the last scrapes take a moment to be kept. */
function recorded(
  found: readonly Found[],
  query: Query,
  releasedUntil?: number,
): Pick<Evidence, "recording" | "missing"> {
  const broken = brokenCounter(found);
  if (broken !== undefined) return { missing: `${broken.name} is no number since ${isoTime(broken.since)}` };
  const { window, stepSeconds, now } = query;
  const recording = recordingOf(found, window, stepSeconds, (slotSeconds) => {
    const end = releasedUntil === undefined ? window.to : Math.ceil(releasedUntil / slotSeconds) * slotSeconds;
    return Math.min(end, window.to, now - Math.min(1, slotSeconds / 5));
  });
  return recording === undefined ? { missing: `no counter has two samples ${between(query)}` } : { recording };
}

const between = ({ window: { from, to } }: Query) => `between ${isoTime(from)} and ${isoTime(to)}`;

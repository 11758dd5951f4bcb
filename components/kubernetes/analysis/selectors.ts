import { defaults } from "../../model/defaults";
import { parseDuration } from "../../model/duration";
import type { Objectives } from "../../model/objectives";
import type { Service } from "../../model/service";
import { Router } from "../../release/compile/target";
import type { VersionSelectors } from "../../release/sequential/evaluators";
import type { CounterSelectors } from "../../release/sequential/promql-rates";
import { type CountersArgs, DEFAULT_VERSION_LABEL } from "./counters";

/** What tells where the requests of a service are counted. */
export interface SelectorsInput {
  name: string;
  namespace: string;
  /** Port of the Services `name` and `name-canary`, 1 to 65535. */
  port: number;
  router: Router;
  counters?: CountersArgs;
  objectives: Objectives;
  service: Service;
}

/** The counters of both versions, and how to know that they are there at all. */
export interface ReleaseSelectors {
  canary: VersionSelectors;
  stable: VersionSelectors;
  /** Expressions that each have an element while metrics of one kind arrive. All of them must. */
  arriving: string[];
}

/** The hashes of the two versions, which Argo writes into a query. */
const CANARY = "{{args.canary-hash}}";
const STABLE = "{{args.stable-hash}}";
/** Scrapes that may be missing before there are no data, as on a Docker host. */
const LATE_SCRAPES = 3;

/** Where the two versions of a service are counted: the service's own counters where it has any, else the router's. */
export function selectorsOf(input: SelectorsInput, scrapeSeconds: number): ReleaseSelectors {
  const { counters } = input;
  const slow = slowOf(input);
  const label = counters?.versionLabel ?? DEFAULT_VERSION_LABEL;
  const own = (selectors: CounterSelectors, hash: string): CounterSelectors => {
    const { total, bad, good } = selectors;
    const of = (selector: string) => withMatcher(selector, `${label}="${hash}"`);
    return { total: of(total), ...(bad && { bad: of(bad) }), ...(good && { good: of(good) }) };
  };
  const range = `[${LATE_SCRAPES * scrapeSeconds * 1000}ms]`;
  const errors = counters === undefined ? routerOf(input) : undefined;
  const fresh = errors?.canary ?? own({ total: counters?.total ?? "", bad: counters?.bad ?? "" }, CANARY);
  const old = errors?.stable ?? own({ total: counters?.total ?? "", bad: counters?.bad ?? "" }, STABLE);
  const arriving =
    fresh.presence === undefined
      ? [`count_over_time(${fresh.total}${range})`]
      : // A router begins to count with the first request, so that one of the two is enough.
        [fresh.presence, `(count_over_time(${fresh.total}${range}) or count_over_time(${old.total}${range}))`];
  if (slow === undefined) return { canary: { errors: fresh }, stable: { errors: old }, arriving };
  const timed = { canary: own(slow, CANARY), stable: own(slow, STABLE) };
  return {
    canary: { errors: fresh, slow: timed.canary },
    stable: { errors: old, slow: timed.stable },
    // Without the bucket of the objective nobody knows which requests were slow.
    arriving: [...arriving, `count_over_time(${timed.canary.good}${range})`],
  };
}

/** Counters of slow requests without the version: those given, or the histogram of the service's own metrics. */
function slowOf({ counters, objectives, service, namespace }: SelectorsInput): CounterSelectors | undefined {
  const { latency } = objectives;
  if (latency === undefined) return undefined;
  if (counters?.slow !== undefined) return { total: counters.slow.total, good: counters.slow.good };
  if (service.metrics === undefined) return undefined;
  const histogram = service.metrics.durationHistogram ?? defaults.metrics.durationHistogram;
  const within = parseDuration(latency.within);
  // Some libraries write a whole number with a fraction of zero.
  const bound = Number.isInteger(within) ? `le=~"${within}(\\\\.0)?"` : `le="${within}"`;
  const of = `namespace="${namespace}"`;
  return { total: `${histogram}_count{${of}}`, good: `${histogram}_bucket{${of},${bound}}` };
}

/**
 * The router's counters of the Services of a canary. They outlive versions, so that the new version's count only while
 * its pods are there, which kubelets, kube-state-metrics and Prometheus itself tell; one of them is enough.
 */
function routerOf(input: SelectorsInput): { canary: CounterSelectors; stable: CounterSelectors } {
  const { name, namespace } = input;
  const presence = `{__name__=~"container_start_time_seconds|kube_pod_info|up",namespace="${namespace}",pod=~"${name}-${CANARY}-.+"}`;
  const { series, failed, canary, stable } = routerSeries(input);
  const of = (version: string): CounterSelectors => ({
    total: `${series}{${version}}`,
    bad: `${series}{${failed},${version}}`,
  });
  return { canary: { ...of(canary), presence }, stable: of(stable) };
}

/** Counter of a router, its label of failed requests, and the labels of the two versions. */
function routerSeries({ name, namespace, port, router }: SelectorsInput): {
  series: string;
  failed: string;
  canary: string;
  stable: string;
} {
  switch (router) {
    case Router.istio: {
      // As those see it who call: what never reached a pod is counted too.
      const of = (service: string) =>
        `reporter="source",destination_service_namespace="${namespace}",destination_service_name="${service}"`;
      const failed = 'response_code=~"5.."';
      return { series: "istio_requests_total", failed, canary: of(`${name}-canary`), stable: of(name) };
    }
    case Router.nginx: {
      // The label canary names where a request went beside the Ingress' own Service, and is empty otherwise.
      const of = `namespace="${namespace}",ingress="${name}"`;
      const failed = 'status=~"5.."';
      const series = "nginx_ingress_controller_requests";
      return { series, failed, canary: `${of},canary!=""`, stable: `${of},canary=""` };
    }
    case Router.traefik: {
      // The children of a weighted TraefikService are named after the namespace, the Service and its port.
      const of = (service: string) => `service="${normalise(`${namespace}-${service}-${port}`)}@kubernetescrd"`;
      const failed = 'code=~"5.."';
      const series = "traefik_service_requests_total";
      return { series, failed, canary: of(`${name}-canary`), stable: of(name) };
    }
    default:
      throw new RangeError(`the router ${router} does not count by version. Set counters to the service's own.`);
  }
}

/** Names as Traefik writes them: its provider.Normalize joins letters and digits by a single hyphen. */
const normalise = (name: string) =>
  name
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join("-");

/** A selector with one label more. */
function withMatcher(selector: string, matcher: string): string {
  const text = selector.trim();
  if (!text.endsWith("}")) return `${text}{${matcher}}`;
  const rest = text.slice(0, -1).trimEnd().replace(/,$/, "");
  return `${rest}${rest.endsWith("{") ? "" : ","}${matcher}}`;
}

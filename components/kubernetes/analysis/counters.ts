import { describeValue, type Problem } from "../../model/problem";
import type { Release } from "../../model/release";
import { Router } from "../../release/compile/target";

/** The requests whose time is known, and those of them that were fast enough: a histogram's count and one bucket. */
export interface SlowCountersArgs {
  /** All requests whose time is known: `http_request_duration_seconds_count{namespace="shop"}`. */
  total: string;
  /** Those within the latency objective: `http_request_duration_seconds_bucket{namespace="shop",le="0.5"}`. */
  good: string;
}

/**
 * Counters of a service's own requests, as PromQL series selectors: a metric's name and labels, without the version,
 * which the analysis adds. A series should begin with zero before its first error, which it hides otherwise.
 */
export interface CountersArgs {
  /** All requests: `http_requests_total{namespace="shop",app="shop"}`. */
  total: string;
  /** The failed ones among them: `http_requests_total{namespace="shop",app="shop",code=~"5.."}`. */
  bad: string;
  /** How long requests take. Defaults to the histogram of `service.metrics`, and without one to not being judged. */
  slow?: SlowCountersArgs;
  /**
   * Label with the hash of the pods' version, which Argo Rollouts gives them as the label rollouts-pod-template-hash.
   * Defaults to "rollouts_pod_template_hash".
   */
  versionLabel?: string;
}

export const DEFAULT_VERSION_LABEL = "rollouts_pod_template_hash";

/** Routers whose own counters tell the two versions of a canary apart. */
const counting: readonly Router[] = [Router.traefik, Router.istio, Router.nginx];

/**
 * Pods of a version are known by the beginning of their name, which ends with "-HASH-" and five characters of at most
 * 63; a hash has up to ten (generateName of the API server, and Argo's hash of the pod template).
 */
const LONGEST_NAME = 46;

/** Whether requests can be counted by version: by the service's own counters, or by the router of a canary. */
export function countable(router: Router, release: Release, counters: CountersArgs | undefined): boolean {
  return counters !== undefined || byRouter(router, release);
}

/** Whether the durations of requests are known by version: by the service's own metrics, or by its counters. */
export function timeable(metrics: object | undefined, counters: CountersArgs | undefined): boolean {
  return metrics !== undefined || counters?.slow !== undefined;
}

function byRouter(router: Router, { canary }: Release): boolean {
  return canary !== undefined && counting.includes(router);
}

/** What is wrong with the counters of a service, with the path from its arguments; empty when nothing is. */
export function counterProblems(
  name: string,
  router: Router,
  release: Release,
  counters: CountersArgs | undefined,
): Problem[] {
  if (counters === undefined) {
    if (!byRouter(router, release) || release.emergency !== undefined || name.length <= LONGEST_NAME) return [];
    const problem = `must have at most ${LONGEST_NAME} characters when the router's counters judge it, which know a version by the names of its pods`;
    const fix = "Shorten it, or set counters to the service's own";
    return [{ path: "name", problem, fix, got: describeValue(name) }];
  }
  const { total, bad, slow, versionLabel } = counters;
  const selectors = { total, bad, ...(slow && { "slow.total": slow.total, "slow.good": slow.good }) };
  const problems = Object.entries(selectors).flatMap(([key, selector]): Problem[] => {
    const path = `counters.${key}`;
    if (!isSelector(selector)) {
      const problem = "must be a series selector of PromQL";
      const fix = 'Write a metric and its labels, as in http_requests_total{app="shop"}, without functions and ranges';
      return [{ path, problem, fix, got: describeValue(selector) }];
    }
    const label = versionLabel ?? DEFAULT_VERSION_LABEL;
    if (!matchesLabel(selector, label)) return [];
    const problem = `must not choose ${label}, by which the analysis tells the versions apart`;
    return [{ path, problem, fix: "Remove that label from the selector", got: describeValue(selector) }];
  });
  if (versionLabel !== undefined && !/^[a-zA-Z_]\w*$/.test(versionLabel)) {
    const problem = "must be the name of a label in Prometheus";
    problems.push({
      path: "counters.versionLabel",
      problem,
      fix: "Use letters, digits and _",
      got: describeValue(versionLabel),
    });
  }
  return problems;
}

const LABELS = String.raw`\s*[a-zA-Z_]\w*\s*(?:=~|!~|!=|=)\s*"(?:[^"\\]|\\.)*"\s*`;
const SELECTOR = new RegExp(
  String.raw`^\s*(?:[a-zA-Z_:][\w:]*\s*(?:\{(?:${LABELS}(?:,${LABELS})*,?)?\s*\})?|\{${LABELS}(?:,${LABELS})*,?\s*\})\s*$`,
);

const isSelector = (text: string): boolean => SELECTOR.test(text);

function matchesLabel(selector: string, label: string): boolean {
  return new RegExp(String.raw`[{,]\s*${label}\s*(?:=|!)`).test(selector.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'));
}

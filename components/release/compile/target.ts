import type { Diagnostic, Fidelity } from "../../model/diagnostics";
import type { Objectives } from "../../model/objectives";
import type { Problem } from "../../model/problem";
import type { Release } from "../../model/release";
import type { Service } from "../../model/service";
import type { Target } from "../../model/target";
import type { PlannedStep, ReleasePlan } from "../plan";

/** What shifts traffic between pods by weight. */
export const Router = {
  /** Nothing: the share of the traffic is the share of the pods. */
  none: "none",
  traefik: "traefik",
  gatewayApi: "gatewayApi",
  nginx: "nginx",
  istio: "istio",
  alb: "alb",
} as const;
export type Router = (typeof Router)[keyof typeof Router];

/** What a compiler knows beside the release and the service. */
export interface CompileOptions {
  objectives?: Objectives;
  /** Name of the service, from which a target's names are made. Defaults to "service". */
  name?: string;
  /** What shifts traffic on Kubernetes. Defaults to "traefik". */
  router?: Router;
  /** Whether requests are counted by version on Kubernetes: without that nothing is judged. Defaults to true. */
  counted?: boolean;
  /** Whether durations are known by version on Kubernetes. Defaults to whether the service has metrics. */
  timed?: boolean;
}

/** All a compiler works on: values that passed their checks, and the release as it was asked for. */
export interface CompileInput {
  release: Release;
  service: Service;
  objectives: Objectives;
  name: string;
  router: Router;
  counted: boolean;
  timed: boolean;
  /** The release to the letter: every default filled in, every time in seconds. */
  requested: ReleasePlan;
}

/** What a compiler returns. */
export interface TargetPlan<Fields> {
  /** The target's own fields, with its own names and types. */
  fields: Fields;
  /** What the target does before the new version has all traffic: shares and times, as far as it goes without people. */
  steps: PlannedStep[];
  /** Time at 100 % in which the old version can still come back at once. */
  bakeSeconds: number;
  diagnostics: Diagnostic[];
  /** What the target cannot do and must not leave out silently. */
  problems: Problem[];
}

/** A release as one target carries it out. With problems it must not be carried out. */
export interface CompiledRelease<Fields = unknown> extends TargetPlan<Fields> {
  target: Target;
  requested: ReleasePlan;
  /** The worst of the diagnostics, "exact" without any. */
  fidelity: Fidelity;
  /** Largest share of the traffic, 0 to 1, that the new version gets beyond what was asked. */
  maxExposureError: number;
  /** Steps too short to see what the objectives ask for; empty without `analysis.requestsPerSecond`. */
  warnings: string[];
}

/** A remark on something that gives the new version no traffic beyond what was asked. */
export function bent(
  feature: string,
  fidelity: Exclude<Fidelity, "exact">,
  message: string,
  maxExposureError = 0,
): Diagnostic {
  return { feature, fidelity, message, maxExposureError };
}

/** Something that must not be left out silently. */
export function impossible(path: string, problem: string, fix: string): Problem {
  return { path, problem, fix };
}

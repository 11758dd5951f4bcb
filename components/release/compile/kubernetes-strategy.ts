import { defaults } from "../../model/defaults";
import type { Diagnostic } from "../../model/diagnostics";
import type { Problem } from "../../model/problem";
import type { PlannedStep } from "../plan";
import type { HookTemplate, RolloutSpec } from "./kubernetes-argo";
import type { JudgeUse } from "./kubernetes-judge";
import { bent, type CompileInput, impossible } from "./target";

/** What a strategy makes of a Rollout. */
export interface StrategyPart {
  strategy: RolloutSpec["strategy"];
  /** Time each new pod is watched before the next one, in whole seconds; 0 when shares do that. */
  minReadySeconds: number;
  steps: PlannedStep[];
  bakeSeconds: number;
  hookTemplates: HookTemplate[];
  judges: JudgeUse[];
  diagnostics: Diagnostic[];
  problems: Problem[];
}

/** Time that pods of a version that was taken back stay, to end what they work on: Argo's own default. */
export const ABORT_SECONDS = 30;

/** Argo counts whole seconds: a fraction becomes a whole one. */
export function wholeSeconds(path: string, seconds: number): { seconds: number; diagnostics: Diagnostic[] } {
  const whole = Math.ceil(seconds);
  const message = `Kubernetes counts whole seconds: ${seconds} s become ${whole} s.`;
  return { seconds: whole, diagnostics: whole === seconds ? [] : [bent(path, "approximated", message)] };
}

/** Whether the old pods cannot be kept for a bake that somebody asked for. */
export function bakeLost({ release, requested }: CompileInput, message: string): Diagnostic[] {
  if (release.bake === undefined || requested.bakeSeconds === 0) return [];
  return [bent("release.bake", "dropped", message)];
}

/** Whether everything is left out that takes time. */
export const hurried = ({ release }: CompileInput): boolean => release.emergency !== undefined;

/** Whether nobody judges: an emergency goes by health alone, and so does what cannot be counted by version. */
export const unjudged = (input: CompileInput): boolean => hurried(input) || !input.counted;

/** Says that nobody judges, where that was asked for. */
export function uncounted(input: CompileInput): Diagnostic[] {
  const { counted, release, objectives } = input;
  const asked = release.analysis !== undefined || Object.keys(objectives).length > 0;
  if (counted || hurried(input) || !asked) return [];
  const message = "Nothing counts requests by version here, so that the release goes by the health of its pods alone.";
  return [bent("release.analysis", "dropped", message)];
}

/** A share of the traffic is there to be judged. */
export function uncountedProblem(input: CompileInput): Problem[] {
  if (input.counted || hurried(input)) return [];
  const problem =
    "are missing: without them nothing tells how the requests of each version fare, by which a canary goes";
  const fix = "Name the service's own counters, or choose the router traefik, nginx or istio, which count by version";
  return [impossible("counters", problem, fix)];
}

export const fitOf = ({ release }: CompileInput) => release.fit ?? defaults.fit;

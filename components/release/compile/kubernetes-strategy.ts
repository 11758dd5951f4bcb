import { defaults } from "../../model/defaults";
import type { Diagnostic } from "../../model/diagnostics";
import type { Problem } from "../../model/problem";
import type { PlannedStep } from "../plan";
import type { HookTemplate, RolloutSpec } from "./kubernetes-argo";
import type { JudgeUse } from "./kubernetes-judge";
import { bent, type CompileInput } from "./target";

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

/** Whether nobody judges: an emergency goes by health alone. */
export const unjudged = ({ release }: CompileInput): boolean => release.emergency !== undefined;

export const fitOf = ({ release }: CompileInput) => release.fit ?? defaults.fit;

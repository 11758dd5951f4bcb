import { defaults } from "../../model/defaults";
import type { Diagnostic } from "../../model/diagnostics";
import type { Problem } from "../../model/problem";
import { Gate } from "../../model/release";
import type { PlannedStep } from "../plan";
import { bent, type CompileInput, impossible } from "./target";
import { wholeShares } from "./whole-shares";

/** A share of the traffic, and its time: first watched, then waited for. */
export interface Phase {
  percentage: number;
  /** Time in which alerts are looked at, whole minutes. */
  analysisSeconds: number;
  /** Time after it. */
  waitSeconds: number;
  gate: Gate;
  /** Whether it is a step that was asked for. */
  step: boolean;
}

/** The shares before all traffic. */
export interface Phases {
  phases: Phase[];
  steps: PlannedStep[];
  diagnostics: Diagnostic[];
  problems: Problem[];
}

/** Longest analysis, 48 hours, and longest wait, 14 days (Cloud Deploy's reference of Analysis and Automation). */
const MOST_ANALYSIS_SECONDS = 172_800;
const MOST_WAIT_SECONDS = 1_209_600;

/** Time that an analysis of at least so long takes: whole minutes. */
export function analysisOf(seconds: number): number {
  return Math.min(MOST_ANALYSIS_SECONDS, Math.ceil(seconds / 60) * 60);
}

/**
 * The phases of a release. Cloud Run knows whole percents, and Cloud Deploy wants them ascending: steps with the same
 * share become one. A phase with traffic is watched for all of its time.
 */
export function phasesOf(input: CompileInput): Phases {
  const { release, requested } = input;
  if (requested.strategy === "rolling")
    return { phases: [], steps: [], diagnostics: rollingDiagnostics(input), problems: [] };
  const shares = wholeShares(requested.steps, release.fit ?? defaults.fit, "Cloud Run");
  const merged = merge(shares.steps);
  const phases = merged.map(({ step }) => phaseOf(step));
  const path = (index: number) =>
    requested.strategy === "canary" ? `release.canary.steps[${index}].hold` : "release.blueGreen.promoteAfter";
  const diagnostics: Diagnostic[] = [...shares.diagnostics];
  const problems: Problem[] = [];
  for (const [position, { step, index }] of merged.entries()) {
    const { analysisSeconds, waitSeconds } = phases[position] ?? phaseOf(step);
    const seconds = analysisSeconds + waitSeconds;
    if (seconds !== step.holdSeconds) {
      const unit = analysisSeconds > 0 ? "whole minutes" : "whole seconds";
      const message = `Cloud Deploy counts ${unit}: ${step.holdSeconds} s become ${seconds} s.`;
      diagnostics.push(bent(path(index), "approximated", message));
    }
    if (analysisSeconds > 0 && waitSeconds > 0) {
      const message = "Cloud Deploy watches a phase for at most 48 hours; the rest of the time nobody judges.";
      diagnostics.push(bent(path(index), "approximated", message));
    }
    if (analysisSeconds === 0 && waitSeconds > 0 && step.gate === Gate.manual) {
      const message = "Cloud Deploy lets somebody go on as soon as the new version is there.";
      diagnostics.push(bent(path(index), "dropped", message));
    }
    if (waitSeconds > MOST_WAIT_SECONDS) {
      const fix = "Choose a shorter time, or let somebody promote";
      problems.push(impossible(path(index), "is longer than Cloud Deploy waits, 14 days", fix));
    }
  }
  return { phases, steps: merged.map(({ step }, at) => timed(step, phases[at])), diagnostics, problems };
}

const timed = (step: PlannedStep, phase: Phase | undefined): PlannedStep =>
  phase === undefined ? step : { ...step, holdSeconds: phase.analysisSeconds + phase.waitSeconds };

/** Steps with the same share as one, with the number of the first. If one of them waits for a person, so do all. */
function merge(steps: readonly PlannedStep[]): { step: PlannedStep; index: number }[] {
  const merged: { step: PlannedStep; index: number }[] = [];
  for (const [index, step] of steps.entries()) {
    const last = merged.at(-1);
    if (last === undefined || last.step.weight !== step.weight) {
      merged.push({ step, index });
      continue;
    }
    const holdSeconds = last.step.holdSeconds + step.holdSeconds;
    const gate = last.step.gate === Gate.manual ? Gate.manual : step.gate;
    last.step = { weight: step.weight, holdSeconds, gate };
  }
  return merged;
}

function phaseOf({ weight, holdSeconds, gate }: PlannedStep): Phase {
  const analysisSeconds = weight === 0 ? 0 : analysisOf(holdSeconds);
  const waitSeconds = Math.max(0, Math.ceil(holdSeconds - analysisSeconds));
  return { percentage: weight, analysisSeconds, waitSeconds, gate, step: true };
}

function rollingDiagnostics({ release, requested }: CompileInput): Diagnostic[] {
  if (requested.steps.length === 0 && release.rolling === undefined) return [];
  const message = "Cloud Run exchanges no single copies: all traffic moves at once when the new version is ready.";
  return [bent("release.rolling", "approximated", message)];
}

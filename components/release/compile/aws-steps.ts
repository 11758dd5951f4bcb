import { defaults } from "../../model/defaults";
import type { Diagnostic } from "../../model/diagnostics";
import type { Problem } from "../../model/problem";
import { Gate } from "../../model/release";
import type { PlannedStep } from "../plan";
import { exposureError, secondsToAll } from "./exposure";
import { describeLadder, fitLadder, isExact, type Ladder, type LadderLimits } from "./ladder";
import { bent, type CompileInput, impossible } from "./target";

/** A canary on a target that knows one step or equal steps: ECS and CodeDeploy. */
export interface LadderSteps {
  /** Absent when none stays below what was asked. */
  ladder?: Ladder;
  steps: PlannedStep[];
  diagnostics: Diagnostic[];
  problems: Problem[];
}

/** Fits the requested steps onto a ladder, and says how it differs. */
export function stepsOnLadder({ release, requested }: CompileInput, name: string, limits: LadderLimits): LadderSteps {
  const path = "release.canary.steps";
  const ladder = fitLadder(requested.steps, limits, release.fit ?? defaults.fit);
  if (ladder === undefined) {
    const problem = `cannot be done on ${name} without giving the new version more traffic than asked for`;
    const fix = `Start with at least ${limits.smallestCanary} %, take at most ${limits.mostMinutes} minutes in all, or set release.fit to "nearest"`;
    return { steps: requested.steps, diagnostics: [], problems: [impossible(path, problem, fix)] };
  }
  const steps = ladder.steps.map((step) => ({ ...step, gate: Gate.auto }));
  if (isExact(requested.steps, ladder)) return { ladder, steps, diagnostics: [], problems: [] };
  const message = sameWeights(requested.steps, ladder)
    ? `${name} counts in minutes: each hold becomes ${ladder.minutes} min, ${secondsToAll(steps) / 60} min in all.`
    : `${name} knows one step or equal ones: ${describeLadder(requested.steps, ladder)}.`;
  return {
    ladder,
    steps,
    diagnostics: [bent(path, "approximated", message, exposureError(requested.steps, steps))],
    problems: [],
  };
}

function sameWeights(requested: readonly PlannedStep[], { steps }: Ladder): boolean {
  return requested.length === steps.length && requested.every(({ weight }, index) => weight === steps[index]?.weight);
}

import type { Diagnostic } from "../../model/diagnostics";
import { Fit } from "../../model/release";
import type { PlannedStep } from "../plan";
import { bent } from "./target";

/** What a target makes of the shares that were asked for. */
export interface FittedShares {
  /** As many as were asked for, in the same order and for the same times. */
  steps: PlannedStep[];
  diagnostics: Diagnostic[];
}

/** Largest share of a step: at 100 % the release would be over before its last gate. */
const LARGEST = 99;

/**
 * Shares of a target that takes whole numbers only: rounded down, or to the nearest one with fit "nearest". A share
 * below the smallest becomes 0 %, and its time passes all the same, so that the next step comes no sooner.
 * @param parts How many parts the target makes of one percent.
 */
export function wholeShares(steps: readonly PlannedStep[], fit: Fit, name: string, parts = 1): FittedShares {
  const fitted = steps.map((step) => ({ ...step, weight: whole(step.weight, fit, parts) }));
  const diagnostics = fitted.flatMap(({ weight }, index) => {
    const asked = steps[index]?.weight ?? weight;
    if (weight === asked) return [];
    const message =
      weight === 0
        ? `${name}'s smallest share is ${1 / parts} %, so that the new version gets nothing at ${asked} %.`
        : `${name} knows shares in steps of ${1 / parts} %: the new version gets ${weight} % instead of ${asked} %.`;
    const feature = `release.canary.steps[${index}].weight`;
    return [bent(feature, weight === 0 ? "dropped" : "approximated", message, excess(weight, asked))];
  });
  return { steps: fitted, diagnostics };
}

function whole(percent: number, fit: Fit, parts: number): number {
  const exact = Number((percent * parts).toPrecision(12));
  if (fit === Fit.nearest) return Math.min(LARGEST * parts, Math.round(exact)) / parts;
  const below = Math.floor(exact) / parts;
  // A number just below a whole one counts as that one above.
  return below <= percent ? below : (Math.floor(exact) - 1) / parts;
}

/** Share of the traffic, 0 to 1, beyond what was asked. */
export function excess(weight: number, asked: number): number {
  return Math.max(0, Number(((weight - asked) / 100).toPrecision(12)));
}

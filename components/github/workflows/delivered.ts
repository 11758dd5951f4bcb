import { deliveredBranches } from "../../pipeline/delivered-branches";
import type { PlannedEnvironment } from "../../pipeline/plan";
import type { Emitter } from "./emitter";
import { concat, type Evaluated, expression, onBranches } from "./expression";

/** Whether this run's branch is one of the environment's; needed only where runs start for others too. */
export function branchCondition(emitter: Emitter, { branches }: PlannedEnvironment): Evaluated | undefined {
  const every = deliveredBranches(emitter.plan);
  return every.every((branch) => branches.includes(branch)) ? undefined : onBranches(branches);
}

/** The images of this run as JSON: names are the plan's, references come from this run's own jobs. */
export const builtImages = (names: readonly string[]): Evaluated =>
  concat(
    "{",
    ...names.flatMap((name, index) => [
      `${index === 0 ? "" : ","}${JSON.stringify(name)}:"`,
      expression`needs[${`build-${name}`}].outputs.image`,
      '"',
    ]),
    "}",
  );

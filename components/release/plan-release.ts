import { defaults } from "../model/defaults";
import type { Problem } from "../model/problem";
import { Fit } from "../model/release";
import { type Compiled, compileForDocker } from "./compile-docker";
import type { ReleaseInput } from "./normalise-release";

/** A compiled release. With problems it must not be carried out. */
export interface PlannedRelease extends Compiled {
  /** Present when `fit: "exact"` was asked for and the target bends something. */
  problems: Problem[];
}

/**
 * Compiles a release: pure and the same every time. The values must have passed checkRelease, checkService and
 * checkObjectives; problems are for an ArgumentError.
 */
export function planRelease(input: ReleaseInput): PlannedRelease {
  const compiled = compileForDocker(input);
  const inexact = compiled.diagnostics.filter((diagnostic) => diagnostic.fidelity !== "exact");
  const exact = (input.release.fit ?? defaults.fit) === Fit.exact;
  return {
    ...compiled,
    problems: exact
      ? inexact.map(({ feature, fidelity, message }) => ({
          path: feature,
          problem: `would be ${fidelity} here, and release.fit is "exact"`,
          fix: `${message} Remove the setting, or choose another release.fit`,
        }))
      : [],
  };
}

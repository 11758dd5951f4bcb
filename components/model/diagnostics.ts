/** How well a target does what was asked. */
export type Fidelity = "exact" | "approximated" | "emulated" | "dropped";

/** One remark of a compiler: what a target does differently from what was asked. */
export interface Diagnostic {
  /** Path of the setting, such as "release.rolling.maxSurge". */
  feature: string;
  fidelity: Fidelity;
  /** One sentence for a person. */
  message: string;
  /** Largest share of the traffic, 0 to 1, that the new version gets beyond what was asked. */
  maxExposureError: number;
}

/** What happens at the end of a step's hold. */
export const Gate = {
  /** Go on when the judge has no objection. */
  auto: "auto",
  /** Wait until somebody promotes. */
  manual: "manual",
} as const;
export type Gate = (typeof Gate)[keyof typeof Gate];

/** What to do when the judge could not decide although metrics arrived (too few requests). */
export const OnUndecided = {
  /** Stay at this weight until it can, at most until the progress deadline; then take the release back. */
  wait: "wait",
  /** Stay at this weight until somebody decides; `pulumi up` ends with an error that says so. */
  pause: "pause",
  /** Go on: a healthy version without traffic is accepted. */
  promote: "promote",
  /** Take the release back. */
  rollback: "rollback",
} as const;
export type OnUndecided = (typeof OnUndecided)[keyof typeof OnUndecided];

/** What to do when no metrics arrive at all. Nothing here promotes: missing data never does. */
export const OnNoData = {
  /** Stay at this weight until metrics are back, at most until the progress deadline; then take the release back. */
  wait: "wait",
  /** Stay at this weight until somebody decides; `pulumi up` ends with an error that says so. */
  pause: "pause",
  /** Take the release back when the hold is over. */
  rollback: "rollback",
} as const;
export type OnNoData = (typeof OnNoData)[keyof typeof OnNoData];

/** Whether a target may bend what it cannot do. */
export const Fit = {
  /** Anything that is not done to the letter is an error. */
  exact: "exact",
  /** The new version never gets more traffic than asked for. */
  neverExceed: "never-exceed",
  /** As near as possible, above or below. */
  nearest: "nearest",
} as const;
export type Fit = (typeof Fit)[keyof typeof Fit];

/** One step of a canary. */
export interface CanaryStep {
  /** Share of the traffic the new version gets, in percent, above 0 and below 100. */
  weight: number;
  /** Time at this weight, with its unit: "300s", "5m". Defaults to "300s". */
  hold?: string;
  /** What happens when the hold is over. Defaults to "auto". */
  gate?: Gate;
}

/** The new version takes growing shares of the traffic. */
export interface Canary {
  /** Steps in rising order of weight. Defaults to 10, 25, 50 and 75 percent, 300 seconds each. */
  steps?: CanaryStep[];
}

/** The new version starts beside the old one and takes all traffic at once. */
export interface BlueGreen {
  /** Wait for somebody to promote before the switch. Defaults to false. */
  manual?: boolean;
  /** Time between ready and the switch, with its unit. Defaults to "0s". */
  promoteAfter?: string;
}

/** Copies are exchanged one after another. */
export interface Rolling {
  /** Copies beyond the wanted number during the exchange, 1 to 100. Defaults to the target's own. */
  maxSurge?: number;
  /** Time each exchanged copy is watched before the next one, with its unit. Defaults to "10s". */
  minReady?: string;
}

/** The new version takes all traffic as soon as it is healthy. */
export interface Immediate {
  /** Skip the bake: the old version goes at once. Defaults to false. */
  skipBake?: boolean;
}

/** Threshold rule: the new version fails when it is bad in itself and worse than the old one. */
export interface Threshold {
  /**
   * Error ratio of the new version above which it is bad, 0 to 1. Defaults to 0.01; with an availability objective to
   * 14.4 times its error budget, at least the budget and at most 0.01 (0.9999 gives 0.00144, 0.95 gives 0.05).
   */
  maxErrorRatio?: number;
  /** How many times the old version's error ratio it may reach, at least 1. Defaults to 2. */
  maxTimesOld?: number;
  /** Requests the new version must have answered before it is judged. Defaults to 50. */
  minRequests?: number;
  /** Bad looks in a row that end a release, 1 to 100. Defaults to 3. */
  consecutiveLooks?: number;
  /** Time the ratios are taken over, with its unit. Defaults to "60s". */
  window?: string;
}

/** How a release is judged. */
export interface Analysis {
  /** The threshold rule. Defaults to the rule with its defaults. */
  threshold?: Threshold;
  /** Defaults to "wait" for a canary and to "promote" for the other strategies, which then go by health alone. */
  onUndecided?: OnUndecided;
  /** Defaults to "wait". */
  onNoData?: OnNoData;
}

/** How a service's new version replaces the old one. At most one strategy; rolling is the default. */
export interface Release {
  rolling?: Rolling;
  immediate?: Immediate;
  blueGreen?: BlueGreen;
  canary?: Canary;
  /** How the new version is judged on the way. */
  analysis?: Analysis;
  /** Time the old version is kept warm after the new one has all traffic, with its unit. Defaults to "300s". */
  bake?: string;
  /** Longest time a release may stand still beyond its holds, with its unit. Defaults to "600s". */
  progressDeadline?: string;
  /** What a target may bend. Defaults to "never-exceed". */
  fit?: Fit;
}

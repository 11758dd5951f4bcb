/** What happens at the end of a step's hold. */
export const Gate = {
  /** Go on when the judge has no objection. */
  auto: "auto",
  /** Wait until somebody promotes. */
  manual: "manual",
  /** Go on as soon as the judge is sure, at the latest when the hold is over and it has no objection. */
  verdict: "verdict",
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

/** What happens when a release fails. */
export const OnFailure = {
  /** All traffic goes back to the old version. */
  rollback: "rollback",
  /** The release stays at its weight until somebody decides: for changes that cannot be taken back. */
  pause: "pause",
} as const;
export type OnFailure = (typeof OnFailure)[keyof typeof OnFailure];

/** How many copies of the new version run during a canary. */
export const ScaleMode = {
  /** As many as its share of the traffic asks for. */
  matchWeight: "match-weight",
  /** A fixed number. */
  fixed: "fixed",
} as const;
export type ScaleMode = (typeof ScaleMode)[keyof typeof ScaleMode];

export const Weekday = {
  monday: "monday",
  tuesday: "tuesday",
  wednesday: "wednesday",
  thursday: "thursday",
  friday: "friday",
  saturday: "saturday",
  sunday: "sunday",
} as const;
export type Weekday = (typeof Weekday)[keyof typeof Weekday];

/** A request header with exactly this value. */
export interface HeaderMatch {
  /** Name of the header: "x-canary". */
  name: string;
  /** The whole value: "always". */
  value: string;
}

/** Keeps a client on the version it met first. */
export interface StickyRoute {
  /** Name of the cookie. Defaults to "headgate". */
  cookie?: string;
  /** How long it is kept, with its unit. Defaults to "1h". */
  ttl?: string;
}

/** How requests find the new version beside its share of the traffic. */
export interface CanaryRoute {
  /** Requests with this header always reach the new version. */
  header?: HeaderMatch;
  /** Share of the requests copied to the new version, answers thrown away, in percent, above 0 and up to 100. */
  mirrorPercent?: number;
  sticky?: StickyRoute;
}

/** How the number of copies follows the traffic. */
export interface CanaryScale {
  /** Defaults to "match-weight". */
  mode?: ScaleMode;
  /** Copies of the new version with mode "fixed", 1 to 100. */
  replicas?: number;
  /** Take copies from the old version as its share falls. Defaults to false, so that going back is instant. */
  shrinkStable?: boolean;
}

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
  /** Header routing, mirroring and sticky sessions. Defaults to none. */
  route?: CanaryRoute;
  /** Copies of both versions on the way. */
  scale?: CanaryScale;
}

/** How the new version can be tried before the switch. */
export interface BlueGreenPreview {
  /** Copies before the switch, 1 to 100. Defaults to all. */
  replicas?: number;
  /** Requests with this header reach the new version before the switch. */
  header?: HeaderMatch;
}

/** The new version starts beside the old one and takes all traffic at once. */
export interface BlueGreen {
  /** Wait for somebody to promote before the switch. Defaults to false. */
  manual?: boolean;
  /** Time between ready and the switch, with its unit. Defaults to "0s". */
  promoteAfter?: string;
  /** Trying the new version before the switch. Defaults to none. */
  preview?: BlueGreenPreview;
}

/** Copies are exchanged one after another. */
export interface Rolling {
  /** Copies beyond the wanted number during the exchange, 1 to 100. Defaults to the target's own. */
  maxSurge?: number;
  /** Copies that may be missing during the exchange, 0 to 100. Defaults to 0. */
  maxUnavailable?: number;
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

/**
 * Sequential test: compares both versions side by side at every scrape, with a chance of a false alarm that holds for
 * the whole release however often it is looked at. docs/analysis.md has the formulas.
 */
export interface Sequential {
  /** Chance with which a version as good as the old one is ever taken back, above 0 and below 1. Defaults to 0.01. */
  alpha?: number;
  /** Chance with which a version that fails twice as often passes at a look, above 0 and below 1. Defaults to 0.05. */
  beta?: number;
  /** How many times the old version's share of bad requests is accepted, 1 to 100. Defaults to 1. */
  tolerate?: number;
  /**
   * Share of failed requests below which the new version is never taken back, 0 to 1. Defaults to the error budget of
   * the availability objective, since a version that keeps the promise is not bad; without one to 0.001.
   */
  ignoreBelow?: number;
  /**
   * Share of failed requests that the new version passes by staying surely below, above 0 and below 1. Defaults to
   * 0.01; with an availability objective to 14.4 times its error budget, at least the budget and at most 0.01.
   */
  sloMax?: number;
  /** Time after its first request in which the new version is not judged, with its unit. Defaults to "0s". */
  warmUp?: string;
  /** Time before the release that tells how the old version's errors come, with its unit. Defaults to "1h". */
  history?: string;
  /** Requests the new version must have answered before a gate opens without a verdict. Defaults to 50. */
  minRequests?: number;
}

/** How a release is judged. At most one of sequential and threshold; the sequential test is the default. */
export interface Analysis {
  /** The sequential test. Defaults to the test with its defaults. */
  sequential?: Sequential;
  /** The threshold rule in its place. */
  threshold?: Threshold;
  /**
   * Requests per second of the whole service. With it `pulumi preview` warns of steps too short to see the
   * regression that the objectives ask for. Defaults to no such warning.
   */
  requestsPerSecond?: number;
  /** Defaults to "wait" for a canary and to "promote" for the other strategies, which then go by health alone. */
  onUndecided?: OnUndecided;
  /** Defaults to "wait". */
  onNoData?: OnNoData;
}

/** A container that runs once and must end with exit code 0. */
export interface ContainerHook {
  /** Image by digest. Defaults to the new version's own. */
  image?: string;
  /** Program and arguments. */
  command: string[];
}

/** A request that must be answered with 200 to 299. */
export interface HttpHook {
  /** Address, https or http. */
  url: string;
}

/** A Lambda function that must answer without an error. */
export interface LambdaHook {
  /** ARN of the function. */
  arn: string;
}

/** Something to run at one point of a release. Exactly one of container, http and lambda. */
export interface Hook {
  container?: ContainerHook;
  http?: HttpHook;
  lambda?: LambdaHook;
  /** Longest time it may take, with its unit. Defaults to "300s". */
  timeout?: string;
}

/** What runs at the points of a release. A hook that fails, fails the release. */
export interface Hooks {
  /** Before anything of the new version starts. */
  beforeDeploy?: Hook;
  /** The new version runs and has no traffic yet. */
  beforeTraffic?: Hook;
  /** After the hold of every step. */
  afterStep?: Hook;
  /** Before the new version takes all traffic. */
  beforePromote?: Hook;
  /** The new version has all traffic. */
  afterPromote?: Hook;
  /** After the traffic went back. Its failure changes nothing. */
  onRollback?: Hook;
}

/** A change of a database or the like, run once before the new version gets traffic. */
export interface Migration {
  /** Program and arguments in the new version's image. */
  command: string[];
  /** Longest time it may take, with its unit. Defaults to "600s". */
  timeout?: string;
  /** Whether the old version works on after it. Defaults to true; when false, onFailure must be "pause". */
  reversible?: boolean;
}

/** A time in which nothing is released. */
export interface FreezeDates {
  /** First moment, with its offset: "2026-12-23T18:00:00+01:00". */
  from: string;
  /** First moment after it, with its offset. */
  to: string;
  /** Why, for whoever is refused. */
  reason?: string;
}

/** Hours of a week in which nothing is released. */
export interface FreezeWeekly {
  /** Days of the week. */
  days: Weekday[];
  /** First minute of the day: "16:00". Defaults to "00:00". */
  from?: string;
  /** First minute after it, later on the same day: "20:00". Defaults to "24:00". */
  to?: string;
  /** Name in the IANA time zone database. Defaults to "UTC". */
  timeZone?: string;
  /** Why, for whoever is refused. */
  reason?: string;
}

/** Times in which nothing is released, but for emergencies. */
export interface Freeze {
  dates?: FreezeDates[];
  weekly?: FreezeWeekly[];
}

/** A release that cannot wait: all traffic at once when healthy, without steps, gates, analysis and freeze windows. */
export interface Emergency {
  /** Why; it is kept with the release. */
  reason: string;
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
  /** What happens when the release fails. Defaults to "rollback". */
  onFailure?: OnFailure;
  /** What runs at the points of the release. Defaults to nothing. */
  hooks?: Hooks;
  /** A change of a database or the like, before any traffic. Defaults to none. */
  migration?: Migration;
  /** Earlier configurations and secrets kept for going back, 1 to 50. Defaults to 3. */
  retainConfigRevisions?: number;
  /** Times in which nothing is released. Defaults to none. */
  freeze?: Freeze;
  /** Set for one release that cannot wait; remove it afterwards. */
  emergency?: Emergency;
  /** What a target may bend. Defaults to "never-exceed". */
  fit?: Fit;
}

import type { IncrementState, Series } from "../../release/increments";
import type { Verdict } from "../../release/judge";
import type { JudgeState } from "../../release/judges";
import type { Cause } from "../../release/progress";
import type { ReleaseState, ServiceRegistration, Version } from "./protocol";

/** Everything the guard knows of a service; the journal holds one per service. Plain JSON. */
export interface ServiceRecord {
  format: 1;
  service: string;
  registration: ServiceRegistration;
  stable?: Version;
  nextRevision: number;
  /** The release under way, or the last one. */
  release?: ReleaseRecord;
  /** Versions that were taken back, newest last. */
  refused: ReleaseState[];
  /** Releases that ended, newest last, without their events. */
  history: ReleaseState[];
  /** Number of ended releases by "outcome/cause". */
  ended: Record<string, number>;
}

/** A release with what only the guard needs to go on with it. */
export interface ReleaseRecord {
  state: ReleaseState;
  /** Probes of the candidate's servers while it warms, by server name. */
  probes: Record<string, ProbeRecord>;
  judge: JudgeState;
  increments: IncrementState;
  verdict?: Verdict;
  /** Time of the last turn while the version starts. */
  turnAt?: number;
  /** End of the newest slot that was judged. */
  judgedAt?: number;
  /** Time of the newest sample of the candidate's requests. */
  sampledAt?: number;
  /** Why samples are missing, as far as it is known. */
  sampleProblem?: string;
  /** Looks in a row at which no copy of the candidate passed its checks. */
  downLooks: number;
  /** What was told last to be waited for, so that it is told once. */
  waiting?: string;
  /** Conditions that were told, until they are over. */
  told: { oldDown: boolean; noData: boolean; decision?: Verdict["decision"] };
  /** How far the end is: the leaving version takes no new clients, takes nothing, is out of the gateway. */
  leaving?: { stage: "quiet" | "closed" | "gone"; since: number };
}

/** Probes of one server since the version started. */
export interface ProbeRecord {
  goodInRow: number;
  failed: number;
  total: number;
  /** What the last failed probe met: "answered 503 to GET /ready". */
  lastFailure?: string;
}

/** One probe of one server. */
export interface ProbeResult {
  server: string;
  /** Absent when it was good. */
  failure?: string;
}

/** What the guard saw of the world since the last turn. */
export interface Observation {
  /** The service's servers at the gateway; absent when the gateway could not be asked. */
  gateway?: Record<string, { up: boolean; sessions: number }>;
  /** A process of the gateway from before a reload still answers clients, maybe by a version that leaves. */
  leftovers: boolean;
  probes: ProbeResult[];
  /** Counters, or why there are none. */
  samples: { series: Series[]; sampledAt?: number; problem?: string };
}

/** Times of the host that a turn needs. */
export interface Rhythm {
  scrapeIntervalSeconds: number;
  tickSeconds: number;
  /** Longest time a process of the gateway from before a reload goes on. */
  stopSeconds: number;
}

/** A service that nothing was released for yet. */
export function newRecord(service: string, registration: ServiceRegistration): ServiceRecord {
  return { format: 1, service, registration, nextRevision: 1, refused: [], history: [], ended: {} };
}

/** Causes after which the same version is refused until `retry` changes. */
export const REFUSED_AFTER: readonly Cause[] = ["analysis", "unhealthy", "aborted"];
export const KEPT_REFUSALS = 50;
export const KEPT_RELEASES = 20;
/** Events of a release that are kept; older ones are forgotten first. */
export const KEPT_EVENTS = 400;

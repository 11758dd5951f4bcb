import type { Counts } from "./judge";
import type { ReleasePlan } from "./plan";

/** Where a release is. The same words on every target; see docs/release.md. */
export type Phase = "starting" | "warming" | "stepping" | "baking" | "draining" | "ended";

/** Why a release ended as it did. */
export type Cause =
  | "promoted"
  /** The judge said no. */
  | "analysis"
  /** Copies never became healthy, or flapped, or exited. */
  | "unhealthy"
  /** Metrics were missing. */
  | "noData"
  /** Too few requests until the deadline. */
  | "undecided"
  /** Somebody aborted. */
  | "aborted"
  /** The client went away before its containers were there. */
  | "abandoned";

/** One thing that happened in a release, numbered from 1. */
export interface ReleaseEvent {
  sequence: number;
  /** Seconds since 1970. */
  at: number;
  kind: "phase" | "step" | "look" | "verdict" | "waiting" | "gateway";
  /** One line for a person, no secret in it. */
  message: string;
}

/** What the sequential test holds against the new version, and the limits at which it is sure. */
export interface SeenEvidence {
  /** Logarithm of how much more likely what was seen is if the new version is worse. */
  value: number;
  /** From here on the release is taken back. */
  failAt?: number;
  /** From here down the new version has passed. */
  passAt?: number;
}

/** What was seen in one step. */
export interface StepRecord {
  weight: number;
  startedAt: number;
  endedAt?: number;
  new: Counts;
  old: Counts;
  /** "pass", "fail", "undecided", "no data", "running"; "unjudged" where nothing counts requests. */
  verdict: string;
  evidence?: SeenEvidence;
}

/** A version that has, had or may get traffic. */
export interface ReleasedVersion {
  revision: number;
  /** "sha256:…" */
  digest: string;
}

/** What a release waits for a person with. */
export interface Pause {
  reason: "manual" | "noData" | "undecided" | "paused";
  /** Seconds since 1970. */
  since: number;
}

/** Copies of a version: how many there should be, and how many can answer. */
export interface Copies {
  wanted: number;
  ready: number;
}

/** A release as every target knows it. Times in seconds since 1970. */
export interface ReleaseProgress {
  service: string;
  candidate: ReleasedVersion;
  /** The version that had the traffic before; absent for a first release. */
  previous?: ReleasedVersion;
  plan: Pick<ReleasePlan, "strategy" | "steps" | "bakeSeconds">;
  phase: Phase;
  /** Index into plan.steps while stepping; plan.steps.length at 100 %. */
  stepIndex: number;
  /** Share of the traffic the candidate has now, in percent. */
  weight: number;
  startedAt: number;
  stepStartedAt: number;
  endedAt?: number;
  /** Waiting for a person: a manual gate, or a pause. Absent: not paused. */
  paused?: Pause;
  outcome?: "promoted" | "rolledBack";
  cause?: Cause;
  /** One sentence for a person: step, numbers, limits. */
  reason?: string;
  /** Requests of both versions since the candidate first had traffic. */
  totals: { new: Counts; old: Counts };
  steps: StepRecord[];
  /** Copies of both versions, where the target tells them apart. */
  copies?: { new: Copies; old: Copies };
  /** Seconds until the release should be over when all goes well. */
  secondsLeft: number;
  events: ReleaseEvent[];
}

import type { Gate, OnNoData, OnUndecided } from "../model/release";
import type { SequentialRule } from "./sequential/rule";

/** One step of a compiled release: a weight, how long, and what opens the next step. */
export interface PlannedStep {
  /** Share of the traffic of the new version in percent, from 0 and below 100. */
  weight: number;
  holdSeconds: number;
  gate: Gate;
}

/** The threshold rule with every default filled in. */
export interface ThresholdRule {
  maxErrorRatio: number;
  maxTimesOld: number;
  minRequests: number;
  consecutiveLooks: number;
  windowSeconds: number;
  /** Largest share of slow requests, 0 to 1; absent without a latency objective. */
  maxSlowRatio?: number;
}

/** How a release is judged: by the threshold rule, or by the sequential test, which says so. */
export type JudgeRule = ThresholdRule | SequentialRule;

/** A release as the guard carries it out: pure data, all defaults filled in. */
export interface ReleasePlan {
  strategy: "rolling" | "immediate" | "blueGreen" | "canary";
  /**
   * Steps before the new version is the only one, in order, weights never falling. Every strategy is a list of
   * steps: immediate none, blue-green one at weight 0, rolling one per exchanged copy. 100 % follows the last step.
   */
  steps: PlannedStep[];
  /** Time at 100 % during which the old version stays warm and the new one is still judged. */
  bakeSeconds: number;
  /** Longest time beyond the holds. */
  progressDeadlineSeconds: number;
  /** Longest time from start to ready. */
  startTimeoutSeconds: number;
  /** Longest time that requests under way get to finish when a copy leaves. */
  drainSeconds: number;
  rule: JudgeRule;
  onUndecided: OnUndecided;
  onNoData: OnNoData;
}

/**
 * Seconds from ready copies to the end of the bake when nothing waits: all holds and the bake. Starting and draining
 * copies, manual gates and pauses come on top.
 */
export function totalSeconds(plan: Pick<ReleasePlan, "steps" | "bakeSeconds">): number {
  return plan.steps.reduce((sum, step) => sum + step.holdSeconds, plan.bakeSeconds);
}

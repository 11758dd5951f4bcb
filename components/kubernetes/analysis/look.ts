import { Gate } from "../../model/release";
import { lookSecondsWithin } from "../../release/compile/kubernetes-judge";
import type { ReleasePlan } from "../../release/plan";

/**
 * Time at manual gates that is judged together with the rest. A person may take a day, and what is looked at again and
 * again over a day costs Prometheus too much; besides, the hour before it, which shows how the old version's errors
 * come, would lie a day back. After an hour the oldest requests are forgotten.
 */
const MANUAL_SECONDS = 3600;
/** Longest time that is judged at once, and most scrapes, for the same reasons. */
const LONGEST_SECONDS = 21_600;
const MOST_SCRAPES = 5000;

/**
 * Time between two looks, in whole seconds: five in the shortest hold and at most a minute, but no more often than
 * metrics come.
 */
export function lookSeconds({ steps, bakeSeconds }: ReleasePlan, scrapeSeconds: number): number {
  const holds = [...steps.filter(({ weight }) => weight > 0).map(({ holdSeconds }) => holdSeconds), bakeSeconds];
  const shortest = Math.min(...holds.filter((seconds) => seconds > 0));
  return Math.max(Math.ceil(scrapeSeconds), lookSecondsWithin(shortest));
}

/**
 * Longest time from the new version's first request to the last look, in whole seconds: all holds, the bake, and once
 * the time that a gate waits and that pods need to start.
 */
export function judgedSeconds(plan: ReleasePlan, scrapeSeconds: number): number {
  const { steps, bakeSeconds, progressDeadlineSeconds, startTimeoutSeconds } = plan;
  const holds = steps.reduce((sum, { holdSeconds }) => sum + holdSeconds, bakeSeconds);
  const manual = steps.some(({ gate }) => gate === Gate.manual) ? MANUAL_SECONDS : 0;
  const all = holds + Math.max(progressDeadlineSeconds, startTimeoutSeconds) + manual;
  // One scrape more, before the first request.
  return Math.ceil(Math.min(LONGEST_SECONDS, MOST_SCRAPES * scrapeSeconds, all) + scrapeSeconds);
}

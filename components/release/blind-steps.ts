import { defaultIgnoreBelow, defaultMaxErrorRatio } from "../model/defaults";
import type { Objectives } from "../model/objectives";
import { isSequential } from "./judges";
import type { PlannedStep, ReleasePlan } from "./plan";
import { smallestVisibleRatio } from "./visible";

/**
 * Warns of steps that end before the regression which the objectives ask to be found can be told from chance. That
 * regression is the error ratio at which a version is bad when nobody says otherwise: 14.4 times the error budget, at
 * most 0.01; but twice what the rule lets pass by the objectives, where that is more: what is just above it no traffic
 * can show. The old version is taken to keep its promise just so, and to fail at most half as often as a bad one.
 */
export function blindSteps(
  { rule, strategy }: ReleasePlan,
  steps: readonly PlannedStep[],
  requestsPerSecond: number | undefined,
  { availability }: Objectives,
): string[] {
  // Only a canary says how long its steps are.
  if (requestsPerSecond === undefined || strategy !== "canary") return [];
  const [bad, negligible] = [defaultMaxErrorRatio(availability), defaultIgnoreBelow(availability)];
  const asked = Math.min(1, Math.max(bad, 2 * (isSequential(rule) ? negligible : bad)));
  const traffic = { requestsPerSecond, oldErrorRatio: Math.min(negligible, bad / 2) };
  return steps.flatMap((step, index) => {
    if (step.weight === 0) return [];
    const visible = smallestVisibleRatio(rule, traffic, step);
    if (visible !== undefined && visible <= asked) return [];
    const seen = visible === undefined ? "shows no regression at all" : `shows none below ${percent(visible)}`;
    const where = `step ${index + 1} (${step.weight} % for ${step.holdSeconds} s)`;
    return [
      `${where} ${seen} with ${requestsPerSecond} requests per second, and the objectives ask for ${percent(asked)}. ` +
        "Give it more time or a larger share.",
    ];
  });
}

const percent = (ratio: number) => `${Number((100 * ratio).toPrecision(2))} % of failed requests`;

import type { Judge } from "./judge";
import type { JudgeRule } from "./plan";
import { sequentialJudge } from "./sequential/judge";
import type { SequentialRule } from "./sequential/rule";
import type { SequentialState } from "./sequential/standing";
import { type ThresholdState, thresholdJudge } from "./threshold";

/** What the judge of a rule remembers. */
export type JudgeState = ThresholdState | SequentialState;

/** Whether a rule is the sequential test. */
export const isSequential = (rule: JudgeRule): rule is SequentialRule => "test" in rule;

/** The judge of a rule. Its state belongs to that rule: one of another rule must not be handed to it. */
export function judgeOf(rule: JudgeRule, slotSeconds: number): Judge<JudgeState> {
  const judge = isSequential(rule) ? sequentialJudge(rule, slotSeconds) : thresholdJudge(rule);
  return judge as Judge<JudgeState>;
}

/** What the judge of a rule begins with. The length of a slot matters to looks only. */
export const initialState = (rule: JudgeRule): JudgeState => judgeOf(rule, 1).initial();

/** Whether slow requests count against the new version. */
export const judgesLatency = (rule: JudgeRule): boolean =>
  isSequential(rule) ? rule.slow !== undefined : rule.maxSlowRatio !== undefined;

/** The rule for a service whose durations nothing tells. */
export function withoutLatency(rule: JudgeRule): JudgeRule {
  if (isSequential(rule)) {
    const { slow: _, ...rest } = rule;
    return rest;
  }
  const { maxSlowRatio: _, ...rest } = rule;
  return rest;
}

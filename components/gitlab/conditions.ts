import type { PipelinePlan, PlannedEnvironment } from "../pipeline/plan";

/** Variable by which schedules, and people who start a pipeline, say what shall run. */
export const runVariable = "HEADGATE_RUN";

/** A regular expression for branches or tags by their globs. Letters, digits and dashes stand for themselves. */
export function expressionOf(globs: readonly string[]): string {
  const literally = (text: string) =>
    text.replace(/[^A-Za-z0-9_-]/gu, (found) => `\\x{${(found.codePointAt(0) ?? 0).toString(16)}}`);
  const choices = [...new Set(globs)].map((glob) => glob.split(/\*+/).map(literally).join(".*"));
  return `/^(${choices.join("|")})$/`;
}

const both = (...conditions: readonly string[]): string => conditions.join(" && ");

/** Also true on merge trains. */
export const onMergeRequest = ({ branches }: PipelinePlan): string =>
  both(
    '$CI_PIPELINE_SOURCE == "merge_request_event"',
    `$CI_MERGE_REQUEST_TARGET_BRANCH_NAME =~ ${expressionOf([branches.production, ...(branches.integration === undefined ? [] : [branches.integration])])}`,
  );

export const onPush = (branches: readonly string[], ...more: readonly (readonly string[])[]): string =>
  both(
    '$CI_PIPELINE_SOURCE == "push"',
    ...[branches, ...more].map((globs) => `$CI_COMMIT_BRANCH =~ ${expressionOf(globs)}`),
  );

export const onTag = (...tags: readonly (readonly string[])[]): string =>
  both('$CI_PIPELINE_SOURCE == "push"', ...tags.map((globs) => `$CI_COMMIT_TAG =~ ${expressionOf(globs)}`));

export const onSchedule = (what: string): string =>
  both('$CI_PIPELINE_SOURCE == "schedule"', `$${runVariable} == "${what}"`);

const sources = ["web", "api", "trigger"] as const;
const started = `$CI_PIPELINE_SOURCE =~ /^(${sources.join("|")})$/`;

/** Somebody started a pipeline for exactly this. */
export const onRequest = (what: string): string => both(started, `$${runVariable} == "${what}"`);
/** Somebody started a pipeline and chooses there what shall run. */
export const onChoice = both(started, `$${runVariable} == null`);
export const onAnyRequest = started;
export const onAnySchedule = '$CI_PIPELINE_SOURCE == "schedule"';

/** An environment and those it promotes from, itself first. */
export function wayTo({ environments }: PipelinePlan, environment: PlannedEnvironment): PlannedEnvironment[] {
  const before = environments.find(({ name }) => name === environment.promotesFrom);
  return before === undefined ? [environment] : [environment, ...wayTo({ environments } as PipelinePlan, before)];
}

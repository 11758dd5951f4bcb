import { noCounts } from "../../release/judge";
import type { StepRecord } from "../../release/progress";
import { completedSteps, copiesOf, runsOf } from "./facts";
import { numbersBetween } from "./numbers";
import { type Rollout, type Snapshot, secondsOf } from "./objects";
import type { Stage, Stages } from "./stages";
import type { Story } from "./story";

/** Notes where the release is among its steps: what the events tell, else when it was first seen there. */
export function move(story: Story, snapshot: Snapshot, rollout: Rollout, stages: Stages): void {
  const { progress, reached } = story;
  const { at } = snapshot;
  reached[0] ??= progress.startedAt;
  const completed = completedSteps(snapshot, progress.startedAt);
  if (rollout.status?.abort === true) {
    // Its steps begin again when it is tried again: what it had reached is what was seen, or what events tell.
    for (const [number, time] of completed) {
      if (number > stages.count) continue;
      reached[number] ??= time;
      story.position = Math.max(story.position, number);
    }
    return;
  }
  const position = positionOf(snapshot, rollout, story.hash, stages);
  if (position < story.position) {
    // Somebody had it tried again from the start.
    story.reached = { 0: at };
    story.told = story.told.filter((key) => !key.startsWith("step/"));
    progress.steps = [];
    story.position = 0;
  }
  // What was passed before the first look has no time but that of its event.
  const seen = story.looks === 1 ? (secondsOf(rollout.status?.pauseConditions?.[0]?.startTime) ?? at) : at;
  for (let number = story.position + 1; number <= position; number += 1) {
    const time = completed.get(number) ?? (story.looks > 1 || number === position ? seen : undefined);
    if (time !== undefined) story.reached[number] ??= time;
  }
  story.position = position;
}

function positionOf(snapshot: Snapshot, { status, spec }: Rollout, hash: string, { count }: Stages): number {
  if (status?.stableRS === hash) return count;
  if (spec.strategy.blueGreen === undefined) return Math.min(count, status?.currentStepIndex ?? 0);
  if (status?.blueGreen?.activeSelector === hash) return 2;
  const { wanted, ready } = copiesOf(snapshot, hash).new;
  return wanted > 0 && ready >= wanted ? 1 : 0;
}

export const allStages = ({ stages, bake }: Stages): Stage[] => (bake === undefined ? stages : [...stages, bake]);

/** Whether a stage's share was set, and whether it is over. */
const isBegun = ({ position }: Story, { first }: Stage) => position > first;
const isOver = ({ position }: Story, { end }: Stage) => position >= end;

export function currentStage(story: Story, stages: Stages): Stage | undefined {
  return allStages(stages).find((stage) => isBegun(story, stage) && !isOver(story, stage));
}

/** When a stage began; one that is current has a time in any case. */
export function startOf(story: Story, stage: Stage): number | undefined {
  const { reached, position } = story;
  return reached[stage.first + 1] ?? (isOver(story, stage) ? undefined : reached[position]);
}

/** The stages that began, with what was seen in them. One that was skipped has no length, and is left out. */
export function stepRecords(story: Story, snapshot: Snapshot, stages: Stages): Map<Stage, StepRecord> {
  const runs = runsOf(snapshot, story.hash);
  const records = new Map<Stage, StepRecord>();
  for (const stage of allStages(stages).filter((one) => isBegun(story, one))) {
    const startedAt = startOf(story, stage);
    const endedAt = isOver(story, stage) ? story.reached[stage.end] : undefined;
    if (startedAt === undefined || (isOver(story, stage) && (endedAt === undefined || endedAt <= startedAt))) continue;
    const known = story.progress.steps.find((step) => step.startedAt === startedAt && step.endedAt !== undefined);
    const seen = numbersBetween(runs, startedAt, endedAt ?? snapshot.at, records.size === 0);
    const verdict = endedAt === undefined ? "running" : seen === undefined ? "unjudged" : "pass";
    records.set(
      stage,
      known ?? {
        weight: stage.weight,
        startedAt,
        ...(endedAt !== undefined && { endedAt }),
        new: seen?.new ?? noCounts,
        old: seen?.old ?? noCounts,
        verdict,
        ...(seen?.evidence !== undefined && { evidence: seen.evidence }),
      },
    );
  }
  return records;
}

/** Holds that are still to come. */
export function secondsLeft(story: Story, stages: Stages, at: number): number {
  const left = allStages(stages).map((stage) => {
    if (isOver(story, stage)) return 0;
    const startedAt = isBegun(story, stage) ? startOf(story, stage) : undefined;
    return startedAt === undefined ? stage.holdSeconds : Math.max(0, startedAt + stage.holdSeconds - at);
  });
  return Math.ceil(left.reduce((sum, seconds) => sum + seconds, 0));
}

/** Stages that are over. */
export const stagesDone = (story: Story, { stages }: Stages): number =>
  stages.filter((stage) => isOver(story, stage)).length;

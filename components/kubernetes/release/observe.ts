import { stepLine } from "../../release/lines";
import type { Pause, ReleaseProgress, StepRecord } from "../../release/progress";
import {
  beganAt,
  conditionOf,
  copiesOf,
  isBack,
  isObserved,
  isOfTemplate,
  isUnpausing,
  podsOf,
  replicaSetOf,
  runsOf,
  versionOf,
  weightOf,
} from "./facts";
import { numbersAt } from "./numbers";
import { type Rollout, type Snapshot, secondsOf } from "./objects";
import { podProblems } from "./pods";
import { whyTakenBack } from "./reason";
import { type Stage, type Stages, secondsOfDuration, stagesOf } from "./stages";
import { end, type Story, tell } from "./story";
import { beginLine, CONTROLLER_FIX, pausedLine, readyLine, stageLine, timeLeft } from "./texts";
import { currentStage, move, secondsLeft, stagesDone, startOf, stepRecords } from "./timeline";

/** A controller that runs answers within a second; one that is started again takes a while. */
const CONTROLLER_HINT_SECONDS = 20;
const CONTROLLER_PATIENCE_SECONDS = 90;
/** The status of the version before passes with the controller's next turn. */
const TEMPLATE_PATIENCE_SECONDS = 30;
/** Services and templates that the Rollout names may be made a moment after it. */
const INVALID_PATIENCE_SECONDS = 30;
/** A status of the turn before passes with the controller's next one. */
const STALE_SECONDS = 5;
/** Pods of the old version that have to start again do so within this. */
const BACK_PATIENCE_SECONDS = 120;
/** After this a pause that is over should have ended. */
const OVERDUE_SECONDS = 30;

/** One look at the cluster: what was known, and what is seen now, to what is known. Pure. */
export function observe(before: Story, snapshot: Snapshot): Story {
  if (before.outcome !== undefined) return before;
  const story = structuredClone(before);
  const { rollout, at } = snapshot;
  story.looks += 1;
  if (rollout === undefined || rollout.metadata.deletionTimestamp !== undefined) {
    return end(story, { kind: "gone" }, at);
  }
  const invalid = conditionOf(rollout, "InvalidSpec");
  if (invalid !== undefined) return observeInvalid(story, invalid.message ?? "", at);
  delete story.since.invalid;
  if (!isObserved(rollout)) return observeUnattended(story, at);
  delete story.since.unobserved;
  if (!isOfTemplate(snapshot, rollout)) {
    story.since.before ??= at;
    if (at - story.since.before < TEMPLATE_PATIENCE_SECONDS) return story;
  } else delete story.since.before;
  const hash = rollout.status?.currentPodHash ?? "";
  if (story.hash === "") story.hash = hash;
  else if (story.hash !== hash) {
    const { digest } = versionOf(replicaSetOf(snapshot, hash), hash);
    return end(story, { kind: "replaced", digest }, at);
  }
  const stages = stagesOf(rollout);
  const records = describe(story, snapshot, rollout, stages);
  if (rollout.status?.abort === true) return observeAbort(story, snapshot, rollout);
  delete story.since.aborted;
  tellSteps(story, records, at);
  if (rollout.status?.phase === "Healthy" && rollout.status.stableRS === hash) {
    tell(story, "verdict", "100 %  promoted", at, "promoted");
    return end(story, { kind: "promoted" }, at);
  }
  return observeOpen(story, snapshot, rollout, stages);
}

/** Notes everything that can be read off without a decision. */
function describe(story: Story, snapshot: Snapshot, rollout: Rollout, stages: Stages): Map<Stage, StepRecord> {
  const { at } = snapshot;
  const { progress, hash } = story;
  const { status } = rollout;
  const replicaSet = replicaSetOf(snapshot, hash);
  if (progress.candidate.digest === "") progress.startedAt = beganAt(rollout, replicaSet) ?? at;
  if (progress.candidate.revision === 0) progress.candidate = versionOf(replicaSet, hash);
  const stable = status?.stableRS ?? "";
  if (stable !== "" && stable !== hash) progress.previous = versionOf(replicaSetOf(snapshot, stable), stable);
  progress.plan = {
    strategy: stages.strategy,
    steps: stages.stages.map(({ weight, holdSeconds, gate }) => ({ weight, holdSeconds, gate })),
    bakeSeconds: stages.bake?.holdSeconds ?? 0,
  };
  progress.weight = weightOf(snapshot, rollout, hash);
  if (status?.abort !== true) story.lastWeight = Math.max(story.lastWeight, progress.weight);
  progress.copies = copiesOf(snapshot, hash);
  move(story, snapshot, rollout, stages);
  const records = stepRecords(story, snapshot, stages);
  progress.steps = [...records.values()];
  const seen = numbersAt(runsOf(snapshot, hash), at);
  if (seen !== undefined) progress.totals = { new: seen.new, old: seen.old };
  progress.secondsLeft = secondsLeft(story, stages, at);
  const stage = currentStage(story, stages);
  progress.stepIndex = stage === undefined ? stagesDone(story, stages) : [...stages.stages, stage].indexOf(stage);
  progress.stepStartedAt = (stage === undefined ? undefined : startOf(story, stage)) ?? progress.startedAt;
  progress.phase = phaseOf(story, stages, stage);
  return records;
}

function phaseOf(story: Story, { stages, bake, count }: Stages, stage: Stage | undefined): ReleaseProgress["phase"] {
  if (stage !== undefined) return stage === bake ? "baking" : "stepping";
  if (story.position >= count && stages.length > 0) return "draining";
  const { wanted, ready } = story.progress.copies?.new ?? { wanted: 0, ready: 0 };
  if (wanted === 0) return "starting";
  return ready < wanted ? "warming" : "stepping";
}

/** A release under way. */
function observeOpen(story: Story, snapshot: Snapshot, rollout: Rollout, stages: Stages): Story {
  const { at } = snapshot;
  const { progress } = story;
  const joined = story.looks === 1 && at - progress.startedAt > STALE_SECONDS;
  tell(story, "phase", beginLine(progress, joined), at, "begins");
  tellPods(story, snapshot);
  const stage = currentStage(story, stages);
  if (stage !== undefined) tell(story, "phase", stageLine(stage), at, `step/begins/${stage.first}`);
  const paused = pausedOf(story, rollout, at);
  delete progress.paused;
  if (paused !== undefined) {
    const line = pausedLine(snapshot, rollout, story.hash, progress, paused);
    progress.paused = paused;
    tell(story, "waiting", line, at, `paused/${paused.reason}/${paused.since}`);
    if (paused.reason !== "undecided") return story;
    progress.reason = line;
    return end(story, { kind: "undecided" }, at);
  }
  tellLate(story, rollout, at);
  return observeDeadline(story, snapshot, rollout);
}

/** The progress deadline: with `progressDeadlineAbort` the controller goes back in its next turn, without it never. */
function observeDeadline(story: Story, snapshot: Snapshot, rollout: Rollout): Story {
  const { at } = snapshot;
  if (conditionOf(rollout, "Progressing")?.reason !== "ProgressDeadlineExceeded") {
    delete story.since.timedOut;
    return story;
  }
  story.timedOut = true;
  story.since.timedOut ??= at;
  if (rollout.spec.progressDeadlineAbort === true || at - story.since.timedOut < STALE_SECONDS) return story;
  story.progress.reason = whyTakenBack(snapshot, rollout, story.hash, story.progress.startedAt, story).reason;
  return end(story, { kind: "stuck" }, at);
}

/** Tells what was seen in each stage that is over. */
function tellSteps(story: Story, records: Map<Stage, StepRecord>, at: number): void {
  const { secondsLeft: seconds } = story.progress;
  for (const [{ first }, record] of records) {
    if (record.endedAt === undefined) continue;
    const left = seconds > 0 ? `   ${timeLeft(seconds)}` : "";
    tell(story, "step", `${stepLine(record, at)}${left}`, at, `step/${first}`);
  }
}

function tellPods(story: Story, snapshot: Snapshot): void {
  const { progress, hash } = story;
  const { at, events } = snapshot;
  story.problems = podProblems(replicaSetOf(snapshot, hash), podsOf(snapshot, hash), events, at);
  for (const { key, pod, text } of story.problems) {
    const line = pod === "" ? text : `pod ${pod}: ${text}`;
    story.trouble = line;
    tell(story, "waiting", line, at, `pod/${key}`);
  }
  const { wanted, ready } = progress.copies?.new ?? { wanted: 0, ready: 0 };
  if (progress.plan.strategy === "rolling" && ready > 0) {
    tell(story, "phase", readyLine(progress, at), at, `rolled/${ready}`);
  } else if (wanted > 0 && ready >= wanted) tell(story, "phase", readyLine(progress, at), at, "ready");
}

function pausedOf(story: Story, rollout: Rollout, at: number): Pause | undefined {
  const { spec, status } = rollout;
  if (spec.paused === true) return { reason: "paused", since: story.progress.paused?.since ?? at };
  if (isUnpausing(rollout) || status?.promoteFull === true) return undefined;
  for (const { reason, startTime } of status?.pauseConditions ?? []) {
    const since = secondsOf(startTime) ?? at;
    if (reason.startsWith("Inconclusive")) return { reason: "undecided", since };
    const step = spec.strategy.canary?.steps?.[status?.currentStepIndex ?? 0];
    if (reason === "CanaryPauseStep" && step?.pause !== undefined && step.pause.duration === undefined) {
      return { reason: "manual", since };
    }
    if (reason === "BlueGreenPause" && spec.strategy.blueGreen?.autoPromotionSeconds === undefined) {
      return { reason: "manual", since };
    }
  }
  return undefined;
}

/** A timed pause that is over, and nothing goes on. */
function tellLate(story: Story, { spec, status }: Rollout, at: number): void {
  const since = secondsOf(status?.pauseConditions?.[0]?.startTime);
  const duration = spec.strategy.canary?.steps?.[status?.currentStepIndex ?? 0]?.pause?.duration;
  if (since === undefined || duration === undefined) return;
  if (at < since + secondsOfDuration(duration) + OVERDUE_SECONDS) return;
  tell(story, "waiting", `the hold is over, but no controller goes on. ${CONTROLLER_FIX}`, at, `late/${since}`);
}

/** A release that was taken back; it ends when the old version has the traffic. */
function observeAbort(story: Story, snapshot: Snapshot, rollout: Rollout): Story {
  const { at } = snapshot;
  const { progress, hash } = story;
  const abortedAt = secondsOf(rollout.status?.abortedAt) ?? at;
  const why = whyTakenBack(snapshot, rollout, hash, progress.startedAt, story);
  Object.assign(progress, { ...why, outcome: "rolledBack", phase: "draining" });
  delete progress.paused;
  const last = progress.steps.at(-1);
  if (last !== undefined && last.endedAt === undefined) {
    last.endedAt = Math.max(abortedAt, last.startedAt);
    last.verdict = why.cause === "analysis" ? "fail" : "undecided";
    story.lastWeight = last.weight;
    tell(story, "step", stepLine(last, at), at, "step/last");
  }
  tell(story, "verdict", `taken back: ${why.reason}`, at, "takenBack");
  story.since.aborted ??= at;
  const back = isBack(snapshot, rollout, hash);
  if (!back && at - story.since.aborted < BACK_PATIENCE_SECONDS) return story;
  progress.endedAt = abortedAt;
  return end(story, { kind: "takenBack", before: story.looks === 1, isBack: back }, at);
}

function observeInvalid(story: Story, message: string, at: number): Story {
  story.since.invalid ??= at;
  if (at - story.since.invalid < INVALID_PATIENCE_SECONDS) return story;
  return end(story, { kind: "invalid", message }, at);
}

function observeUnattended(story: Story, at: number): Story {
  story.since.unobserved ??= at;
  const waited = at - story.since.unobserved;
  if (waited >= CONTROLLER_HINT_SECONDS) {
    const line = `no controller has looked at the Rollout for ${Math.round(waited)} s. ${CONTROLLER_FIX}`;
    tell(story, "waiting", line, at, "unattended");
  }
  return waited < CONTROLLER_PATIENCE_SECONDS ? story : end(story, { kind: "unattended" }, at);
}

import { increments } from "../../release/increments";
import { addCounts } from "../../release/judge";
import { isSequential, judgeOf, judgesLatency } from "../../release/judges";
import { span } from "../../release/lines";
import { end, nextStep, takeBack, tell } from "./machine";
import type { Observation, ReleaseRecord, Rhythm, ServiceRecord } from "./record";
import { warm } from "./warm";

/** Looks in a row without any healthy copy after which the new version is unhealthy. */
const DOWN_LOOKS = 2;
/** Scrapes that may be missing before data count as missing. */
const LATE_SCRAPES = 3;
/** Longest wait for requests under way once a version takes nothing, when it had its time before. */
const CLOSE_SECONDS = 5;
/** Longest wait for a gateway that answers to let go of a version; by then that takes no traffic in any case. */
const GONE_SECONDS = 30;
/** A longer time between two turns means that the guard was away. */
const ABSENCE_SECONDS = 5;
const ABSENCE_TICKS = 3;
/** Beyond the start timeout, the time a client has to tell where its containers are. */
const CLIENT_SECONDS = 10;

/** One turn of a release: what was seen, and the time, to the next state. Pure; the journal keeps what it returns. */
export function advance(before: ServiceRecord, seen: Observation, now: number, rhythm: Rhythm): ServiceRecord {
  if (before.release === undefined || before.release.state.phase === "ended") return before;
  const record = structuredClone(before);
  const release = record.release as ReleaseRecord;
  forgiveAbsence(release, now, rhythm);
  switch (release.state.phase) {
    case "starting":
      abandonLate(record, release, now);
      break;
    case "warming":
      warm(record, release, seen.probes, now);
      break;
    case "stepping":
    case "baking":
      watch(record, release, seen, now, rhythm);
      break;
    case "draining":
      drain(record, release, seen, now, rhythm);
      break;
  }
  return record;
}

/** A new version's time to start does not run while the guard is away and cannot see it start. */
function forgiveAbsence(release: ReleaseRecord, now: number, { tickSeconds }: Rhythm): void {
  const { state, turnAt = now } = release;
  const gap = now - turnAt;
  if (gap > Math.max(ABSENCE_SECONDS, ABSENCE_TICKS * tickSeconds)) state.stepStartedAt += gap;
  if (state.phase === "starting" || state.phase === "warming") release.turnAt = now;
  else delete release.turnAt;
}

function abandonLate(record: ServiceRecord, release: ReleaseRecord, now: number): void {
  const { plan, stepStartedAt, client } = release.state;
  if (now - stepStartedAt <= plan.startTimeoutSeconds + CLIENT_SECONDS) return;
  takeBack(record, release, "abandoned", `${client} went away before its containers were there`, now);
}

/** A version with traffic: judge it, and open the next step when its time has come. */
function watch(record: ServiceRecord, release: ReleaseRecord, seen: Observation, now: number, rhythm: Rhythm): void {
  if (unhealthy(record, release, seen, now) || failing(record, release, seen, now, rhythm)) return;
  const missing = missingData(release, now, rhythm);
  noteMissing(release, missing, now);
  const { state } = release;
  if (state.paused?.reason === "noData" && missing === undefined) {
    delete state.paused;
    delete state.reason;
    tell(release, "phase", "metrics are back, going on", now);
  }
  const step = state.plan.steps[state.stepIndex];
  const hold = state.phase === "baking" ? state.plan.bakeSeconds : (step?.holdSeconds ?? 0);
  if (state.paused !== undefined) return;
  if (now < state.stepStartedAt + hold) {
    if (sure(release) && obstacleOf(release, seen, missing) === undefined) nextStep(record, release, now);
    return;
  }
  if (state.phase === "stepping" && step?.gate === "manual") {
    pause(release, "manual", `${state.weight} %  waiting for somebody to promote or abort`, now);
    return;
  }
  const obstacle = obstacleOf(release, seen, missing);
  if (obstacle === undefined) {
    nextStep(record, release, now);
    return;
  }
  const { onNoData, onUndecided, progressDeadlineSeconds } = state.plan;
  const policy = obstacle.kind === "noData" ? onNoData : obstacle.kind === "undecided" ? onUndecided : "wait";
  const where = place(release, now);
  if (policy === "promote") nextStep(record, release, now);
  else if (policy === "pause" && (obstacle.kind === "noData" || obstacle.kind === "undecided")) {
    state.reason = obstacle.reason;
    pause(release, obstacle.kind, `${state.weight} %  paused until somebody decides: ${obstacle.reason}`, now);
  } else if (policy === "rollback" || now >= state.stepStartedAt + hold + progressDeadlineSeconds) {
    const blame = obstacle.cause === "unhealthy" ? "" : "; nothing is known against the new version";
    takeBack(record, release, obstacle.cause, `${where}: ${obstacle.reason}${blame}`, now);
  } else if (release.waiting !== obstacle.kind && obstacle.kind !== "first") {
    release.waiting = obstacle.kind;
    tell(release, "waiting", `${state.weight} %  waiting: ${obstacle.reason}`, now);
  }
}

/** Whether a gate opens before its hold is over: the judge has seen this step and passed the new version. */
function sure({ state, verdict, judgedAt = 0 }: ReleaseRecord): boolean {
  const gate = state.phase === "stepping" ? state.plan.steps[state.stepIndex]?.gate : undefined;
  const seen = verdict?.decision === "pass" && judgedAt > state.stepStartedAt;
  return gate === "verdict" && isSequential(state.plan.rule) && seen;
}

/** Takes the release back when no copy of the new version is up though one of the old is; tells what else is odd. */
function unhealthy(record: ServiceRecord, release: ReleaseRecord, { gateway }: Observation, now: number): boolean {
  if (gateway === undefined) return false;
  const { candidate, previous } = release.state;
  const known = candidate.servers.filter(({ name }) => gateway[name] !== undefined);
  const newDown = known.length > 0 && known.every(({ name }) => gateway[name]?.up === false);
  const oldServers = previous?.servers ?? [];
  const oldDown = oldServers.length > 0 && oldServers.every(({ name }) => gateway[name]?.up !== true);
  if (oldDown !== release.told.oldDown) {
    const text = oldDown ? "no copy of the old version passes its health checks" : "the old version is healthy again";
    tell(release, "gateway", text, now);
    release.told.oldDown = oldDown;
  }
  release.downLooks = newDown && !oldDown ? release.downLooks + 1 : 0;
  if (release.downLooks < DOWN_LOOKS) return false;
  const { readinessPath } = record.registration;
  const reason = `${place(release, now)}: no copy of it answers GET ${readinessPath} any more`;
  takeBack(record, release, "unhealthy", reason, now);
  return true;
}

/** Feeds what was scraped to the judge, once each; takes the release back when it says no. */
function failing(
  record: ServiceRecord,
  release: ReleaseRecord,
  { samples }: Observation,
  now: number,
  { scrapeIntervalSeconds }: Rhythm,
): boolean {
  const { state } = release;
  if (samples.sampledAt !== undefined) release.sampledAt = Math.max(samples.sampledAt, release.sampledAt ?? 0);
  if (samples.problem === undefined) delete release.sampleProblem;
  else release.sampleProblem = samples.problem;
  // A scrape is in Prometheus a moment after its time.
  const until = now - Math.min(1, scrapeIntervalSeconds / 5);
  const counted = increments(release.increments, samples.series, scrapeIntervalSeconds, until);
  release.increments = counted.state;
  const judge = judgeOf(state.plan.rule, scrapeIntervalSeconds);
  const beganAt = state.steps[0]?.startedAt ?? state.stepStartedAt;
  const step = state.steps.at(-1);
  for (const slot of counted.slots) {
    // The old version's slots from before the release only tell how its errors come.
    if (slot.at <= beganAt && slot.new.total === 0) {
      release.judge = judge.look(release.judge, slot).state;
      continue;
    }
    state.totals = { new: addCounts(state.totals.new, slot.new), old: addCounts(state.totals.old, slot.old) };
    if (step !== undefined)
      Object.assign(step, { new: addCounts(step.new, slot.new), old: addCounts(step.old, slot.old) });
    const look = judge.look(release.judge, slot);
    release.judge = look.state;
    release.verdict = look.verdict;
    release.judgedAt = slot.at;
    if (look.verdict.decision === "fail") {
      takeBack(record, release, "analysis", `${place(release, now)}: ${look.verdict.reason}`, now);
      return true;
    }
  }
  const { verdict, told } = release;
  if (verdict !== undefined && counted.slots.length > 0 && verdict.decision !== told.decision) {
    if (told.decision !== undefined || verdict.decision === "pass") tell(release, "look", verdict.reason, now);
    told.decision = verdict.decision;
  }
  return false;
}

/** Why there are no data to judge the new version by; undefined when there are. */
function missingData(release: ReleaseRecord, now: number, rhythm: Rhythm): string | undefined {
  const { state, sampledAt = 0, sampleProblem } = release;
  // Without traffic there is nothing to see.
  if (state.weight === 0) return undefined;
  const newest = Math.max(sampledAt, state.steps[0]?.startedAt ?? state.stepStartedAt);
  if (now - newest > LATE_SCRAPES * rhythm.scrapeIntervalSeconds + rhythm.tickSeconds) {
    return sampleProblem ?? `no metrics of the new version for ${span(newest, now)}`;
  }
  const { verdict, judgedAt = 0 } = release;
  const { rule } = state.plan;
  if (!judgesLatency(rule) || verdict === undefined || judgedAt <= state.stepStartedAt) return undefined;
  return verdict.new.total >= rule.minRequests && (verdict.new.timed ?? 0) === 0
    ? `the durations of its ${verdict.new.total} requests are missing in the service's own metrics`
    : undefined;
}

function noteMissing(release: ReleaseRecord, missing: string | undefined, now: number): void {
  if (missing !== undefined && !release.told.noData) tell(release, "waiting", `no data: ${missing}`, now);
  release.told.noData = missing !== undefined;
}

interface Obstacle {
  /** Told again only when this changes. Only "noData" and "undecided" follow the plan's policies; others wait. */
  kind: "gateway" | "down" | "noData" | "first" | "undecided" | "suspect";
  cause: "noData" | "undecided" | "unhealthy";
  reason: string;
}

/** What keeps the next step closed although its time has come. */
function obstacleOf(
  release: ReleaseRecord,
  { gateway }: Observation,
  missing: string | undefined,
): Obstacle | undefined {
  const { state, verdict, judgedAt = 0 } = release;
  if (gateway === undefined) return { kind: "gateway", cause: "noData", reason: "the gateway cannot be asked" };
  const down = state.candidate.servers.map(({ name }) => name).filter((name) => gateway[name]?.up !== true);
  if (down.length > 0 && release.told.oldDown) {
    return { kind: "down", cause: "undecided", reason: "copies of neither version pass their health checks" };
  }
  if (down.length > 0) {
    return { kind: "down", cause: "unhealthy", reason: `${down.join(", ")} did not pass its health checks` };
  }
  if (state.weight === 0) return undefined;
  if (missing !== undefined) return { kind: "noData", cause: "noData", reason: missing };
  if (verdict === undefined || judgedAt <= state.stepStartedAt) {
    return { kind: "first", cause: "noData", reason: "the first metrics of this step are not there yet" };
  }
  if (verdict.decision === "pass" || verdict.clear === true) return undefined;
  // Bad looks that are not yet enough to fail: the next ones decide, not a policy for too few requests.
  const kind = verdict.suspect === true ? "suspect" : "undecided";
  return { kind, cause: "undecided", reason: verdict.reason };
}

function pause(release: ReleaseRecord, reason: "manual" | "noData" | "undecided", message: string, now: number): void {
  release.state.paused = { reason, since: now };
  tell(release, "waiting", message, now);
}

function place({ state }: ReleaseRecord, now: number): string {
  return `at ${state.weight} % after ${span(state.stepStartedAt, now)}`;
}

/**
 * Lets a version finish, then takes it out of the gateway. The release ends when that has happened and every copy of
 * the version that stays is in the gateway: `pulumi up` promises traffic, not an intention.
 */
function drain(
  record: ServiceRecord,
  release: ReleaseRecord,
  { gateway, leftovers }: Observation,
  now: number,
  { stopSeconds }: Rhythm,
): void {
  const { leaving = { stage: "gone", since: now }, state } = release;
  const promoted = state.outcome === "promoted";
  const leaves = (promoted ? state.previous : state.candidate)?.servers ?? [];
  const there = leaves.flatMap(({ name }) => gateway?.[name] ?? []);
  const waited = now - leaving.since;
  if (leaving.stage === "gone") {
    const serving =
      gateway !== undefined && (record.stable?.servers ?? []).every(({ name }) => gateway[name] !== undefined);
    const patience = serving ? GONE_SECONDS : state.plan.progressDeadlineSeconds;
    const out = there.length === 0 && (!leftovers || leaves.length === 0 || waited > stopSeconds);
    if ((serving && out) || waited >= Math.max(patience, stopSeconds)) end(record, release, now);
    return;
  }
  const limit = leaving.stage === "closed" && promoted ? CLOSE_SECONDS : state.plan.drainSeconds;
  const idle = gateway !== undefined && waited > 0 && there.every(({ sessions }) => sessions === 0);
  if (idle || waited >= limit) release.leaving = { stage: leaving.stage === "quiet" ? "closed" : "gone", since: now };
}

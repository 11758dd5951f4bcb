import { initialIncrements } from "../../release/increments";
import { noCounts } from "../../release/judge";
import { initialState } from "../../release/judges";
import { copies, span, stepLine } from "../../release/lines";
import type { Cause, ReleaseEvent } from "../../release/progress";
import type { BeginAnswer, BeginRelease, ReleaseState, ServerAddress } from "./protocol";
import {
  KEPT_EVENTS,
  KEPT_REFUSALS,
  KEPT_RELEASES,
  REFUSED_AFTER,
  type ReleaseRecord,
  type ServiceRecord,
} from "./record";

/** A request that the state of a release does not allow. */
export class NotNow extends Error {
  override name = "NotNow";
}

/** Starts a release, or tells why not. */
export function begin(
  before: ServiceRecord,
  request: BeginRelease,
  now: number,
): { record: ServiceRecord; answer: BeginAnswer } {
  const record = structuredClone(before);
  const running = record.release;
  if (running !== undefined && running.state.phase !== "ended") {
    const { state } = running;
    if (state.candidate.key !== request.key) return { record: before, answer: { outcome: "busy", release: state } };
    state.client = request.client;
    // Whoever joins a release without containers needs the whole time to start them.
    if (state.phase === "starting") state.stepStartedAt = now;
    return { record, answer: { outcome: "joined", revision: state.candidate.revision } };
  }
  if (record.stable?.key === request.key) {
    return { record: before, answer: { outcome: "current", revision: record.stable.revision } };
  }
  const refusal = record.refused.findLast(
    ({ candidate, retry }) => candidate.key === request.key && retry === request.retry,
  );
  if (refusal !== undefined) return { record: before, answer: { outcome: "refused", release: refusal } };

  const revision = record.nextRevision++;
  record.release = {
    state: {
      service: record.service,
      candidate: { revision, key: request.key, digest: request.digest, servers: [] },
      ...(record.stable === undefined ? {} : { previous: record.stable }),
      plan: request.plan,
      retry: request.retry,
      client: request.client,
      phase: "starting",
      stepIndex: 0,
      weight: 0,
      startedAt: now,
      stepStartedAt: now,
      totals: { new: noCounts, old: noCounts },
      steps: [],
      secondsLeft: 0,
      events: [],
    },
    probes: {},
    judge: initialState(request.plan.rule),
    increments: initialIncrements,
    downLooks: 0,
    told: { oldDown: false, noData: false },
  };
  tell(record.release, "phase", `revision ${revision} begins, asked for by ${request.client}`, now);
  return { record, answer: { outcome: "begun", revision } };
}

/** The candidate's containers run: probe them. */
export function takeServers(
  before: ServiceRecord,
  revision: number,
  servers: ServerAddress[],
  now: number,
): ServiceRecord {
  const record = structuredClone(before);
  const { release, state } = running(record, revision);
  if (state.phase !== "starting") {
    if (JSON.stringify(state.candidate.servers) === JSON.stringify(servers)) return before;
    throw new NotNow(`release ${revision} has its servers already`);
  }
  state.candidate.servers = servers;
  state.phase = "warming";
  state.stepStartedAt = now;
  tell(release, "phase", `${copies(servers.length)} started, waiting until healthy`, now);
  return record;
}

/** Somebody takes the release back. */
export function abort(before: ServiceRecord, revision: number, by: string, cause: Cause, now: number): ServiceRecord {
  const record = structuredClone(before);
  const { release, state } = running(record, revision);
  if (state.phase === "draining") throw new NotNow(`release ${revision} is decided already: ${state.outcome}`);
  takeBack(record, release, cause, cause === "aborted" ? `aborted by ${by}` : by, now);
  return record;
}

/** Somebody stops the release at its weight. It is still judged, and may be taken back. */
export function hold(before: ServiceRecord, revision: number, by: string, now: number): ServiceRecord {
  const record = structuredClone(before);
  const { release, state } = running(record, revision);
  if (state.phase !== "stepping" && state.phase !== "baking") {
    throw new NotNow(`release ${revision} cannot be paused while it is ${state.phase}`);
  }
  if (state.paused?.reason === "paused") throw new NotNow(`release ${revision} is paused already`);
  state.paused = { reason: "paused", since: now };
  tell(release, "waiting", `${state.weight} %  paused by ${by}`, now);
  return record;
}

/** Somebody opens the present gate, whatever the data say. A release that somebody paused goes on where it was. */
export function promote(before: ServiceRecord, revision: number, by: string, now: number): ServiceRecord {
  const record = structuredClone(before);
  const { release, state } = running(record, revision);
  if (state.phase !== "stepping" && state.phase !== "baking") {
    throw new NotNow(`release ${revision} cannot be promoted while it is ${state.phase}`);
  }
  if (state.paused?.reason === "paused") {
    // The time that it stood still is no time of its hold.
    state.stepStartedAt += now - state.paused.since;
    delete state.paused;
    tell(release, "phase", `${state.weight} %  goes on, says ${by}`, now);
    return record;
  }
  tell(release, "verdict", `promoted from ${state.weight} % by ${by}`, now);
  nextStep(record, release, now);
  return record;
}

/** Ends the present step and enters the next one, the bake, or the end. */
export function nextStep(record: ServiceRecord, release: ReleaseRecord, now: number): void {
  const { state } = release;
  const { steps, bakeSeconds } = state.plan;
  closeStep(release, now);
  delete state.paused;
  delete state.reason;
  const wasBaking = state.phase === "baking";
  if (state.phase === "stepping") state.stepIndex += 1;
  const next = steps[state.stepIndex];
  if (wasBaking || state.previous === undefined || (next === undefined && bakeSeconds === 0)) {
    settle(record, release, "promoted", "promoted", "", now);
    return;
  }
  state.phase = next === undefined ? "baking" : "stepping";
  state.weight = next?.weight ?? 100;
  state.stepStartedAt = now;
  state.steps.push({ weight: state.weight, startedAt: now, new: noCounts, old: noCounts, verdict: "running" });
  delete release.waiting;
  if (next === undefined) {
    tell(release, "phase", `100 %  the old version stays warm for ${span(0, bakeSeconds)}`, now);
  } else tell(release, "phase", `${next.weight} %  for ${span(0, next.holdSeconds)}`, now);
}

/** Gives all traffic back to the old version. */
export function takeBack(
  record: ServiceRecord,
  release: ReleaseRecord,
  cause: Cause,
  reason: string,
  now: number,
): void {
  settle(record, release, "rolledBack", cause, reason, now);
}

function settle(
  record: ServiceRecord,
  release: ReleaseRecord,
  outcome: NonNullable<ReleaseState["outcome"]>,
  cause: Cause,
  reason: string,
  now: number,
): void {
  const { state } = release;
  const reachedGateway = state.phase === "stepping" || state.phase === "baking";
  const promoted = outcome === "promoted";
  closeStep(release, now);
  delete state.paused;
  Object.assign(state, { outcome, cause, ...(reason === "" ? {} : { reason }), stepStartedAt: now });
  state.weight = promoted ? 100 : 0;
  if (promoted) {
    state.stepIndex = state.plan.steps.length;
    record.stable = state.candidate;
    tell(release, "verdict", "100 %  promoted", now);
  } else tell(release, "verdict", `taken back: ${reason}`, now);
  if (!promoted && !reachedGateway) {
    end(record, release, now);
    return;
  }
  state.phase = "draining";
  // The old version may finish with clients bound to it; a bad one must not get another request.
  const stage = !promoted ? "closed" : state.previous === undefined ? "gone" : "quiet";
  release.leaving = { stage, since: now };
}

/** The release is over and the leaving version out of the gateway. */
export function end(record: ServiceRecord, release: ReleaseRecord, now: number): void {
  const { state } = release;
  state.phase = "ended";
  state.endedAt = now;
  delete release.leaving;
  const { cause = "aborted", outcome = "rolledBack" } = state;
  const kind = `${outcome}/${cause}`;
  record.ended[kind] = (record.ended[kind] ?? 0) + 1;
  tell(release, "phase", outcome === "promoted" ? "release ended: promoted" : "release ended: taken back", now);
  const kept: ReleaseState = { ...state, events: [] };
  record.history = [...record.history, kept].slice(-KEPT_RELEASES);
  if (outcome === "rolledBack" && REFUSED_AFTER.includes(cause)) {
    record.refused = [...record.refused, kept].slice(-KEPT_REFUSALS);
  }
}

function closeStep(release: ReleaseRecord, now: number): void {
  const step = release.state.steps.at(-1);
  if (step === undefined || step.endedAt !== undefined) return;
  step.endedAt = now;
  step.verdict = release.told.noData ? "no data" : (release.verdict?.decision ?? "undecided");
  tell(release, "step", stepLine(step, now), now);
}

/** Adds an event. */
export function tell(release: ReleaseRecord, kind: ReleaseEvent["kind"], message: string, now: number): void {
  const { state } = release;
  const sequence = (state.events.at(-1)?.sequence ?? 0) + 1;
  state.events = [...state.events, { sequence, at: now, kind, message }].slice(-KEPT_EVENTS);
}

function running(record: ServiceRecord, revision: number): { release: ReleaseRecord; state: ReleaseState } {
  const release = record.release;
  if (release === undefined || release.state.candidate.revision !== revision) {
    throw new NotNow(`release ${revision} is not under way`);
  }
  if (release.state.phase === "ended") throw new NotNow(`release ${revision} has ended`);
  return { release, state: release.state };
}

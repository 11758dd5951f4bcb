import { totalSeconds } from "../../release/plan";
import type { ReleaseState, ServiceState } from "./protocol";
import type { ServiceRecord } from "./record";

/** A service as the API shows it. */
export function viewService(record: ServiceRecord, now: number): ServiceState {
  return {
    service: record.service,
    registration: record.registration,
    ...(record.stable === undefined ? {} : { stable: record.stable }),
    ...(record.release === undefined ? {} : { release: viewRelease(record.release.state, 0, now) }),
    nextRevision: record.nextRevision,
  };
}

/** A release as the API shows it, with the events after a number. */
export function viewRelease(state: ReleaseState, after: number, now: number): ReleaseState {
  return {
    ...state,
    secondsLeft: secondsLeft(state, now),
    events: state.events.filter(({ sequence }) => sequence > after),
  };
}

/** A release of a service by revision: the present one, or one that ended. */
export function findRelease(record: ServiceRecord, revision: number): ReleaseState | undefined {
  const present = record.release?.state;
  if (present?.candidate.revision === revision) return present;
  return record.history.findLast(({ candidate }) => candidate.revision === revision);
}

function secondsLeft(state: ReleaseState, now: number): number {
  const { phase, plan, stepIndex, stepStartedAt } = state;
  if (phase === "ended" || phase === "draining") return 0;
  if (phase === "starting" || phase === "warming") return state.previous === undefined ? 0 : totalSeconds(plan);
  const elapsed = now - stepStartedAt;
  if (phase === "baking") return Math.max(0, Math.ceil(plan.bakeSeconds - elapsed));
  const hold = Math.max(0, (plan.steps[stepIndex]?.holdSeconds ?? 0) - elapsed);
  return Math.ceil(hold + totalSeconds({ steps: plan.steps.slice(stepIndex + 1), bakeSeconds: plan.bakeSeconds }));
}

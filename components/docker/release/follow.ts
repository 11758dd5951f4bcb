import type { ReleaseState } from "../guard/protocol";
import { type GuardClient, sleep } from "./client";
import type { ServiceContainers } from "./containers";

/** Longest wait of one question to the guard; the containers are looked at in between. */
const LONG_POLL_SECONDS = 10;
/** While copies start, a dead one should be noticed soon. */
const START_POLL_SECONDS = 1;
/** Looks at a dead copy before the release is called off: one restart may be part of a start. */
const DEAD_LOOKS = 2;
/** A release found paused for want of metrics goes on by itself once they are back; a metrics server starts in less. */
const METRICS_SECONDS = 60;
/** Looks after which it is called off although its exit code was never caught between two restarts. */
const DEAD_LOOKS_INEXACT = 6;

/**
 * Tells the lines of a release as they happen until it has ended or waits for a person. One that waits for metrics from
 * the start gets a while: who runs `pulumi up` again has just brought them back.
 */
export async function follow(
  guard: GuardClient,
  service: string,
  revision: number,
  print: (line: string) => void,
  containers?: ServiceContainers,
): Promise<ReleaseState> {
  let seen = 0;
  let deadLooks = 0;
  let metricsBy: number | undefined;
  for (;;) {
    const starting = containers !== undefined && deadLooks >= 0;
    const state = await guard.release(service, revision, seen, starting ? START_POLL_SECONDS : LONG_POLL_SECONDS);
    for (const event of state.events.filter(({ sequence }) => sequence > seen)) {
      print(event.kind === "step" && state.outcome === undefined ? `${event.message}   ${left(state)}` : event.message);
      seen = event.sequence;
    }
    if (state.phase === "ended") return state;
    const withoutMetrics = state.paused?.reason === "noData";
    if (metricsBy === undefined && withoutMetrics) {
      print(`${state.weight} %  paused: ${state.reason}; waiting up to ${METRICS_SECONDS} s for metrics to come back`);
    }
    metricsBy ??= withoutMetrics ? Date.now() + METRICS_SECONDS * 1000 : 0;
    if (withoutMetrics ? Date.now() >= metricsBy : state.paused?.reason === "undecided") return state;
    if (containers !== undefined && (state.phase === "starting" || state.phase === "warming")) {
      const failures = await containers.failed(revision);
      deadLooks = failures.length > 0 ? deadLooks + 1 : 0;
      const first = failures.find(({ exact }) => exact) ?? failures[0];
      if (deadLooks >= (first?.exact === true ? DEAD_LOOKS : DEAD_LOOKS_INEXACT)) {
        await guard.abort(service, revision, `${first?.name} did not stay up: ${first?.reason}`, "unhealthy");
        deadLooks = -1;
      }
      await sleep(300);
    } else {
      deadLooks = -1;
    }
  }
}

/** Time until the end when all goes well. */
function left({ secondsLeft }: ReleaseState): string {
  return secondsLeft >= 120 ? `${Math.round(secondsLeft / 60)} min left` : `${Math.round(secondsLeft)} s left`;
}

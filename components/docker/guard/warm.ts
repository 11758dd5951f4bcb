import { copies, span } from "../../release/lines";
import { nextStep, takeBack, tell } from "./machine";
import type { ProbeResult, ReleaseRecord, ServiceRecord } from "./record";

/** Counts probes of a new version's copies until all are ready, or their time is over. */
export function warm(record: ServiceRecord, release: ReleaseRecord, results: ProbeResult[], now: number): void {
  const { state, probes } = release;
  for (const { server, failure } of results) {
    const seen = probes[server] ?? { goodInRow: 0, failed: 0, total: 0 };
    probes[server] = {
      ...seen,
      goodInRow: failure === undefined ? seen.goodInRow + 1 : 0,
      failed: seen.failed + (failure === undefined ? 0 : 1),
      total: seen.total + 1,
      ...(failure === undefined ? {} : { lastFailure: failure }),
    };
  }
  const { healthyAfter } = record.registration;
  const names = state.candidate.servers.map(({ name }) => name);
  const unready = names.filter((name) => (probes[name]?.goodInRow ?? 0) < healthyAfter);
  if (unready.length === 0) {
    tell(release, "phase", `${copies(names.length)} healthy after ${span(state.stepStartedAt, now)}`, now);
    nextStep(record, release, now);
    return;
  }
  if (now - state.stepStartedAt <= state.plan.startTimeoutSeconds) return;
  const reasons = unready.map((name) => {
    const { total = 0, failed = 0, lastFailure } = probes[name] ?? {};
    if (lastFailure === undefined) return `${name} passed only ${total} of the ${healthyAfter} probes in a row`;
    return `${name} ${lastFailure} (${failed} of ${total} probes failed)`;
  });
  const reason = `not healthy within ${span(0, state.plan.startTimeoutSeconds)}: ${reasons.join("; ")}`;
  takeBack(record, release, "unhealthy", reason, now);
}

import { RELEASE_SECONDS } from "./grid";
import { type Decide, within } from "./outcome";

const INTERVAL_SECONDS = 60;

/**
 * Flagger's `request-success-rate` (fluxcd/flagger, pkg/controller/scheduler.go and scheduler_metrics.go at 15bd6ad).
 * The first tick shifts the first traffic; each later one checks. No data and NaN are failed checks, and a good check
 * takes none back. The release is taken back by the first tick that finds `threshold` failed checks: one interval after
 * the last of them. (Flagger also stays at a step while checks fail; here every judge sees the same steps.)
 */
export function flagger(minSuccess: number, windowSeconds: number, threshold: number): Decide {
  return (totals, waitSeconds) => {
    let failedChecks = 0;
    for (let at = waitSeconds + INTERVAL_SECONDS; at <= RELEASE_SECONDS; at += INTERVAL_SECONDS) {
      if (failedChecks >= threshold) return { rolledBackAt: at };
      const from = Math.max(waitSeconds, at - windowSeconds);
      const total = within(totals.newTotal, from, at);
      const good = total - within(totals.newBad, from, at);
      if (!(good / total >= minSuccess)) failedChecks += 1;
    }
    return {};
  };
}

import type { ReleaseState } from "../components/docker/guard/protocol";
import type { StepRecord } from "../components/release/progress";
import { type LoadSample, noVersions } from "./load";
import type { ShownRelease } from "./shown-release";

/** A made-up release for tests: one step after another at 200 requests per second. */
export function madeRelease(options: {
  version: string;
  startedAt: number;
  /** Weights in percent and seconds held. */
  steps: [weight: number, heldSeconds: number][];
  outcome: "promoted" | "rolledBack";
  errorRatio?: number;
  reason?: string;
}): ShownRelease {
  const { version, startedAt, outcome, errorRatio = 0 } = options;
  const warmSeconds = 4;
  let at = startedAt + warmSeconds;
  const steps = options.steps.map(([weight, held], index): StepRecord => {
    const total = Math.round(2 * weight * held);
    const last = index === options.steps.length - 1;
    const step: StepRecord = {
      weight,
      startedAt: at,
      endedAt: at + held,
      new: { total, bad: Math.round(total * errorRatio) },
      old: { total: 200 * held - total, bad: 0 },
      verdict: last && outcome === "rolledBack" ? "fail" : "pass",
    };
    at += held;
    return step;
  });
  const version1 = (digit: string, revision: number) => ({
    revision,
    key: digit,
    digest: `sha256:${digit.repeat(64)}`,
    servers: [],
  });
  const zero = { total: 0, bad: 0 };
  const state: ReleaseState = {
    service: "hello",
    candidate: version1("b", 2),
    previous: version1("a", 1),
    plan: {
      strategy: "canary",
      steps: options.steps
        .filter(([weight]) => weight < 100)
        .map(([weight]) => ({ weight, holdSeconds: 15, gate: "auto" })),
      bakeSeconds: 10,
      progressDeadlineSeconds: 60,
      startTimeoutSeconds: 60,
      drainSeconds: 5,
      rule: { maxErrorRatio: 0.01, maxTimesOld: 2, minRequests: 50, consecutiveLooks: 2, windowSeconds: 20 },
      onUndecided: "wait",
      onNoData: "wait",
    },
    retry: 0,
    client: "test",
    phase: "ended",
    stepIndex: 0,
    weight: outcome === "promoted" ? 100 : 0,
    startedAt,
    stepStartedAt: steps.at(-1)?.startedAt ?? startedAt,
    endedAt: at,
    outcome,
    cause: outcome === "promoted" ? "promoted" : "analysis",
    totals: { new: zero, old: zero },
    steps,
    secondsLeft: 0,
    events: [],
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  };
  return { version, state };
}

/** Samples as a load of 200 requests per second would give them during the releases, without chance. */
export function madeSamples(
  first: string,
  releases: ShownRelease[],
  start: number,
  end: number,
  badRatio = 0.05,
): LoadSample[] {
  const samples: LoadSample[] = [];
  for (let t = start; t < end; t += 1) {
    let stable = first;
    const byVersion = noVersions();
    let newest: { version: string; weight: number; bad: boolean } | undefined;
    for (const { version, state } of releases) {
      const step = state.steps.find((step) => t >= step.startedAt && t < (step.endedAt ?? Number.POSITIVE_INFINITY));
      if (step !== undefined) newest = { version, weight: step.weight, bad: state.outcome === "rolledBack" };
      else if (state.outcome === "promoted" && t >= (state.endedAt ?? 0)) stable = version;
    }
    const share = newest === undefined ? 0 : Math.round(2 * newest.weight);
    if (share < 200) byVersion[stable] = { ok: 200 - share, failed: 0 };
    let failed = 0;
    if (newest !== undefined && share > 0) {
      failed = newest.bad ? Math.round(share * badRatio * (1 + (t % 3) / 2)) : 0;
      byVersion[newest.version] = { ok: share - failed, failed };
    }
    samples.push({ t, sent: 200, ok: 200 - failed, failed, errors: 0, byVersion });
  }
  return samples;
}

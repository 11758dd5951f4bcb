import type { ServiceRegistration } from "../../components/docker/guard/protocol";
import type { ReleasePlan } from "../../components/release/plan";

/** A plan with short times: one step, no bake. Overrides replace whole fields. */
export function plan(overrides: Partial<ReleasePlan> = {}): ReleasePlan {
  return {
    strategy: "canary",
    steps: [{ weight: 50, holdSeconds: 3, gate: "auto" }],
    bakeSeconds: 0,
    progressDeadlineSeconds: 20,
    startTimeoutSeconds: 5,
    drainSeconds: 2,
    rule: { maxErrorRatio: 0.05, maxTimesOld: 2, minRequests: 20, consecutiveLooks: 2, windowSeconds: 10 },
    onUndecided: "wait",
    onNoData: "wait",
    ...overrides,
  };
}

export function registration(overrides: Partial<ServiceRegistration> = {}): ServiceRegistration {
  return {
    hosts: [],
    readinessPath: "/ready",
    probeIntervalSeconds: 0.2,
    probeTimeoutSeconds: 0.5,
    healthyAfter: 2,
    unhealthyAfter: 2,
    objectives: { availability: 0.999 },
    ...overrides,
  };
}

import { defaultIgnoreBelow, defaultMaxErrorRatio, defaults, remainder } from "../model/defaults";
import { parseDuration } from "../model/duration";
import { normaliseService } from "../model/normalise-service";
import type { Objectives } from "../model/objectives";
import { type CanaryStep, Gate, type Release } from "../model/release";
import type { Service } from "../model/service";
import type { PlannedStep, ReleasePlan, ThresholdRule } from "./plan";
import type { SequentialRule } from "./sequential/rule";

/** What a release is compiled from. */
export interface ReleaseInput {
  release: Release;
  service: Service;
  objectives?: Objectives | undefined;
}

/**
 * What was asked for, to the letter and before any target bends it: every default filled in, every time in seconds.
 * The values must have passed checkRelease, checkService and checkObjectives.
 */
export function normaliseRelease({ release, service, objectives }: ReleaseInput): ReleasePlan {
  const { copies, startTimeoutSeconds, stopTimeoutSeconds } = normaliseService(service);
  const bake = release.immediate?.skipBake || release.emergency ? "0s" : (release.bake ?? defaults.bake);
  return {
    ...strategySteps(release, copies),
    bakeSeconds: parseDuration(bake),
    progressDeadlineSeconds: parseDuration(release.progressDeadline ?? defaults.progressDeadline),
    startTimeoutSeconds,
    drainSeconds: stopTimeoutSeconds,
    rule: release.analysis?.threshold ? thresholdRule(release, objectives) : sequentialRule(release, objectives),
    onUndecided: release.analysis?.onUndecided ?? defaults.onUndecided[release.canary ? "canary" : "other"],
    onNoData: release.analysis?.onNoData ?? defaults.onNoData,
  };
}

function strategySteps(release: Release, copies: number): { strategy: ReleasePlan["strategy"]; steps: PlannedStep[] } {
  const { canary, blueGreen, immediate, rolling, emergency } = release;
  if (immediate || emergency) return { strategy: "immediate", steps: [] };
  if (blueGreen) {
    const holdSeconds = parseDuration(blueGreen.promoteAfter ?? defaults.blueGreen.promoteAfter);
    const gate = blueGreen.manual ? Gate.manual : Gate.auto;
    return { strategy: "blueGreen", steps: [{ weight: 0, holdSeconds, gate }] };
  }
  if (canary) {
    const steps: CanaryStep[] = canary.steps ?? defaults.canary.weights.map((weight) => ({ weight }));
    return {
      strategy: "canary",
      steps: steps.map(({ weight, hold = defaults.canary.hold, gate = defaults.canary.gate }) => ({
        weight,
        holdSeconds: parseDuration(hold),
        gate,
      })),
    };
  }
  const holdSeconds = parseDuration(rolling?.minReady ?? defaults.rolling.minReady);
  return {
    strategy: "rolling",
    steps: Array.from({ length: copies - 1 }, (_, index) => ({
      weight: Math.floor(((index + 1) * 100) / copies),
      holdSeconds,
      gate: Gate.auto,
    })),
  };
}

function sequentialRule({ analysis }: Release, objectives: Objectives | undefined): SequentialRule {
  const asked = analysis?.sequential ?? {};
  const usual = defaults.sequential;
  const { availability, latency } = objectives ?? {};
  // A version that keeps its promise on latency is not slow.
  const late = latency && remainder(latency.ratio);
  return {
    test: "sequential",
    alpha: asked.alpha ?? usual.alpha,
    beta: asked.beta ?? usual.beta,
    tolerate: asked.tolerate ?? usual.tolerate,
    warmUpSeconds: parseDuration(asked.warmUp ?? usual.warmUp),
    historySeconds: parseDuration(asked.history ?? usual.history),
    minRequests: asked.minRequests ?? usual.minRequests,
    errors: {
      ignoreBelow: asked.ignoreBelow ?? defaultIgnoreBelow(availability),
      sloMax: asked.sloMax ?? defaultMaxErrorRatio(availability),
    },
    ...(late !== undefined && { slow: { ignoreBelow: late, sloMax: late } }),
  };
}

function thresholdRule({ analysis }: Release, objectives: Objectives | undefined): ThresholdRule {
  const asked = analysis?.threshold ?? {};
  const usual = defaults.threshold;
  const latency = objectives?.latency;
  return {
    maxErrorRatio: asked.maxErrorRatio ?? defaultMaxErrorRatio(objectives?.availability),
    maxTimesOld: asked.maxTimesOld ?? usual.maxTimesOld,
    minRequests: asked.minRequests ?? usual.minRequests,
    consecutiveLooks: asked.consecutiveLooks ?? usual.consecutiveLooks,
    windowSeconds: parseDuration(asked.window ?? usual.window),
    ...(latency && { maxSlowRatio: remainder(latency.ratio) }),
  };
}

import type { z } from "zod";
import { duration, flag, list, number, oneOf, optional, positiveDuration, strictFor } from "./fields";
import {
  type Analysis,
  type BlueGreen,
  type Canary,
  type CanaryStep,
  Fit,
  Gate,
  type Immediate,
  OnNoData,
  OnUndecided,
  type Release,
  type Rolling,
  type Threshold,
} from "./release";

const step = strictFor<CanaryStep>(
  {
    weight: number({ min: 0, max: 100, open: true }),
    hold: optional(positiveDuration),
    gate: optional(oneOf(Gate)),
  },
  '{ weight: 10, hold: "300s" }',
);

const canary = strictFor<Canary>(
  { steps: optional(list(step, '[{ weight: 10, hold: "300s" }]')) },
  '{ steps: [{ weight: 10, hold: "300s" }] }',
);

const blueGreen = strictFor<BlueGreen>(
  { manual: optional(flag), promoteAfter: optional(duration) },
  '{ promoteAfter: "60s" }',
);

const rolling = strictFor<Rolling>(
  { maxSurge: optional(number({ min: 1, max: 100, integer: true })), minReady: optional(duration) },
  '{ minReady: "10s" }',
);

const immediate = strictFor<Immediate>({ skipBake: optional(flag) }, "{ skipBake: true }");

const threshold = strictFor<Threshold>(
  {
    maxErrorRatio: optional(number({ min: 0, max: 1 })),
    maxTimesOld: optional(number({ min: 1, max: 1e6 })),
    minRequests: optional(number({ min: 1, max: 1e9, integer: true })),
    consecutiveLooks: optional(number({ min: 1, max: 100, integer: true })),
    window: optional(positiveDuration),
  },
  "{ maxErrorRatio: 0.01 }",
);

const analysis = strictFor<Analysis>(
  {
    threshold: optional(threshold),
    onUndecided: optional(oneOf(OnUndecided)),
    onNoData: optional(oneOf(OnNoData)),
  },
  "{ threshold: { maxErrorRatio: 0.01 } }",
);

export const releaseSchema: z.ZodType<Release> = strictFor<Release>(
  {
    rolling: optional(rolling),
    immediate: optional(immediate),
    blueGreen: optional(blueGreen),
    canary: optional(canary),
    analysis: optional(analysis),
    bake: optional(duration),
    progressDeadline: optional(positiveDuration),
    fit: optional(oneOf(Fit)),
  },
  "{ canary: {} }",
);

import type { z } from "zod";
import { number, optional, positiveDuration, strictFor } from "./fields";
import type { LatencyObjective, Objectives } from "./objectives";

const ratio = number({ min: 0, max: 1, open: true });

const latency = strictFor<LatencyObjective>({ within: positiveDuration, ratio }, '{ within: "500ms", ratio: 0.95 }');

export const objectivesSchema: z.ZodType<Objectives> = strictFor<Objectives>(
  { availability: optional(ratio), latency: optional(latency), window: optional(positiveDuration) },
  "{ availability: 0.999 }",
);

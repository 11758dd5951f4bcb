import type { SequentialRule } from "../sequential/rule";

/** The sequential test with its defaults, for an objective of 99.9 %. */
export const usualRule: SequentialRule = {
  test: "sequential",
  alpha: 0.01,
  beta: 0.05,
  tolerate: 1,
  warmUpSeconds: 0,
  historySeconds: 3600,
  minRequests: 50,
  errors: { ignoreBelow: 0.001, sloMax: 0.01 },
};

import { ratio, successRate } from "./argo";
import { flagger } from "./flagger";
import type { Decide } from "./outcome";

/** The judges that are compared, ours first, as columns and rows show them. */
export const JUDGES = [
  "sequential",
  "Argo 95 %, limit 0",
  "Argo 95 %, limit 3",
  "Argo 99 %, limit 3",
  "Flagger 99 %",
  "ratio 1.5",
  "Kayenta",
] as const;
export type JudgeName = (typeof JUDGES)[number];

/** All but ours. */
export const OTHERS = JUDGES.filter((name) => name !== "sequential");

/** The judges that decide from totals alone. */
export const RULES: Partial<Record<JudgeName, Decide>> = {
  "Argo 95 %, limit 0": successRate(0.95, 300, 0),
  "Argo 95 %, limit 3": successRate(0.95, 300, 3),
  "Argo 99 %, limit 3": successRate(0.99, 120, 3),
  "Flagger 99 %": flagger(0.99, 60, 5),
  "ratio 1.5": ratio(1.5, 300, 3),
};

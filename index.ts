export { delivered } from "./components/delivered/delivered";
export type { Delivery } from "./components/model/delivery";
export type { Diagnostic, Fidelity } from "./components/model/diagnostics";
export type { Environment } from "./components/model/environment";
export { ArgumentError } from "./components/model/errors";
export type { Image, ImageBuild } from "./components/model/image";
export type { LatencyObjective, Objectives } from "./components/model/objectives";
export type { Pipeline } from "./components/model/pipeline";
export { formatProblem, type Problem } from "./components/model/problem";
export * from "./components/model/release";
export * from "./components/model/service";
export { Target } from "./components/model/target";
export { checkDelivery, checkObjectives, checkRelease, checkService } from "./components/model/validate";
export { compileRelease, type TargetFields } from "./components/release/compile";
export { type CompiledRelease, type CompileOptions, Router } from "./components/release/compile/target";
export { isSequential } from "./components/release/judges";
export {
  argoConditions,
  cloudMonitoringCondition,
  cloudWatchAlarm,
  type MetricPromql,
  type ReleaseMetrics,
  releasePromql,
  type VersionSelectors,
} from "./components/release/sequential/evaluators";
export type { CounterSelectors } from "./components/release/sequential/promql-rates";
export type { BadLimits, SequentialRule } from "./components/release/sequential/rule";

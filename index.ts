export type { Diagnostic, Fidelity } from "./components/model/diagnostics";
export { ArgumentError } from "./components/model/errors";
export type { Image, ImageBuild } from "./components/model/image";
export type { LatencyObjective, Objectives } from "./components/model/objectives";
export * from "./components/model/release";
export type * from "./components/model/service";

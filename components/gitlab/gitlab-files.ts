import type { GeneratedFile } from "../pipeline/generated-file";
import type { PipelinePlan } from "../pipeline/plan";

export function gitlabFiles(_plan: PipelinePlan): GeneratedFile[] {
  throw new Error("not merged yet");
}

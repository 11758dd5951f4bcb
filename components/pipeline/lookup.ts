import type { PipelinePlan, PlannedEnvironment, PlannedImage } from "./plan";
import type { PlannedJob } from "./planned-jobs";

export function plannedImage({ images }: PipelinePlan, name: string): PlannedImage {
  const found = images.find((image) => image.name === name);
  if (found === undefined) throw new Error(`the plan has no image ${name}`);
  return found;
}

export function plannedEnvironment({ environments }: PipelinePlan, name: string): PlannedEnvironment {
  const found = environments.find((environment) => environment.name === name);
  if (found === undefined) throw new Error(`the plan has no environment ${name}`);
  return found;
}

/** The jobs of one kind, in the order of the plan. */
export const jobsOf = <K extends PlannedJob["kind"]>({ jobs }: PipelinePlan, kind: K) =>
  jobs.filter((job): job is Extract<PlannedJob, { kind: K }> => job.kind === kind);

/** Every image that a deployment may change: of services, and of whatever else is built. */
export const deployedImages = ({ services, images }: PlannedEnvironment): string[] => [
  ...new Set([...services, ...images]),
];

/** How images are tagged once their commit has a version. */
export const versionTags = ({ publishing }: PipelinePlan) =>
  publishing.tags.filter((tag) => tag === "version" || tag === "minor");

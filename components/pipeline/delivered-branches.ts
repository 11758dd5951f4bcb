import type { PipelinePlan } from "./plan";

/** Branches whose pushes are delivered somewhere, or turned into a version. */
export function deliveredBranches({
  environments,
  branches,
  versioning,
  images,
}: Omit<PipelinePlan, "jobs">): string[] {
  const reached = environments.filter(({ automatic, promotesFrom }) => automatic && promotesFrom === undefined);
  const ways = versioning !== undefined || images.length > 0 ? [branches.production] : [];
  return [...new Set([...reached.flatMap((environment) => environment.branches), ...ways])];
}

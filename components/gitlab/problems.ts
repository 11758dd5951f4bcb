import type { Problem } from "../model/problem";
import { describeValue } from "../model/problem";
import type { PipelinePlan } from "../pipeline/plan";
import { toolVersion } from "../pipeline/tools/tool-versions";
import { type GitlabImages, imageFor } from "./images/images";
import { knownRegistry } from "./jobs/build";

/** Why a plan cannot be written for GitLab: everything at once. */
export function gitlabProblems(plan: PipelinePlan, { images = {} }: { images?: GitlabImages } = {}): Problem[] {
  return [
    ...imageProblems(plan, images),
    ...registryProblems(plan),
    ...versioningProblems(plan),
    ...textProblems(plan),
  ];
}

function imageProblems(plan: PipelinePlan, images: GitlabImages): Problem[] {
  if (plan.environments.length === 0 || imageFor("pulumi", plan, images) !== undefined) return [];
  const version = toolVersion("pulumi");
  return [
    {
      path: "pipeline.runners.gitlabImage",
      problem: "is missing: deployments on GitLab run in an image with Pulumi",
      fix: `Write "docker.io/pulumi/pulumi@sha256:…": docker buildx imagetools inspect pulumi/pulumi:${version} prints the digest`,
    },
  ];
}

function registryProblems({ publishing, images }: PipelinePlan): Problem[] {
  if (images.length === 0 || knownRegistry(publishing)) return [];
  return [
    {
      path: "pipeline.registry.kind",
      problem: "is one that jobs on GitLab cannot log in to",
      got: describeValue(publishing.registry.kind),
      fix: 'Choose "gitlab", "docker-hub", or "other" with userSecret and passwordSecret',
    },
  ];
}

function versioningProblems({ versioning }: PipelinePlan): Problem[] {
  if (versioning?.way !== "release-please") return [];
  return [
    {
      path: "pipeline.versioning.way",
      problem: "works on GitHub only",
      got: describeValue(versioning.way),
      fix: 'Choose "semantic-release", "changesets" or "tag"',
    },
  ];
}

/** GitLab takes $ and % for the beginning of a variable in some places, and has no way to write them there. */
function textProblems(plan: PipelinePlan): Problem[] {
  const paths: [string, string][] = [["repositories.path", plan.directory]];
  for (const job of plan.jobs) {
    if (job.kind !== "test") continue;
    const here = `pipeline.tests.${job.suite}`;
    paths.push([`${here}.directory`, job.directory]);
    if (job.report !== undefined) paths.push([`${here}.report`, job.report]);
    if (job.coverage !== undefined) paths.push(["pipeline.tests.coverage.report", job.coverage.report]);
    if (job.comparison !== undefined) paths.push([`${here}.report`, job.comparison.report]);
  }
  const fix = "Choose a name without them: GitLab takes both for the beginning of a variable here";
  return [
    ...paths
      .filter(([, value]) => /[$%]/.test(value))
      .map(([path, value]) => ({ path, problem: "contains $ or %", got: describeValue(value), fix })),
    ...plan.runners.gitlabTags.flatMap((tag, index) =>
      /[$%]/.test(tag)
        ? [{ path: `pipeline.runners.gitlabTags[${index}]`, problem: "contains $ or %", got: describeValue(tag), fix }]
        : [],
    ),
  ];
}

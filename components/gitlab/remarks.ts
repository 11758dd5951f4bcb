import type { Diagnostic } from "../model/diagnostics";
import type { PipelinePlan } from "../pipeline/plan";
import { runVariable } from "./conditions";
import { worksOnGitlab } from "./jobs/check";
import { addressIsPlain } from "./jobs/deploy";

/** What GitLab does differently from what a plan says. Nothing is left out in silence. */
export function gitlabRemarks(plan: PipelinePlan): Diagnostic[] {
  const remarks: Diagnostic[] = [];
  const say = (feature: string, fidelity: Diagnostic["fidelity"], message: string): void => {
    remarks.push({ feature, fidelity, message, maxExposureError: 0 });
  };
  if (plan.jobs.some(({ kind }) => kind === "announce")) {
    say("notifications", "dropped", "Nobody is told that a deployment waits: no job runs while another one waits.");
  }
  for (const { name, approval, url } of plan.environments) {
    const here = `environments.${name}`;
    if (approval !== undefined && approval.way !== "dispatch") {
      const people = approval.way === "issue" ? "An answer to an issue starts nothing on GitLab. " : "";
      say(
        `${here}.approval`,
        approval.way === "environment" ? "emulated" : "approximated",
        `${people}The deployment waits until somebody starts it. Who may is said by protecting the environment ${name}, ` +
          "which needs GitLab Premium; without it everybody who may push to the branch may.",
      );
    }
    if (approval !== undefined && approval.waitMinutes > 0) {
      say(`${here}.approval.wait`, "dropped", "GitLab has no time that passes after everybody agreed.");
    }
    if (approval?.preventSelfReview === true) {
      say(
        `${here}.approval.preventSelfReview`,
        "dropped",
        "Whether people may agree to what they started is a setting of the protected environment.",
      );
    }
    if (url !== undefined && !addressIsPlain(url)) {
      say(`${here}.url`, "dropped", "GitLab would read part of the address as a variable: it is not linked.");
    }
  }
  for (const job of plan.jobs) {
    if (job.kind === "scan" && !worksOnGitlab(job.scanner)) {
      say(`pipeline.security.${job.scanner}`, "dropped", "This scanner works on GitHub only.");
    }
    if (job.kind === "cleanup") {
      const message = "GitLab removes old images itself: set a clean-up policy of the project's registry.";
      say("pipeline.maintenance.keepImages", "dropped", message);
    }
    if (job.kind === "test" && job.coverage?.upload === "codecov") {
      const message = "The report of coverage stays with the job and in the merge request: nothing is sent to Codecov.";
      say("pipeline.tests.coverage.upload", "approximated", message);
    }
    if (job.kind === "test" && job.comparison !== undefined) {
      const message = "Earlier figures are those of the last good job on the production branch.";
      say(`pipeline.tests.${job.suite}.baseline`, "approximated", message);
    }
  }
  const times = [
    ["scan", plan.security.schedule, "pipeline.security.schedule", plan.jobs.some(({ kind }) => kind === "scan")],
    [
      "drift",
      plan.infrastructure.drift,
      "pipeline.infrastructure.drift",
      plan.jobs.some(({ kind }) => kind === "drift"),
    ],
  ] as const;
  for (const [what, schedule, feature, wanted] of times) {
    if (!wanted) continue;
    const message = `Schedules are settings of the project: add one at "${schedule}" (UTC) with the variable ${runVariable} = ${what}.`;
    say(feature, "approximated", message);
  }
  if (plan.images.length > 0) {
    const { publishing } = plan;
    if (publishing.cache === "platform") {
      say("pipeline.images.cache", "dropped", 'GitLab has no cache for layers: choose "registry" to keep them there.');
    }
    if (publishing.tags.includes("pull-request")) {
      say("pipeline.images.tags", "dropped", "Nothing is published for a merge request.");
    }
    if (publishing.signature === "keyless") {
      const message = "Signing without a key works for projects on gitlab.com, and puts their names in a public log.";
      say("pipeline.images.signature", "approximated", message);
    }
    if (publishing.signature === "none" && publishing.provenance && publishing.verifyBeforeDeployment) {
      const message =
        "Nobody signs how an image was built: without a signature nothing is verified before a deployment.";
      say("pipeline.images.verifyBeforeDeployment", "dropped", message);
    }
  }
  if (plan.versioning?.way === "changesets") {
    const message = "Versions are tagged, and nobody opens the merge request with the next one: run changeset version.";
    say("pipeline.versioning.way", "approximated", message);
  }
  if (plan.maintenance.updates === "dependabot") {
    say("pipeline.maintenance.updates", "dropped", 'Dependabot works on GitHub only: choose "renovate".');
  }
  return remarks;
}

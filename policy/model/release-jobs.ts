import type { Part } from "../core/part";
import { eventsOf, type Job, uses, type Workflow } from "./workflow";

/** Actions that put something where users get it from. */
const PUBLISHERS = [
  "aws-actions/amazon-ecs-deploy-task-definition",
  "aws-actions/aws-cloudformation-github-deploy",
  "azure/aci-deploy",
  "azure/container-apps-deploy-action",
  "azure/functions-action",
  "cloudflare/wrangler-action",
  "google-github-actions/deploy-appengine",
  "google-github-actions/deploy-cloudrun",
  "goreleaser/goreleaser-action",
  "googleapis/release-please-action",
  "jreleaser/release-action",
  "pypa/gh-action-pypi-publish",
  "release-drafter/release-drafter",
  "rubygems/release-gem",
  "softprops/action-gh-release",
];

/** Whether what a job makes goes to users: by what starts the workflow, or by a step that publishes. */
export const isRelease = (model: Workflow, job: Job): boolean => startsByRelease(model) || job.steps.some(publishes);

/** A release, a tag, or a branch for releases. */
const startsByRelease = (model: Workflow): boolean =>
  eventsOf(model).some(
    ([name, event]) =>
      name === "release" ||
      (name === "push" &&
        (event.at("tags").present() || event.at("branches").some((branch) => /release/i.test(branch.text() ?? "")))),
  );

const publishes = (step: Part): boolean =>
  uses(step, PUBLISHERS) || (uses(step, ["docker/build-push-action"]) && isTrue(step.at("with.push").read()));

/** An input is a text for its action; an expression may be true. */
const isTrue = (input: unknown): boolean => input !== undefined && String(input).toLowerCase() !== "false";

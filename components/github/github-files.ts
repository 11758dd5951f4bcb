import { deliveredBranches } from "../pipeline/delivered-branches";
import type { GeneratedFile } from "../pipeline/generated-file";
import { hookFiles } from "../pipeline/hooks";
import { jobsOf } from "../pipeline/lookup";
import type { PipelinePlan } from "../pipeline/plan";
import type { ActionPins } from "./pins/pins";
import { approveWorkflow } from "./workflows/approve";
import { buildWorkflow } from "./workflows/build";
import { ciWorkflow, securityWorkflow } from "./workflows/ci";
import { deliverWorkflow } from "./workflows/deliver";
import { deployWorkflow } from "./workflows/deploy";
import { cleanupWorkflow, dispatchWorkflow } from "./workflows/dispatch";
import { Emitter } from "./workflows/emitter";
import { driftWorkflow, previewWorkflow } from "./workflows/infrastructure";
import { renderWorkflow } from "./workflows/render";
import { tagWorkflow } from "./workflows/tag";
import { updatesFile } from "./workflows/updates";
import type { Workflow } from "./workflows/workflow";

/** What the files are written with, beside the plan. */
export interface GithubFilesOptions {
  /** Pins of actions that come before the library's own. */
  pins?: ActionPins;
  /** Whether pins that a bot raised in the files stay, so that bots may raise them. Defaults to false. */
  keepsNewer?: boolean;
}

/**
 * Every file that GitHub needs for a pipeline: workflows, the updater's settings, git hooks. The same plan gives the
 * same bytes.
 */
export function githubFiles(
  plan: PipelinePlan,
  { pins, keepsNewer = false }: GithubFilesOptions = {},
): GeneratedFile[] {
  const emitter = new Emitter(plan, pins);
  const deliver = deliverWorkflow(emitter);
  const workflows: (Workflow | undefined)[] = [
    ciWorkflow(emitter, deliver === undefined ? [] : deliveredBranches(plan)),
    securityWorkflow(emitter),
    ...plan.images.map((image) => buildWorkflow(emitter, image)),
    deliver,
    ...plan.environments.map((environment) => deployWorkflow(emitter, environment)),
    approveWorkflow(emitter),
    previewWorkflow(emitter),
    driftWorkflow(emitter),
    tagWorkflow(emitter),
    ...jobsOf(emitter.plan, "dispatched").map((job) => dispatchWorkflow(emitter, job)),
    ...jobsOf(emitter.plan, "cleanup").map((job) => cleanupWorkflow(emitter, job)),
  ];
  return [
    ...workflows.filter((workflow) => workflow !== undefined).map(renderWorkflow),
    updatesFile(emitter, keepsNewer),
    ...(plan.hooks === undefined ? [] : hookFiles(plan.hooks)),
  ];
}

import { ownEnvironment } from "../pipeline/environments";
import type { PipelinePlan } from "../pipeline/plan";
import type { CiJob, Rule } from "./ci-file";
import { onMergeRequest, onPush } from "./conditions";
import { type GitlabImages, type ImageRole, imageFor } from "./images/images";
import { cacheFolder } from "./setup";
import { makeWorkFolder, removeWorkFolder } from "./shell";

/** What every job is written from. */
export class Emitter {
  constructor(
    readonly plan: PipelinePlan,
    private readonly images: GitlabImages,
  ) {}

  /** The image of a role. Throws when nobody named one; `gitlabProblems` says so before. */
  image(role: ImageRole): string {
    const image = imageFor(role, this.plan, this.images);
    if (image === undefined) throw new Error(`nobody named an image for ${role}`);
    return image;
  }

  /** On every change: a merge request, a merge train, a push to a branch with a meaning. */
  onChange(branches: readonly string[]): Rule[] {
    return [{ if: onMergeRequest(this.plan) }, { if: onPush(branches) }];
  }

  /** What every job has. A job with secrets sees those of the pipeline's own environment, unless it names another. */
  job({ secrets = [], ...given }: JobInput): CiJob {
    const { gitlabTags: tags } = this.plan.runners;
    const deploys = given.resource_group !== undefined;
    const { timeoutMinutes, before_script: before = [], after_script: after = [], ...rest } = given;
    const { stage, image, rules, needs = [], script, ...others } = rest;
    return {
      stage,
      image,
      ...(tags.length > 0 && { tags }),
      rules,
      ...(stage !== "notify" && { needs }),
      timeout: `${timeoutMinutes} minutes`,
      interruptible: false,
      // Only what a runner did wrong is tried again, and never a deployment.
      ...(!deploys && { retry: { max: 1, when: ["runner_system_failure", "scheduler_failure"] } }),
      ...(secrets.length > 0 && { environment: { name: ownEnvironment, action: "access" as const } }),
      cache: [],
      ...others,
      before_script: [makeWorkFolder, ...before],
      script,
      after_script: [...after, removeWorkFolder],
    };
  }

  /** Packages that other jobs fetched, by the lock files. */
  cache(directory: string): Pick<CiJob, "cache"> {
    const { node, python } = this.plan.toolchain;
    const files = [
      ...(node === undefined
        ? []
        : [{ npm: "package-lock.json", pnpm: "pnpm-lock.yaml", yarn: "yarn.lock" }[node.manager]]),
      ...(python === undefined
        ? []
        : [{ uv: "uv.lock", pip: "requirements.txt", poetry: "poetry.lock" }[python.manager]]),
    ];
    if (files.length === 0) return {};
    return {
      cache: {
        key: { files: files.map((file) => inFolder(directory, file)), prefix: "packages" },
        paths: [`${cacheFolder}/`],
      },
    };
  }
}

type JobInput = Omit<Partial<CiJob>, "timeout"> &
  Pick<CiJob, "stage" | "image" | "rules" | "script"> & { timeoutMinutes: number; secrets?: readonly string[] };

/** The name of a job of the plan: GitLab keeps some for itself. */
export const jobName = (id: string): string => (id === "types" ? "type-check" : id);

/** A file below a folder of the repository. */
export const inFolder = (directory: string, file: string): string =>
  directory === "." ? file : `${directory.replace(/\/+$/, "")}/${file}`;

export const needsOf = (ids: readonly string[], more: { artifacts?: boolean; optional?: boolean } = {}) =>
  ids.map((job) => ({ job, ...more }));

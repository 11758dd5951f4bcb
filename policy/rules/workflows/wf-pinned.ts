import { type Cursor, findOf } from "../../core/cursor";
import { levels } from "../../core/level";
import type { Outcome, Part } from "../../core/part";
import { defineRule } from "../../core/rule";
import { scorecard, zizmor } from "../../core/standard";
import { expressionsIn } from "../../model/expression";
import { imageReference } from "../../model/image";
import { matrixValues } from "../../model/matrix";
import { isCommit, type Job, useOf, workflow } from "../../model/workflow";
import { trustedOptions } from "./trusted";

/** Makes no provenance when it is named by a commit: who checks it looks for the release that made it. */
const SLSA_GENERATOR = "slsa-framework/slsa-github-generator/.github/workflows/";
const DOCKER = "docker://";
const RELEASE = /^v\d+\.\d+\.\d+$/;

export const wfPinned = defineRule({
  id: "wf-pinned",
  title: "Workflows name actions by commit and images by digest",
  severity: "high",
  standards: [...scorecard("Pinned-Dependencies"), ...zizmor("unpinned-uses", "unpinned-images")],
  levels: levels("advisory", "mandatory"),
  model: workflow,
  options: trustedOptions,
  why: "A tag can be moved to other code, which then runs with the job's token and secrets.",
  remediation: "Name the commit, with the version in a comment behind it: owner/action@<40 digits> # v1.2.3.",
  *check({ jobs }, { trusted }) {
    for (const job of jobs) {
      yield* used(job, trusted);
      for (const step of job.steps) yield* used(step, trusted);
      const container = job.at("container");
      yield* images(job, container.at("image"));
      // A container may be a text, the image alone.
      yield* images(job, container);
      for (const [, service] of job.at("services").entries()) yield* images(job, service.at("image"));
    }
  },
});

function* used(part: Part, trusted: readonly string[]) {
  const at = part.at("uses");
  yield part.fails("uses something that is not named by its commit", at, () => {
    const use = useOf(part);
    if (use === undefined || isCommit(use.ref) || trusted.includes(use.owner)) return false;
    return !(use.name.startsWith(SLSA_GENERATOR) && RELEASE.test(use.ref));
  });
  yield part.fails("runs an image that is not named by its digest", at, () => {
    const text = at.text() ?? "";
    return text.startsWith(DOCKER) && !isPinned(text.slice(DOCKER.length));
  });
}

/** An image, and what the job's matrix puts in its place or into its name. */
function* images(job: Job, at: Cursor) {
  yield unpinned(job, at);
  yield job.fails("runs an image that its matrix does not name by a digest", at, () => {
    const text = at.text() ?? "";
    const [expression = "", ...others] = expressionsIn(text);
    const key = /^\$\{\{\s*matrix\.([\w.-]+)\s*\}\}$/.exec(expression)?.[1];
    if (key === undefined || others.length > 0) return false;
    const values = matrixValues(job, key.toLowerCase().split(".")) ?? [];
    return findOf(values, (value) => isUnpinned(text, expression, value)) !== undefined;
  });
}

/** A value may be a number, as versions are. */
function isUnpinned(text: string, expression: string, at: Cursor): boolean {
  const value = at.read();
  return ["string", "number"].includes(typeof value) && !isPinned(text.replace(expression, () => String(value)));
}

const unpinned = (part: Part, at: Cursor): Outcome =>
  part.fails("runs an image that is not named by its digest", at, () => {
    const image = at.text();
    return image !== undefined && image !== "" && !isPinned(image);
  });

/** An expression may give a digest. */
const isPinned = (image: string): boolean => image.includes("${{") || imageReference(image).digest !== undefined;

import type { PipelinePlan } from "../../pipeline/plan";
import images from "./gitlab-images.json";

/**
 * What jobs on GitLab run in, by what they need it for.
 * `toolchain`: bash, and Debian's packages for whatever else is missing. `builder`: BuildKit without root rights.
 * `contents`: what BuildKit lists the contents of an image with. `trivy`: the scanner of that name.
 * `pulumi`: as `toolchain`, with Pulumi.
 */
export type ImageRole = "toolchain" | "builder" | "contents" | "trivy" | "pulumi";

/** Images by digest: "docker.io/library/node@sha256:…". */
export type GitlabImages = Readonly<Partial<Record<ImageRole, string>>>;

/**
 * The library's own. Each digest is an index for several platforms that independent public repositories name beside the
 * tag. There is none for `pulumi`: nobody but its maker names a digest of a recent version.
 */
export const gitlabImages: GitlabImages = Object.fromEntries(
  Object.entries(images).map(([role, { image, tag, digest }]) => [role, `${image}:${tag}@${digest}`]),
);

/** The image for a role, or undefined where nobody named one. */
export function imageFor(role: ImageRole, { runners }: PipelinePlan, given: GitlabImages): string | undefined {
  const own = role === "toolchain" || role === "pulumi" ? runners.gitlabImage : undefined;
  return given[role] ?? own ?? gitlabImages[role];
}

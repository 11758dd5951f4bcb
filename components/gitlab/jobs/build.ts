import { plannedImage } from "../../pipeline/lookup";
import type { PlannedImage, Publishing } from "../../pipeline/plan";
import type { BuildJob } from "../../pipeline/planned-jobs";
import { atLeast } from "../../pipeline/severity";
import { quoted } from "../../pipeline/tests";
import type { CiJob, Rule } from "../ci-file";
import { type Emitter, needsOf } from "../emitter";
import { goTool, needVariables, setUpGo } from "../setup";

/** Variable with an image by its digest, from the job that published it. */
export const imageVariable = (image: string): string => `HEADGATE_IMAGE_${image.toUpperCase().replaceAll("-", "_")}`;

/** Registries that a job on GitLab can log in to without another program. */
export const knownRegistry = ({ registry }: Publishing): boolean =>
  registry.kind === "gitlab" || registry.kind === "docker-hub" || registry.kind === "other";

/** Where an image is published, without tag and digest; a word of the shell. */
export function imageName({ registry }: Publishing, image: string): string {
  if (registry.kind !== "gitlab") {
    const host = registry.kind === "docker-hub" ? "docker.io" : registry.address;
    return `${host}/${registry.namespace ?? "$CI_PROJECT_PATH_SLUG"}/${image}`;
  }
  return registry.namespace === undefined
    ? `$CI_REGISTRY_IMAGE/${image}`
    : `$CI_REGISTRY/${registry.namespace}/${image}`;
}

/** Words of the shell with host, user and password of the registry. */
function access({ registry }: Publishing): { host: string; user: string; password: string; secrets: string[] } {
  if (registry.kind === "gitlab") {
    return { host: "$CI_REGISTRY", user: "$CI_REGISTRY_USER", password: "$CI_REGISTRY_PASSWORD", secrets: [] };
  }
  const { userSecret: user = "REGISTRY_USER", passwordSecret: password = "REGISTRY_PASSWORD" } = registry;
  // Docker Hub is known to credential files by its first address.
  const host = registry.kind === "docker-hub" ? "https://index.docker.io/v1/" : (registry.address ?? "");
  return { host, user: `$${user}`, password: `$${password}`, secrets: [user, password] };
}

export const registrySecrets = (publishing: Publishing): string[] => access(publishing).secrets;

/** Logs in by a file that only this job reads; for any shell. */
export function logIn(publishing: Publishing): string {
  const { host, user, password, secrets } = access(publishing);
  const given = secrets.map((name) => `: "\${${name}:?The variable ${name} is not there for this job}"`);
  return [
    "# Log in to the registry",
    ...given,
    'export DOCKER_CONFIG="$WORK/docker"',
    `token=$(printf '%s:%s' "${user}" "${password}" | base64 | tr -d '\\n')`,
    `(umask 077 && mkdir -p "$DOCKER_CONFIG" && printf '{"auths":{"%s":{"auth":"%s"}}}' "${host}" "$token" > "$DOCKER_CONFIG/config.json")`,
  ].join("\n");
}

/** What BuildKit is told about an image. No root rights and no Docker socket: nothing gets out of the build. */
function buildOptions(emitter: Emitter, { build, platforms }: PlannedImage): string[] {
  const context = quoted(build.context);
  const options = [
    "--frontend dockerfile.v0",
    `--local context=${context}`,
    ...dockerfile(build.context, build.dockerfile),
    `--opt platform=${platforms.join(",")}`,
    ...(build.target === undefined ? [] : [`--opt ${quoted(`target=${build.target}`)}`]),
    ...Object.entries(build.args ?? {}).map(([name, value]) => `--opt ${quoted(`build-arg:${name}=${value}`)}`),
  ];
  const { cache } = emitter.plan.publishing;
  return cache === "none" ? [...options, "--no-cache"] : options;
}

function dockerfile(context: string, file: string | undefined): string[] {
  if (file === undefined) return [`--local dockerfile=${quoted(context)}`];
  const parts = file.split("/");
  const name = parts.pop() ?? file;
  return [`--local dockerfile=${quoted(parts.join("/") || ".")}`, `--opt ${quoted(`filename=${name}`)}`];
}

const builder = (emitter: Emitter): Pick<CiJob, "image" | "variables"> => ({
  image: { name: emitter.image("builder"), entrypoint: [""] },
  // Without it BuildKit asks for rights that a runner without privileges does not have.
  variables: { BUILDKITD_FLAGS: "--oci-worker-no-process-sandbox" },
});

const build = (options: readonly string[]): string => ["buildctl-daemonless.sh build", ...options].join(" \\\n  ");

/** Builds an image to see that it can be built. Nothing leaves the machine. */
export function tryBuildJob(emitter: Emitter, job: BuildJob, rules: readonly Rule[]): CiJob {
  return emitter.job({
    stage: "check",
    ...builder(emitter),
    rules,
    timeoutMinutes: job.timeoutMinutes,
    interruptible: true,
    script: [build(buildOptions(emitter, plannedImage(emitter.plan, job.image)))],
  });
}

/** Publishes an image for every platform, with what is inside and how it was built, and passes on its digest. */
function publishJob(emitter: Emitter, job: BuildJob, rules: readonly Rule[]): CiJob {
  const { publishing, keepArtifactsDays } = emitter.plan;
  const image = plannedImage(emitter.plan, job.image);
  const { sbom, provenance, cache } = publishing;
  const name = imageName(publishing, image.name);
  const tags = ["commit-$CI_COMMIT_SHA"];
  if (publishing.tags.includes("commit")) tags.push("$CI_COMMIT_SHORT_SHA");
  if (publishing.tags.includes("branch")) tags.push("$CI_COMMIT_REF_SLUG");
  const names = tags.map((tag) => `${name}:${tag}`).join(",");
  const attested = [
    ...(provenance ? ["--opt attest:provenance=mode=max"] : []),
    ...(sbom ? [`--opt attest:sbom=generator=${emitter.image("contents")}`] : []),
    ...(cache === "registry"
      ? [
          `--import-cache "type=registry,ref=${name}:cache"`,
          `--export-cache "type=registry,mode=max,ref=${name}:cache"`,
        ]
      : []),
  ];
  return emitter.job({
    stage: "build",
    ...builder(emitter),
    rules,
    needs: needsOf(job.needs, { artifacts: false }),
    timeoutMinutes: job.timeoutMinutes,
    secrets: registrySecrets(publishing),
    before_script: [logIn(publishing)],
    script: [
      build([
        ...buildOptions(emitter, image),
        ...attested,
        `--output "type=image,\\"name=${names}\\",push=true,oci-mediatypes=true"`,
        '--metadata-file "$WORK/image.json"',
      ]),
      `# Pass on the digest
digest=$(sed -n 's/.*"containerimage.digest": *"\\(sha256:[0-9a-f]*\\)".*/\\1/p' "$WORK/image.json")
if [ "\${#digest}" != 71 ]; then echo "BuildKit names no digest." >&2; exit 1; fi
echo "${imageVariable(image.name)}=${name}@$digest" | tee image.env`,
    ],
    artifacts: { expire_in: `${keepArtifactsDays} days`, reports: { dotenv: "image.env" } },
  });
}

/** Looks for known holes in the very image that was published. */
function scanImageJob(emitter: Emitter, job: BuildJob, rules: readonly Rule[]): CiJob {
  const { publishing } = emitter.plan;
  const threshold = publishing.scanThreshold ?? "high";
  const severity = atLeast(threshold).join(",").toUpperCase();
  return emitter.job({
    stage: "build",
    image: { name: emitter.image("trivy"), entrypoint: [""] },
    rules,
    needs: needsOf([job.id]),
    timeoutMinutes: 30,
    secrets: registrySecrets(publishing),
    before_script: [logIn(publishing)],
    script: [
      `trivy image --quiet --ignore-unfixed --exit-code 1 --severity ${severity} "$${imageVariable(job.image)}"`,
    ],
  });
}

export const keyVariable = (publishing: Publishing): string =>
  publishing.signature === "key" ? `--key ${quoted(publishing.signingKey ?? "")} ` : "";

/** Signs an image by its digest, as this pipeline, without a stored key. */
function signJob(emitter: Emitter, job: BuildJob, rules: readonly Rule[], needs: readonly string[]): CiJob {
  const { publishing } = emitter.plan;
  return emitter.job({
    stage: "build",
    image: emitter.image("toolchain"),
    rules,
    needs: [...needsOf([job.id]), ...needsOf(needs, { artifacts: false })],
    timeoutMinutes: 30,
    secrets: registrySecrets(publishing),
    ...(publishing.signature === "keyless" && { id_tokens: { SIGSTORE_ID_TOKEN: { aud: "sigstore" } } }),
    before_script: [...needVariables(registrySecrets(publishing)), ...setUpGo, goTool("cosign"), logIn(publishing)],
    script: [`cosign sign --yes ${keyVariable(publishing)}"$${imageVariable(job.image)}"`],
  });
}

/** Everything that makes an image one that may be deployed, in order: published, without known holes, signed. */
export function buildJobs(emitter: Emitter, job: BuildJob, rules: readonly Rule[]): [string, CiJob][] {
  const { scanThreshold, signature } = emitter.plan.publishing;
  const jobs: [string, CiJob][] = [[job.id, publishJob(emitter, job, rules)]];
  if (scanThreshold !== undefined) jobs.push([`scan-${job.image}`, scanImageJob(emitter, job, rules)]);
  if (signature !== "none") {
    const scanned = scanThreshold === undefined ? [] : [`scan-${job.image}`];
    jobs.push([`sign-${job.image}`, signJob(emitter, job, rules, scanned)]);
  }
  return jobs;
}

/** Jobs that must be done before an image may be used, without the one that passes on its digest. */
export function approvedBy({ plan: { publishing } }: Emitter, image: string): string[] {
  return [
    ...(publishing.scanThreshold === undefined ? [] : [`scan-${image}`]),
    ...(publishing.signature === "none" ? [] : [`sign-${image}`]),
  ];
}

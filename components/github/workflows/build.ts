import { plannedImage } from "../../pipeline/lookup";
import type { PlannedImage } from "../../pipeline/plan";
import type { BuildJob } from "../../pipeline/planned-jobs";

import type { Emitter } from "./emitter";
import { concat, expression, text } from "./expression";
import { attest, readSources, signAsRun, takeIdentity, writePackages } from "./permissions";
import { nameStep, publishSteps } from "./publish";
import { imageName, loginSteps, registrySecrets, secret, secretsEnvironment } from "./registry";
import { checkout, workFolder } from "./setup";
import type { CallJob, Permissions, Step, StepsJob, Value, Workflow } from "./workflow";

/** What a platform is built on: its own kind of machine where the platform has one, else by emulation. */
function runnerOf({ plan }: Emitter, platform: string): string {
  if (plan.runners.githubLabel !== "ubuntu-24.04") return plan.runners.githubLabel;
  return platform.startsWith("linux/arm64") ? "ubuntu-24.04-arm" : "ubuntu-24.04";
}

const native = ["linux/amd64", "linux/arm64"];
const needsEmulation = (platforms: readonly string[]): boolean => platforms.some((each) => !native.includes(each));

const buildSettings = ({ build }: PlannedImage): Readonly<Record<string, Value>> => ({
  context: build.context,
  ...(build.dockerfile !== undefined && { file: build.dockerfile }),
  ...(build.target !== undefined && { target: build.target }),
  ...(build.args !== undefined &&
    Object.keys(build.args).length > 0 && {
      "build-args": Object.entries(build.args)
        .map(([name, value]) => `${name}=${value}`)
        .join("\n"),
    }),
});

function buildx(emitter: Emitter, platforms: readonly string[]): Step[] {
  const qemu: Step = { name: "Set up emulation", uses: emitter.use("docker/setup-qemu-action") };
  return [
    ...(needsEmulation(platforms) ? [qemu] : []),
    { name: "Set up the builder", uses: emitter.use("docker/setup-buildx-action") },
  ];
}

/** Builds an image to see that it can be built. Nothing leaves the machine. */
export function tryBuildJob(emitter: Emitter, job: BuildJob): StepsJob {
  const image = plannedImage(emitter.plan, job.image);
  const { publishing, runners } = emitter.plan;
  return {
    name: job.title,
    permissions: readSources,
    runsOn: runners.githubLabel,
    timeoutMinutes: job.timeoutMinutes,
    steps: [
      checkout(emitter),
      ...buildx(emitter, image.platforms),
      {
        name: "Build",
        uses: emitter.use("docker/build-push-action"),
        with: {
          ...buildSettings(image),
          platforms: image.platforms.join(","),
          push: false,
          provenance: false,
          ...(publishing.cache === "platform" && { "cache-from": `type=gha,scope=${image.name}` }),
        },
      },
    ],
  };
}

/** Calls the workflow that publishes one image. */
export function publishJob(emitter: Emitter, job: BuildJob, needs: readonly string[]): CallJob {
  const secrets = registrySecrets(emitter.plan.publishing);
  return {
    name: job.title,
    needs,
    permissions: publishPermissions(emitter),
    calls: `build-${job.image}.yml`,
    secrets: Object.fromEntries(secrets.map((name) => [name, secret(name)])),
  };
}

/** What the workflow that publishes needs, and whoever calls it. */
function publishPermissions(emitter: Emitter): Permissions {
  const { sbom, provenance, signature, signer } = emitter.plan.publishing;
  return {
    ...pushPermissions(emitter),
    ...(signer !== undefined && takeIdentity),
    ...((sbom || provenance) && attest),
    ...((sbom || provenance || signature === "keyless") && signAsRun),
  };
}

function pushPermissions({ plan: { publishing } }: Emitter): Permissions {
  return {
    ...readSources,
    ...(publishing.registry.kind === "ghcr" && writePackages),
    ...(publishing.identity !== undefined && takeIdentity),
  };
}

/** Builds one image for every platform, publishes it by its digest, looks for holes, and vouches for it. */
export function buildWorkflow(emitter: Emitter, image: PlannedImage): Workflow {
  const { publishing, runners } = emitter.plan;
  const name = imageName(publishing, image.name);
  return {
    file: `build-${image.name}.yml`,
    name: `Publish ${image.name}`,
    on: {
      call: {
        secrets: registrySecrets(publishing),
        outputs: {
          image: {
            description: "The image by its digest, for all platforms",
            value: expression`jobs.publish.outputs.image`,
          },
        },
      },
    },
    concurrency: { group: text`build-${image.name}-${expression`github.run_id`}`, cancelInProgress: false },
    jobs: {
      build: buildJob(emitter, image, name),
      publish: {
        name: "Publish",
        needs: ["build"],
        permissions: publishPermissions(emitter),
        runsOn: runners.githubLabel,
        timeoutMinutes: 30,
        ...secretsEnvironment(registrySecrets(publishing)),
        outputs: { image: expression`steps.image.outputs.image` },
        steps: publishSteps(emitter, image, name),
      },
    },
  };
}

function buildJob(emitter: Emitter, image: PlannedImage, name: string): StepsJob {
  const { cache } = emitter.plan.publishing;
  const scope = concat(`${image.name}-`, expression`matrix.platform`);
  const layers = {
    platform: {
      "cache-from": concat("type=gha,scope=", scope),
      "cache-to": concat("type=gha,mode=max,scope=", scope),
    },
    registry: {
      "cache-from": concat("type=registry,ref=", expression`steps.name.outputs.image`, ":cache"),
      "cache-to": concat("type=registry,mode=max,ref=", expression`steps.name.outputs.image`, ":cache"),
    },
    none: {},
  }[cache];
  return {
    name: "Build",
    permissions: pushPermissions(emitter),
    runsOn: expression`matrix.runner`,
    timeoutMinutes: 60,
    ...secretsEnvironment(registrySecrets(emitter.plan.publishing)),
    matrix: {
      failFast: true,
      include: image.platforms.map((platform) => ({ platform, runner: runnerOf(emitter, platform) })),
    },
    steps: [
      checkout(emitter),
      ...buildx(emitter, image.platforms),
      ...loginSteps(emitter),
      nameStep(name),
      {
        name: "Build and publish by digest",
        id: "build",
        uses: emitter.use("docker/build-push-action"),
        with: {
          ...buildSettings(image),
          platforms: expression`matrix.platform`,
          outputs: concat(
            "type=image,name=",
            expression`steps.name.outputs.image`,
            ",push-by-digest=true,name-canonical=true,push=true",
          ),
          // Both are made once for all platforms below, by the workflow that vouches for them.
          provenance: false,
          sbom: false,
          ...layers,
        },
      },
      {
        name: "Note the digest",
        env: { DIGEST: expression`steps.build.outputs.digest`, WORK: workFolder },
        run: `set -euo pipefail\nmkdir -p "$WORK/digests"\ntouch "$WORK/digests/\${DIGEST#sha256:}"`,
      },
      {
        name: "Pass it on",
        uses: emitter.use("actions/upload-artifact"),
        with: {
          name: concat(`digest_${image.name}_`, expression`strategy.job-index`),
          path: concat(workFolder, "/digests/*"),
          "if-no-files-found": "error",
          "retention-days": 1,
        },
      },
    ],
  };
}

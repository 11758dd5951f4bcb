import type { BuildJob, PlannedImage } from "../../pipeline/plan";
import { atLeast } from "../../pipeline/severity";
import { toolVersion } from "../../pipeline/tools/tool-versions";
import { identitySteps } from "./cloud";
import type { Emitter } from "./emitter";
import { concat, expression, text } from "./expression";
import { attest, readSources, signAsRun, takeIdentity, writePackages } from "./permissions";
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

const imageOf = ({ plan }: Emitter, name: string): PlannedImage => {
  const found = plan.images.find((image) => image.name === name);
  if (found === undefined) throw new Error(`the plan has no image ${name}`);
  return found;
};

function buildx(emitter: Emitter, platforms: readonly string[]): Step[] {
  const qemu: Step = { name: "Set up emulation", uses: emitter.use("docker/setup-qemu-action") };
  return [
    ...(needsEmulation(platforms) ? [qemu] : []),
    { name: "Set up the builder", uses: emitter.use("docker/setup-buildx-action") },
  ];
}

/** Builds an image to see that it can be built. Nothing leaves the machine. */
export function tryBuildJob(emitter: Emitter, job: BuildJob): StepsJob {
  const image = imageOf(emitter, job.image);
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

/** GitHub may write the owner in capitals, which no registry takes. */
const nameStep = (name: string): Step => ({
  name: "Name the image",
  id: "name",
  run: `echo "image=${name}" >> "$GITHUB_OUTPUT"`,
});

function publishSteps(emitter: Emitter, image: PlannedImage, name: string): Step[] {
  const { publishing } = emitter.plan;
  const digest = expression`steps.image.outputs.digest`;
  const repository = expression`steps.name.outputs.image`;
  const byDigest = expression`steps.image.outputs.image`;
  const report = concat(workFolder, "/sbom.spdx.json");
  const steps: Step[] = [
    {
      name: "Fetch the digests",
      uses: emitter.use("actions/download-artifact"),
      with: { path: concat(workFolder, "/digests"), pattern: `digest_${image.name}_*`, "merge-multiple": true },
    },
    { name: "Set up the builder", uses: emitter.use("docker/setup-buildx-action") },
    ...loginSteps(emitter),
    nameStep(name),
    {
      name: "Choose the tags",
      id: "tags",
      uses: emitter.use("docker/metadata-action"),
      with: { images: repository, tags: tagRules(emitter), flavor: "latest=false" },
    },
    {
      name: "Publish one image for all platforms",
      id: "image",
      env: { IMAGE: repository, TAGS: expression`steps.tags.outputs.tags`, WORK: workFolder },
      run: publishScript,
    },
  ];
  if (publishing.scanThreshold !== undefined) {
    steps.push({
      name: "Look for known holes",
      uses: emitter.use("aquasecurity/trivy-action"),
      with: {
        version: `v${toolVersion("trivy")}`,
        "image-ref": byDigest,
        severity: atLeast(publishing.scanThreshold).join(",").toUpperCase(),
        "ignore-unfixed": true,
        "exit-code": "1",
      },
    });
  }
  if (publishing.provenance) {
    steps.push({
      name: "Vouch for how it was built",
      uses: emitter.use("actions/attest"),
      with: { "subject-name": repository, "subject-digest": digest, "push-to-registry": true },
    });
  }
  if (publishing.sbom) {
    steps.push(
      {
        name: "List what is inside",
        uses: emitter.use("anchore/sbom-action"),
        with: { image: byDigest, format: "spdx-json", "output-file": report, "upload-artifact": false },
      },
      {
        name: "Vouch for the list",
        uses: emitter.use("actions/attest"),
        with: {
          "subject-name": repository,
          "subject-digest": digest,
          "sbom-path": report,
          "push-to-registry": true,
        },
      },
    );
  }
  if (publishing.signature !== "none") {
    const key = publishing.signature === "key" ? { KEY: publishing.signingKey ?? "" } : {};
    steps.push(...(publishing.signer === undefined ? [] : identitySteps(emitter, publishing.signer)), cosign(emitter), {
      name: "Sign",
      env: { IMAGE: byDigest, ...key },
      run: publishing.signature === "key" ? 'cosign sign --yes --key "$KEY" "$IMAGE"' : 'cosign sign --yes "$IMAGE"',
    });
  }
  return steps;
}

export const cosign = (emitter: Emitter): Step => ({
  name: "Set up cosign",
  uses: emitter.use("sigstore/cosign-installer"),
  with: { "cosign-release": `v${toolVersion("cosign")}` },
});

/** Every image has a tag with its commit, by which it is found again. */
function tagRules({ plan }: Emitter): string {
  const lines: string[] = ["type=sha,format=long,prefix=commit-"];
  if (plan.publishing.tags.includes("commit")) lines.push("type=sha,prefix=");
  if (plan.publishing.tags.includes("branch")) lines.push("type=ref,event=branch");
  return lines.join("\n");
}

const publishScript = `set -euo pipefail
images=()
for file in "$WORK/digests"/*; do images+=("$IMAGE@sha256:$(basename "$file")"); done
tags=()
while read -r tag; do tags+=(--tag "$tag"); done <<< "$TAGS"
docker buildx imagetools create "\${tags[@]}" "\${images[@]}"
first=$(head -n 1 <<< "$TAGS")
digest=$(docker buildx imagetools inspect "$first" --format '{{json .Manifest}}' | jq -r .digest)
[[ $digest =~ ^sha256:[0-9a-f]{64}$ ]]
echo "digest=$digest" >> "$GITHUB_OUTPUT"
echo "image=$IMAGE@$digest" >> "$GITHUB_OUTPUT"
`;

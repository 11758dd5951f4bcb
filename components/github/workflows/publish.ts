import type { PlannedImage } from "../../pipeline/plan";
import { atLeast } from "../../pipeline/severity";
import { toolVersion } from "../../pipeline/tools/tool-versions";
import { identitySteps } from "./cloud";
import type { Emitter } from "./emitter";
import { concat, expression } from "./expression";
import { loginSteps } from "./registry";
import { workFolder } from "./setup";
import type { Step } from "./workflow";

/** GitHub may write the owner in capitals, which no registry takes. */
export const nameStep = (name: string): Step => ({
  name: "Name the image",
  id: "name",
  run: `echo "image=${name}" >> "$GITHUB_OUTPUT"`,
});

export function publishSteps(emitter: Emitter, image: PlannedImage, name: string): Step[] {
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

import { plannedEnvironment, versionTags } from "../../pipeline/lookup";
import { Phase } from "../../pipeline/planned-jobs";
import { deployFile, deployPermissions, deploySecrets } from "./deploy";
import type { Emitter } from "./emitter";
import { expression, text } from "./expression";
import { readPackages, takeIdentity } from "./permissions";
import { imageName, loginSteps, registrySecrets, secret, secretsEnvironment } from "./registry";
import { tagPermissions, tagScript } from "./release";
import type { CallJob, Job, StepsJob, Workflow } from "./workflow";

/** What a pushed tag does: the images of its commit get the version, and go where tags go. Nothing is built again. */
export function tagWorkflow(emitter: Emitter): Workflow | undefined {
  const { plan } = emitter;
  const jobs = plan.jobs.filter(({ phase }) => phase === Phase.tag);
  if (jobs.length === 0) return undefined;
  const { versioning, environments } = plan;
  const made: Record<string, Job> = { "find-images": findJob(emitter) };
  const byTag = versioning?.way === "tag";
  if (byTag && versionTags(plan).length > 0) {
    made["tag-images"] = tagImagesJob(emitter);
  }
  for (const job of jobs) {
    if (job.kind !== "deploy") continue;
    const environment = plannedEnvironment(emitter.plan, job.environment);
    const call: CallJob = {
      name: job.title,
      needs: job.needs,
      permissions: deployPermissions(emitter, environment),
      calls: deployFile(environment),
      with: { images: expression`needs.find-images.outputs.images` },
      secrets: Object.fromEntries(deploySecrets(emitter, environment).map((name) => [name, secret(name)])),
    };
    made[job.id] = call;
  }
  const patterns = environments.filter(({ name }) => made[`deploy-${name}`] !== undefined).flatMap(({ tags }) => tags);
  const own = byTag ? [`${versioning.prefix}*${versioning.suffix}`] : [];
  return {
    file: "tag.yml",
    name: "Tag",
    on: { push: { tags: [...new Set([...own, ...patterns])] } },
    concurrency: { group: text`tag-${expression`github.ref`}`, cancelInProgress: false },
    jobs: made,
  };
}

function findJob(emitter: Emitter): StepsJob {
  const { plan } = emitter;
  const names = plan.images.map(({ name }) => name);
  return {
    name: "Find the images of the commit",
    permissions: {
      ...(plan.publishing.registry.kind === "ghcr" && readPackages),
      ...(plan.publishing.identity !== undefined && takeIdentity),
    },
    runsOn: plan.runners.githubLabel,
    timeoutMinutes: 45,
    ...secretsEnvironment(registrySecrets(plan.publishing)),
    outputs: { images: expression`steps.find.outputs.images` },
    steps: [
      ...loginSteps(emitter),
      { name: "Set up the builder", uses: emitter.use("docker/setup-buildx-action") },
      {
        name: "Find them",
        id: "find",
        run: `set -euo pipefail
images='{}'
${names.map((name) => `find "${name}" "${imageName(plan.publishing, name)}"`).join("\n")}
echo "images=$images" >> "$GITHUB_OUTPUT"
`.replace("images='{}'", `${findFunction}images='{}'`),
      },
    ],
  };
}

/** A tag may be pushed while the images of its commit are still being built. */
const findFunction = `find() {
  local digest=
  for _ in $(seq 60); do
    digest=$(docker buildx imagetools inspect "$2:commit-$GITHUB_SHA" --format '{{json .Manifest}}' 2> /dev/null |
      jq -r .digest) || digest=
    if [ -n "$digest" ]; then break; fi
    echo "waiting for $1 of $GITHUB_SHA"
    sleep 30
  done
  if [ -z "$digest" ]; then
    echo "There is no image $1 of commit $GITHUB_SHA. Push the commit to a branch that is delivered, then the tag." >&2
    exit 1
  fi
  images=$(jq -c --arg name "$1" --arg image "$2@$digest" '. + { ($name): $image }' <<< "$images")
}
`;

function tagImagesJob(emitter: Emitter): StepsJob {
  const { plan } = emitter;
  const rules = versionTags(plan);
  return {
    name: "Give the images their version",
    needs: ["find-images"],
    permissions: tagPermissions(emitter),
    runsOn: plan.runners.githubLabel,
    timeoutMinutes: 15,
    ...secretsEnvironment(registrySecrets(plan.publishing)),
    steps: [
      ...loginSteps(emitter),
      { name: "Set up the builder", uses: emitter.use("docker/setup-buildx-action") },
      {
        name: "Give them their tags",
        env: {
          IMAGES: expression`needs.find-images.outputs.images`,
          PREFIX: plan.versioning?.prefix ?? "",
          SUFFIX: plan.versioning?.suffix ?? "",
          RULES: rules.join(" "),
        },
        run: `VERSION=\${GITHUB_REF_NAME#"$PREFIX"}\nVERSION=\${VERSION%"$SUFFIX"}\n${tagScript}`,
      },
    ],
  };
}

import type { CleanupJob, DispatchedJob } from "../../pipeline/planned-jobs";
import { weekly } from "../../pipeline/time-tables";
import type { Emitter } from "./emitter";
import { expression, text } from "./expression";
import { readSources } from "./permissions";
import { imageName, loginSteps, secretsEnvironment, secretVariables } from "./registry";
import { checkout, setup, workFolder } from "./setup";
import type { CallInput, Workflow } from "./workflow";

/** Work that somebody starts by hand. Inputs reach the command as variables, never as text in it. */
export function dispatchWorkflow(emitter: Emitter, job: DispatchedJob): Workflow {
  const { plan } = emitter;
  const inputs = Object.entries(job.inputs).map(
    ([name, { description = name, kind = "text", options, default: value, required = false }]): [string, CallInput] => [
      name,
      {
        description,
        type: ({ text: "string", choice: "choice", boolean: "boolean" } as const)[kind],
        required,
        ...(value !== undefined && { default: kind === "boolean" ? value === "true" : value }),
        ...(options !== undefined && { options }),
      },
    ],
  );
  return {
    file: `run-${job.name}.yml`,
    name: job.title,
    on: { dispatch: Object.fromEntries(inputs) },
    concurrency: { group: text`run-${job.name}-${expression`github.ref`}`, cancelInProgress: false },
    jobs: {
      [job.name]: {
        name: job.title,
        permissions: readSources,
        runsOn: plan.runners.githubLabel,
        timeoutMinutes: job.timeoutMinutes,
        ...secretsEnvironment(job.secrets),
        steps: [
          checkout(emitter),
          ...setup(emitter, plan.toolchain, { directory: plan.directory, cached: false }),
          {
            name: "Run",
            workingDirectory: plan.directory,
            env: {
              ...Object.fromEntries(inputs.map(([name]) => [name.toUpperCase(), expression`inputs[${name}]`])),
              ...secretVariables(job.secrets),
            },
            run: job.command,
          },
        ],
      },
    },
  };
}

/** Once a week, removes old images that nothing but their commit names. */
export function cleanupWorkflow(emitter: Emitter, job: CleanupJob): Workflow | undefined {
  const { plan } = emitter;
  // Other registries have rules of their own for it.
  if (plan.publishing.registry.kind !== "ghcr") return undefined;
  return {
    file: "remove-images.yml",
    name: "Remove images",
    on: { schedule: weekly(`${plan.name} images`), dispatch: {} },
    concurrency: { group: "remove-images", cancelInProgress: false },
    jobs: {
      [job.id]: {
        name: job.title,
        permissions: { packages: { access: "write", why: "remove images" } },
        runsOn: plan.runners.githubLabel,
        timeoutMinutes: job.timeoutMinutes,
        steps: [
          ...loginSteps(emitter),
          ...plan.images.map(({ name }) => ({
            name: `Remove old images of ${name}`,
            env: { GH_TOKEN: expression`github.token`, WORK: workFolder, IMAGE: name, DAYS: String(job.keepDays) },
            run: `REPOSITORY="${imageName(plan.publishing, name)}"\n${removeScript}`,
          })),
        ],
      },
    },
  };
}

// Parts of an image for several platforms, and what vouches for it, have no tag of their own: they stay with it.
const removeScript = `set -euo pipefail
kind=$(gh api "repos/$GITHUB_REPOSITORY" --jq 'if .owner.type == "Organization" then "orgs" else "users" end')
name=$(tr '[:upper:]' '[:lower:]' <<< "\${GITHUB_REPOSITORY#*/}/$IMAGE")
versions="$kind/$GITHUB_REPOSITORY_OWNER/packages/container/\${name//\\//%2F}/versions"
limit=$(date --utc --date "$DAYS days ago" +%Y-%m-%dT%H:%M:%SZ)
mkdir -p "$WORK"
gh api --paginate "$versions" --jq '.[] | { id, name, updated_at, tags: .metadata.container.tags }' > "$WORK/all.json"
jq -c --arg limit "$limit" \\
  'select(.updated_at < $limit and (.tags | all(test("^(commit-)?[0-9a-f]{7,40}$"))))' "$WORK/all.json" > "$WORK/old.json"
jq -r --arg limit "$limit" \\
  'select((.updated_at < $limit and (.tags | all(test("^(commit-)?[0-9a-f]{7,40}$")))) | not) | .name' \\
  "$WORK/all.json" > "$WORK/kept"
while read -r digest; do
  docker buildx imagetools inspect --raw "$REPOSITORY@$digest" | jq -r '.manifests[]?.digest'
done < "$WORK/kept" > "$WORK/parts"
jq -r '"\\(.id) \\(.name)"' "$WORK/old.json" | while read -r id digest; do
  if grep -qxF "$digest" "$WORK/parts"; then continue; fi
  echo "removing $digest"
  gh api --method DELETE "$versions/$id"
done
`;

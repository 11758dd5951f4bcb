import { versionTags } from "../../pipeline/lookup";
import type { DispatchedJob } from "../../pipeline/planned-jobs";
import { quoted } from "../../pipeline/tests";
import { toolVersion } from "../../pipeline/tools/tool-versions";
import type { CiJob, Need, Rule } from "../ci-file";
import type { Emitter } from "../emitter";
import { goTool, needPrograms, needVariables, setUp, setUpGo } from "../setup";
import { command, step } from "../shell";
import { imageName, imageVariable, logIn, registrySecrets } from "./build";
import { builtImages } from "./deploy";
import { apiToken } from "./infrastructure";

/** A version comes about, and the images of this very pipeline get its number. Nothing is built again. */
export function releaseJob(emitter: Emitter, rules: readonly Rule[], needs: readonly Need[]): CiJob {
  const { plan } = emitter;
  const { toolchain, directory, publishing, images, versioning } = plan;
  const marks = images.length > 0 && versionTags(emitter.plan).length > 0;
  const secrets = [...new Set([apiToken, ...(marks ? registrySecrets(publishing) : [])])];
  const run =
    versioning?.way === "changesets"
      ? changesetsScript
      : `set -euo pipefail\nnpx --yes semantic-release@${toolVersion("semantic-release")}`;
  return emitter.job({
    stage: "release",
    image: emitter.image("toolchain"),
    rules,
    needs,
    timeoutMinutes: 30,
    secrets,
    variables: { GIT_DEPTH: "0" },
    before_script: [
      ...needVariables(secrets),
      needPrograms("curl", "git", "jq"),
      ...setUp(toolchain, { directory, cached: false }),
      ...(marks ? [...setUpGo, goTool("crane"), logIn(publishing)] : []),
    ],
    script: [
      step({ title: `Version by ${versioning?.way ?? "semantic-release"}`, directory, run }),
      step({
        title: "See which version this commit is",
        values: { PREFIX: versioning?.prefix ?? "v", SUFFIX: versioning?.suffix ?? "" },
        run: versionOfCommit,
      }),
      ...(marks
        ? [
            builtImages(images.map(({ name }) => name)),
            step({ title: "Give the images their version", run: tagScript(emitter) }),
          ]
        : []),
    ],
  });
}

// By way of git's settings in the environment: an address with a token in it would be seen in its messages.
const changesetsScript = `set -euo pipefail
npx --yes @changesets/cli@${toolVersion("changesets")} tag
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.extraHeader
GIT_CONFIG_VALUE_0="Authorization: Basic $(printf 'oauth2:%s' "$${apiToken}" | base64 | tr -d '\\n')"
export GIT_CONFIG_VALUE_0
git push "$CI_PROJECT_URL.git" --tags
`;

/** Asks the platform, not a clone: tags that a tool pushed by itself may not be in it. */
const versionOfCommit = `set -euo pipefail
(umask 077 && printf 'header = "PRIVATE-TOKEN: %s"\\n' "$${apiToken}" > "$WORK/curl")
tags=$(curl --config "$WORK/curl" --fail --silent --show-error --max-time 60 \\
  "$CI_API_V4_URL/projects/$CI_PROJECT_ID/repository/commits/$CI_COMMIT_SHA/refs?type=tag" | jq -r '.[].name')
version=
while read -r tag; do
  candidate=\${tag#"$PREFIX"}
  candidate=\${candidate%"$SUFFIX"}
  if [ "$PREFIX$candidate$SUFFIX" = "$tag" ] && [[ $candidate =~ ^[0-9]+\\.[0-9]+\\.[0-9]+ ]]; then version=$candidate; fi
done <<< "$tags"
echo "This commit is \${version:-no version}."
echo "$version" > "$WORK/version"
`;

/** Tags for people on the very images that were tested. */
export const tagScript = (emitter: Emitter): string => `set -euo pipefail
version=$(cat "$WORK/version")
if [ -z "$version" ]; then exit 0; fi
jq -r '.[]' <<< "$IMAGES" | while read -r image; do
${versionTags(emitter.plan)
  .map((rule) => `  crane tag "$image" "${rule === "version" ? "$version" : `\${version%.*}`}"`)
  .join("\n")}
done
`;

/** A pushed tag names a commit whose images are there already. */
export function findJob(emitter: Emitter, rules: readonly Rule[], timeoutMinutes: number): CiJob {
  const { plan } = emitter;
  const { publishing, images, versioning } = plan;
  const marks = versioning?.way === "tag" && versionTags(emitter.plan).length > 0;
  const secrets = registrySecrets(publishing);
  return emitter.job({
    stage: "build",
    image: emitter.image("toolchain"),
    rules,
    timeoutMinutes: timeoutMinutes + 15,
    secrets,
    before_script: [
      ...needVariables(secrets),
      needPrograms("curl", "jq"),
      ...setUpGo,
      goTool("crane"),
      logIn(publishing),
    ],
    script: [
      `# Find the images of the commit
find_image() {
  local digest=
  for _ in $(seq 60); do
    digest=$(crane digest "$2:commit-$CI_COMMIT_SHA" 2> /dev/null) || digest=
    if [ -n "$digest" ]; then break; fi
    echo "waiting for $1 of $CI_COMMIT_SHA"
    sleep 30
  done
  if [ -z "$digest" ]; then
    echo "There is no image $1 of commit $CI_COMMIT_SHA. Push the commit to a branch that is delivered, then the tag." >&2
    return 1
  fi
  echo "$3=$2@$digest" | tee -a image.env
}
rm -f image.env
${images.map(({ name }) => `find_image ${name} "${imageName(publishing, name)}" ${imageVariable(name)}`).join("\n")}`,
      ...(marks
        ? [
            "# Let their names be known here\nset -a; . ./image.env; set +a",
            builtImages(images.map(({ name }) => name)),
            step({
              title: "Give the images their version",
              values: { PREFIX: versioning.prefix, SUFFIX: versioning.suffix },
              run: `version=\${CI_COMMIT_TAG#"$PREFIX"}\necho "\${version%"$SUFFIX"}" > "$WORK/version"\n${tagScript(emitter)}`,
            }),
          ]
        : []),
    ],
    artifacts: { expire_in: `${plan.keepArtifactsDays} days`, reports: { dotenv: "image.env" } },
  });
}

/** Work that somebody starts by hand. Inputs reach the command as variables, never as text in it. */
export function dispatchedJob(emitter: Emitter, job: DispatchedJob, rules: readonly Rule[]): CiJob {
  const { toolchain, directory } = emitter.plan;
  return emitter.job({
    stage: "run",
    image: emitter.image("toolchain"),
    rules,
    timeoutMinutes: job.timeoutMinutes,
    secrets: job.secrets,
    before_script: [
      ...Object.entries(job.inputs).map(([name, input]) => inputScript(name.toUpperCase(), input)),
      ...needVariables(job.secrets),
      ...setUp(toolchain, { directory, cached: false }),
    ],
    script: [step({ title: job.title, directory, run: command(job.command) })],
  });
}

/** A variable that was given when the pipeline was started, or its default; nothing else than the options. */
function inputScript(
  name: string,
  { kind, options, default: value, required }: DispatchedJob["inputs"][string],
): string {
  const lines = [
    `# Input ${name}`,
    `if [ -z "\${${name}+given}" ]; then ${name}=${quoted(value ?? "")}; fi`,
    `export ${name}`,
  ];
  if (required === true) {
    lines.push(`if [ -z "$${name}" ]; then echo "Give ${name} when you start this job." >&2; exit 1; fi`);
  }
  const allowed = kind === "boolean" ? ["true", "false"] : kind === "choice" ? (options ?? []) : [];
  if (allowed.length > 0) {
    const empty = required === true || value !== undefined ? [] : ["''"];
    const choices = [...allowed.map(quoted), ...empty].join(" | ");
    lines.push(
      `case "$${name}" in\n  ${choices}) ;;\n  *) echo "${name} is none of its options." >&2; exit 1 ;;\nesac`,
    );
  }
  return lines.join("\n");
}

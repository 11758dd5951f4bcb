import { versionTags } from "../../pipeline/lookup";
import { toolVersion } from "../../pipeline/tools/tool-versions";
import { builtImages } from "./delivered";
import type { Emitter } from "./emitter";
import { expression } from "./expression";
import { readSources, takeIdentity, writePackages } from "./permissions";
import { loginSteps, registrySecrets, secretsEnvironment } from "./registry";
import { checkout, setup, workFolder } from "./setup";
import type { Permissions, Step, StepsJob } from "./workflow";

/** What giving an image another tag needs. */
export const tagPermissions = ({ plan: { publishing } }: Emitter): Permissions => ({
  ...(publishing.registry.kind === "ghcr" && writePackages),
  ...(publishing.identity !== undefined && takeIdentity),
});

/** A version comes about, and the images of this very run get its number. Nothing is built again. */
export function releaseJob(emitter: Emitter, needs: readonly string[]): StepsJob {
  const { plan } = emitter;
  const tags = tagSteps(emitter, expression`steps.version.outputs.version`);
  return {
    name: "Release",
    needs,
    if: expression`github.ref == ${`refs/heads/${plan.branches.production}`}`,
    permissions: {
      ...readSources,
      ...(tags.length > 0 && tagPermissions(emitter)),
      contents: { access: "write", why: "push the tag and write the release" },
      "pull-requests": { access: "write", why: "keep the pull request of the next version" },
      ...(plan.versioning?.way === "semantic-release" && {
        issues: { access: "write", why: "say in issues that they are released" },
      }),
    },
    runsOn: plan.runners.githubLabel,
    timeoutMinutes: 30,
    ...(tags.length > 0 && secretsEnvironment(registrySecrets(plan.publishing))),
    steps: [
      ...versionSteps(emitter),
      ...(tags.length > 0
        ? [{ name: "See which version this commit is", id: "version", ...tagOfCommit(emitter) }, ...tags]
        : []),
    ],
  };
}

function versionSteps(emitter: Emitter): Step[] {
  const { toolchain, directory, versioning } = emitter.plan;
  const packages = setup(emitter, toolchain, { directory, cached: false });
  const token = { GITHUB_TOKEN: expression`github.token` };
  switch (versioning?.way) {
    case "changesets":
      return [
        checkout(emitter, { "fetch-depth": 0 }),
        ...packages,
        {
          name: "Version by changesets",
          uses: emitter.use("changesets/action"),
          with: {
            cwd: directory,
            "version-script": `npx --yes @changesets/cli@${toolVersion("changesets")} version`,
            "publish-script": `npx --yes @changesets/cli@${toolVersion("changesets")} tag`,
            "github-token": expression`github.token`,
          },
        },
      ];
    case "semantic-release":
      return [
        checkout(emitter, { "fetch-depth": 0 }),
        ...packages,
        {
          name: "Version by semantic-release",
          workingDirectory: directory,
          env: token,
          run: `npx --yes semantic-release@${toolVersion("semantic-release")}`,
        },
      ];
    default:
      return [
        {
          name: "Version by release-please",
          uses: emitter.use("googleapis/release-please-action"),
          with: {
            token: expression`github.token`,
            "release-type":
              toolchain.node !== undefined ? "node" : toolchain.python !== undefined ? "python" : "simple",
            "target-branch": emitter.plan.branches.production,
          },
        },
      ];
  }
}

/** Asks the platform, not a clone: tags that an action pushed are not in it. */
const tagOfCommit = ({ plan: { versioning } }: Emitter): Pick<Step, "env" | "run"> => ({
  env: {
    GH_TOKEN: expression`github.token`,
    PREFIX: versioning?.prefix ?? "v",
    SUFFIX: versioning?.suffix ?? "",
  },
  run: `set -euo pipefail
tags=$(gh api --paginate "repos/$GITHUB_REPOSITORY/tags" --jq '.[] | "\\(.commit.sha) \\(.name)"')
version=
while read -r commit tag; do
  if [ "$commit" != "$GITHUB_SHA" ]; then continue; fi
  candidate=\${tag#"$PREFIX"}
  candidate=\${candidate%"$SUFFIX"}
  if [ "$PREFIX$candidate$SUFFIX" = "$tag" ] && [[ $candidate =~ ^[0-9]+\\.[0-9]+\\.[0-9]+ ]]; then version=$candidate; fi
done <<< "$tags"
echo "version=$version" >> "$GITHUB_OUTPUT"
echo "This commit is \${version:-no version}."
`,
});

/** Tags for people on the very images that were tested. */
export function tagSteps(emitter: Emitter, version: ReturnType<typeof expression>): Step[] {
  const { images } = emitter.plan;
  const wanted = versionTags(emitter.plan);
  if (images.length === 0 || wanted.length === 0) return [];
  const given = expression`${version} != ''`;
  return [
    ...loginSteps(emitter).map((step) => ({ ...step, if: given })),
    { name: "Set up the builder", if: given, uses: emitter.use("docker/setup-buildx-action") },
    {
      name: "Give the images their version",
      if: given,
      env: {
        WORK: workFolder,
        VERSION: version,
        RULES: wanted.join(" "),
        IMAGES: builtImages(images.map(({ name }) => name)),
      },
      run: tagScript,
    },
  ];
}

export const tagScript = `set -euo pipefail
jq -r '.[]' <<< "$IMAGES" | while read -r image; do
  name=\${image%@*}
  for rule in $RULES; do
    case $rule in
      version) tag=$VERSION ;;
      minor)
        # Not for one that comes before its release: it would take the tag from the last good one.
        if [[ ! $VERSION =~ ^[0-9]+\\.[0-9]+\\.[0-9]+$ ]]; then continue; fi
        tag=\${VERSION%.*} ;;
    esac
    docker buildx imagetools create --tag "$name:$tag" "$image"
  done
done
`;

import type { PlannedEnvironment } from "../../pipeline/plan";
import { kubeconfigScript, sshScript } from "../../pipeline/scripts/access";
import { toolVersion } from "../../pipeline/tools/tool-versions";
import type { Emitter } from "../emitter";
import { needPrograms, setUp } from "../setup";
import { type Step, workFolder } from "../shell";

/** The program's languages and Pulumi. Nothing comes from a cache: this is what deploys. */
export function setUpPulumi({ plan }: Emitter): string[] {
  const { toolchain, infrastructure, directory } = plan;
  // A program of its own folder has lock files of its own.
  const folder = infrastructure.directory === "." ? directory : infrastructure.directory;
  const languages =
    Object.keys(toolchain).length === 0 ? { node: { versions: ["24"], manager: "npm" as const } } : toolchain;
  const wanted = toolVersion("pulumi");
  return [
    needPrograms("curl", "jq"),
    `# Look for Pulumi
if ! command -v pulumi > /dev/null; then
  echo "The image has no Pulumi. Name one by its digest in runners.gitlabImage: pulumi/pulumi:${wanted}@sha256:…" >&2
  exit 1
fi
pulumi version`,
    ...setUp(languages, { directory: folder, cached: false }),
  ];
}

/** The way to a cluster or a machine, where the secrets hold one: as a variable, or as a file that GitLab made. */
export function reach(secrets: readonly string[]): string[] {
  const scripts: string[] = [];
  if (secrets.includes("KUBECONFIG")) {
    scripts.push(`# Prepare the way to the cluster
if [ ! -f "$KUBECONFIG" ]; then
(
export KUBECONFIG_CONTENT="$KUBECONFIG" ENVIRONMENT_FILE="$WORK/environment"
${kubeconfigScript.trimEnd()}
)
fi`);
  }
  if (secrets.includes("SSH_PRIVATE_KEY")) {
    scripts.push(`# Prepare the way to the machine
(
export ENVIRONMENT_FILE="$WORK/environment"
${sshScript.trimEnd()}
)`);
  }
  return scripts.length === 0
    ? []
    : [...scripts, '# Use them\nif [ -f "$WORK/environment" ]; then set -a; . "$WORK/environment"; set +a; fi'];
}

/** What Pulumi's commands find in their environment. */
export function pulumiStep(
  { plan }: Emitter,
  environment: PlannedEnvironment,
): Pick<Step, "values" | "words" | "directory"> {
  const { backend, directory } = plan.infrastructure;
  return {
    directory,
    values: {
      ...environment.variables,
      STACK: environment.stack,
      ...(backend !== undefined && { PULUMI_BACKEND_URL: backend }),
    },
    // After the variables of the environment, of which one may have the same name.
    words: { WORK: workFolder },
  };
}

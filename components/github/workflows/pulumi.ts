import { accessSecrets, kubeconfigScript, sshScript } from "../../pipeline/scripts/access";
import { toolVersion } from "../../pipeline/tools/tool-versions";
import type { Emitter } from "./emitter";
import { secret, secretVariables } from "./registry";
import { checkout, setup, workFolder } from "./setup";
import type { Step, Value } from "./workflow";

/** The sources, the program's languages and Pulumi. Nothing comes from a cache: this is what deploys. */
export function pulumiSteps(emitter: Emitter): Step[] {
  const { toolchain, infrastructure, directory } = emitter.plan;
  // A program of its own folder has lock files of its own.
  const folder = infrastructure.directory === "." ? directory : infrastructure.directory;
  const languages =
    Object.keys(toolchain).length === 0 ? { node: { versions: ["24"], manager: "npm" as const } } : toolchain;
  return [
    checkout(emitter),
    ...setup(emitter, languages, { directory: folder, cached: false }),
    {
      name: "Set up Pulumi",
      uses: emitter.use("pulumi/actions"),
      with: { "pulumi-version": toolVersion("pulumi") },
    },
  ];
}

/** The way to a cluster or a machine, where the secrets hold one. */
export function accessSteps(secrets: readonly string[]): Step[] {
  const environmentFile = { WORK: workFolder };
  const steps: Step[] = [];
  if (secrets.includes("KUBECONFIG")) {
    steps.push({
      name: "Prepare the way to the cluster",
      env: { ...environmentFile, KUBECONFIG_CONTENT: secret("KUBECONFIG") },
      run: onGithub(kubeconfigScript),
    });
  }
  if (secrets.includes("SSH_PRIVATE_KEY")) {
    steps.push({
      name: "Prepare the way to the machine",
      env: {
        ...environmentFile,
        SSH_PRIVATE_KEY: secret("SSH_PRIVATE_KEY"),
        SSH_KNOWN_HOSTS: secret("SSH_KNOWN_HOSTS"),
      },
      run: onGithub(sshScript),
    });
  }
  return steps;
}

const onGithub = (script: string): string => script.replaceAll('"$ENVIRONMENT_FILE"', '"$GITHUB_ENV"');

/** What Pulumi's commands find in their environment. */
export function pulumiVariables(
  emitter: Emitter,
  stack: string,
  secrets: readonly string[],
): Readonly<Record<string, Value>> {
  const { backend } = emitter.plan.infrastructure;
  const ways: readonly string[] = accessSecrets;
  return {
    STACK: stack,
    WORK: workFolder,
    ...(backend !== undefined && { PULUMI_BACKEND_URL: backend }),
    ...secretVariables(secrets.filter((name) => !ways.includes(name))),
  };
}

import type { RegistryKind } from "../../model/pipeline-images";
import { ownEnvironment } from "../../pipeline/environments";
import type { Publishing } from "../../pipeline/plan";
import { identitySteps } from "./cloud";
import type { Emitter } from "./emitter";
import { Evaluated, expression } from "./expression";
import type { Step, StepsJob } from "./workflow";

/** Host that images are published at. */
export function registryHost({ registry }: Publishing): string {
  const hosts = { ghcr: "ghcr.io", gitlab: "registry.gitlab.com", "docker-hub": "docker.io" } as const;
  return registry.kind in hosts ? hosts[registry.kind as keyof typeof hosts] : (registry.address ?? "");
}

/** Registries that take the run's own token, or its identity in a cloud. */
const withoutSecrets: readonly RegistryKind[] = ["ghcr", "ecr", "artifact-registry", "acr"];

/** Names of the secrets with user and password, where the registry asks for them. */
export const registrySecrets = ({ registry }: Publishing): string[] =>
  withoutSecrets.includes(registry.kind)
    ? []
    : [registry.userSecret ?? "REGISTRY_USER", registry.passwordSecret ?? "REGISTRY_PASSWORD"];

/** Where an image is published, without tag and digest; a word of the shell, since GitHub may write its names in capitals. */
export function imageName(publishing: Publishing, image: string): string {
  const namespace = publishing.registry.namespace ?? `\${GITHUB_REPOSITORY,,}`;
  return `${registryHost(publishing)}/${namespace}/${image}`;
}

/** Logs in, without a stored key where there is another way. */
export function loginSteps(emitter: Emitter): Step[] {
  const { publishing } = emitter.plan;
  const { registry, identity } = publishing;
  const host = registryHost(publishing);
  const login = (settings: Step["with"]): Step => ({
    name: "Log in to the registry",
    uses: emitter.use("docker/login-action"),
    with: { registry: host, ...settings },
  });
  const cloud = identity === undefined ? [] : identitySteps(emitter, identity);
  switch (registry.kind) {
    case "ghcr":
      return [login({ username: expression`github.actor`, password: expression`github.token` })];
    case "ecr":
      return [...cloud, { name: "Log in to the registry", uses: emitter.use("aws-actions/amazon-ecr-login") }];
    case "artifact-registry":
      return [
        ...cloud,
        {
          name: "Log in to the registry",
          env: { REGISTRY: host },
          run: 'gcloud auth configure-docker --quiet "$REGISTRY"',
        },
      ];
    case "acr":
      return [
        ...cloud,
        {
          name: "Log in to the registry",
          env: { NAME: host.split(".")[0] ?? host },
          run: 'az acr login --name "$NAME"',
        },
      ];
    default: {
      const [user = "", password = ""] = registrySecrets(publishing);
      return [login({ username: secret(user), password: secret(password) })];
    }
  }
}

/** A secret by its name: capital letters, digits and underscores, as the model asks. */
export function secret(name: string) {
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name)) throw new Error(`${JSON.stringify(name)} is no name of a secret`);
  return new Evaluated(`secrets.${name}`, true);
}

/** Environment of jobs that get secrets and deploy nothing: secrets may be kept there, or with the repository. */
const pipelineEnvironment = { name: ownEnvironment, deployment: false } as const;

/** The environment of a job that gets these secrets, none when it gets none. */
export const secretsEnvironment = (names: readonly string[]): Pick<StepsJob, "environment"> =>
  names.length === 0 ? {} : { environment: pipelineEnvironment };

/** Secrets as environment variables of the same name. */
export const secretVariables = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, secret(name)]));

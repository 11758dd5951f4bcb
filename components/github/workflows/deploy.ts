import { deployedImages } from "../../pipeline/lookup";
import type { PlannedEnvironment, Publishing } from "../../pipeline/plan";
import { checkImagesScript, rememberScript, rollbackScript, upScript } from "../../pipeline/scripts/deploy";
import { verifyScript } from "../../pipeline/scripts/verify";
import { hasIdentity, identitySteps } from "./cloud";
import type { Emitter } from "./emitter";
import { all, any, Evaluated, expression, text } from "./expression";
import { readAttestations, readPackages, readSources, takeIdentity, writePackages } from "./permissions";
import { cosign } from "./publish";
import { accessSteps, pulumiSteps, pulumiVariables } from "./pulumi";
import { loginSteps, registrySecrets, secretVariables } from "./registry";
import { workFolder } from "./setup";
import type { Permissions, Step, Workflow } from "./workflow";

/** File that deploys to an environment. */
export const deployFile = ({ name }: PlannedEnvironment): string => `deploy-${name}.yml`;

/** Secrets that a deployment asks for by name. */
export const deploySecrets = (emitter: Emitter, environment: PlannedEnvironment): string[] => [
  ...new Set([
    ...environment.secrets,
    ...(environment.smoke?.secrets ?? []),
    ...(verifies(emitter.plan.publishing) ? registrySecrets(emitter.plan.publishing) : []),
  ]),
];

const verifies = ({ verifyBeforeDeployment: wanted, provenance, signature }: Publishing): boolean =>
  wanted && (provenance || signature !== "none");

export function deployPermissions(emitter: Emitter, environment: PlannedEnvironment): Permissions {
  const { publishing } = emitter.plan;
  const verify = verifies(publishing) && environment.images.length > 0;
  return {
    ...readSources,
    ...(verify && publishing.registry.kind === "ghcr" && readPackages),
    ...(marks(emitter) && writePackages),
    ...(verify && publishing.provenance && readAttestations),
    ...((hasIdentity(environment.identity) || (verify && (publishing.identity ?? publishing.signer) !== undefined)) &&
      takeIdentity),
  };
}

/**
 * Brings images to one environment, asks whether all is well, and brings back what ran before when it is not: one job,
 * so that nobody is asked twice and no other deployment comes in between.
 */
export function deployWorkflow(emitter: Emitter, environment: PlannedEnvironment): Workflow {
  const { plan } = emitter;
  const { name, url } = environment;
  const images = {
    images: {
      description: 'Images by digest: {"shop":"registry/shop@sha256:…"}. Others stay as they are.',
      type: "string",
      required: true,
    },
  } as const;
  return {
    file: deployFile(environment),
    name: `Deploy to ${name}`,
    on: {
      dispatch: images,
      call: {
        inputs: images,
        secrets: deploySecrets(emitter, environment),
        ...(goesBack(environment) && {
          outputs: {
            rolledBack: {
              description: "Whether what ran before was brought back",
              value: expression`jobs.deploy.outputs.rolledBack`,
            },
          },
        }),
      },
    },
    concurrency: { group: text`deploy-${name}-${expression`github.run_id`}`, cancelInProgress: false },
    jobs: {
      deploy: {
        name: `Deploy to ${name}`,
        permissions: deployPermissions(emitter, environment),
        runsOn: plan.runners.githubLabel,
        timeoutMinutes: 360,
        environment: { name, ...(url !== undefined && { url }) },
        // One after another: a release that is under way is never stopped by the next one.
        concurrency: { group: `deploy-${name}`, cancelInProgress: false },
        ...(goesBack(environment) && {
          outputs: { rolledBack: expression`steps.rollback.conclusion == 'success'` },
        }),
        ...(Object.keys(environment.variables).length > 0 && { env: environment.variables }),
        steps: deploySteps(emitter, environment),
      },
    },
  };
}

function deploySteps(emitter: Emitter, environment: PlannedEnvironment): Step[] {
  const { publishing, infrastructure } = emitter.plan;
  const { identity, stack, secrets, verify, smoke, url } = environment;
  const names = deployedImages(environment);
  const variables = pulumiVariables(emitter, stack, secrets);
  const pulumi = { workingDirectory: infrastructure.directory, env: variables };
  return [
    {
      name: "Look at the images",
      env: { WORK: workFolder, IMAGES: expression`inputs.images` },
      run: checkImagesScript(names),
    },
    ...(verifies(publishing) && environment.images.length > 0 ? verifySteps(emitter) : []),
    ...pulumiSteps(emitter),
    ...identitySteps(emitter, identity),
    ...accessSteps(secrets),
    { name: "Remember what runs", ...pulumi, run: rememberScript },
    { name: "Deploy", id: "up", ...pulumi, run: upScript(names) },
    ...(verify === undefined
      ? []
      : [
          {
            name: "Ask whether it is well",
            id: "verify",
            env: {
              URL: verify.url,
              CONSECUTIVE: String(verify.consecutive),
              INTERVAL: String(verify.intervalSeconds),
              TIMEOUT: String(Math.ceil(verify.timeoutSeconds)),
            },
            run: verifyScript,
          },
        ]),
    ...(smoke === undefined
      ? []
      : [
          {
            name: "Smoke tests",
            id: "smoke",
            timeoutMinutes: smoke.timeoutMinutes,
            workingDirectory: emitter.plan.directory,
            env: { ...(url !== undefined && { BASE_URL: url }), ...secretVariables(smoke.secrets) },
            run: smoke.command,
          },
        ]),
    ...markSteps(emitter, environment),
    ...(!goesBack(environment)
      ? []
      : [
          {
            name: "Bring back what ran before",
            id: "rollback",
            if: all([expression`failure()`, any(reasons(environment).map(failed))]),
            ...pulumi,
            run: rollbackScript(names),
          },
        ]),
    {
      name: "Say what was done",
      if: expression`always()`,
      env: {
        ENVIRONMENT: environment.name,
        OUTCOME: expression`job.status`,
        IMAGES: expression`inputs.images`,
      },
      run: summaryScript,
    },
  ];
}

/** Steps after whose failure what ran before comes back. */
const reasons = ({ verify, smoke }: PlannedEnvironment): string[] => [
  ...(verify?.rollback === true ? ["verify"] : []),
  ...(smoke?.rollback === true ? ["smoke"] : []),
];

const goesBack = (environment: PlannedEnvironment): boolean => reasons(environment).length > 0;

/** What runs, and what ran before, get a tag where old images are removed: these two stay. */
function markSteps(emitter: Emitter, { name }: PlannedEnvironment): Step[] {
  if (!marks(emitter)) return [];
  return [
    ...(verifies(emitter.plan.publishing) ? [] : loginSteps(emitter)),
    { name: "Mark what runs", env: { WORK: workFolder, ENVIRONMENT: name }, run: markScript },
  ];
}

/** Only GitHub's own registry is cleaned up by a workflow. */
const marks = ({ plan: { maintenance, publishing } }: Emitter): boolean =>
  maintenance.keepImagesDays !== undefined && publishing.registry.kind === "ghcr";

const markScript = `set -euo pipefail
jq -r '.[]' "$WORK/images.json" | while read -r image; do
  name=\${image%@*}
  if docker buildx imagetools inspect "$name:$ENVIRONMENT" > /dev/null 2>&1; then
    docker buildx imagetools create --tag "$name:$ENVIRONMENT-before" "$name:$ENVIRONMENT"
  fi
  docker buildx imagetools create --tag "$name:$ENVIRONMENT" "$image"
done
`;

/** Whether a step failed, which is not so when an earlier one did: nothing is brought back that was never brought. */
const failed = (step: string) => new Evaluated(`steps.${step}.conclusion == 'failure'`, true);

/** Nobody but this repository's own workflow may have made an image, whatever its digest says. */
function verifySteps(emitter: Emitter): Step[] {
  const { publishing } = emitter.plan;
  const images = { WORK: workFolder };
  const each = (command: string) => `set -euo pipefail
jq -r 'to_entries[] | "\\(.key) \\(.value)"' "$WORK/images.json" | while read -r name image; do
  ${command}
done
`;
  const steps: Step[] = [...loginSteps(emitter)];
  if (publishing.signature !== "none") {
    steps.push(...(publishing.signer === undefined ? [] : identitySteps(emitter, publishing.signer)), cosign(emitter), {
      name: "Check the signatures",
      env: { ...images, ...(publishing.signature === "key" && { KEY: publishing.signingKey ?? "" }) },
      run: each(publishing.signature === "key" ? verifyKey : verifyKeyless),
    });
  }
  if (publishing.provenance) {
    steps.push({
      name: "Check where the images come from",
      env: { ...images, GH_TOKEN: expression`github.token` },
      run: each(verifyProvenance),
    });
  }
  return steps;
}

const verifyKey = `cosign verify --key "$KEY" "$image" > /dev/null
  echo "$name is signed"`;
// A dot of a name must be a dot: nobody else's repository may be called almost the same. Pull requests sign nothing.
const verifyKeyless = `cosign verify "$image" --certificate-oidc-issuer https://token.actions.githubusercontent.com \\
    --certificate-identity-regexp "^https://github[.]com/\${GITHUB_REPOSITORY//./[.]}/[.]github/workflows/build-\${name}[.]yml@refs/heads/" \\
    > /dev/null`;
const verifyProvenance = `gh attestation verify "oci://$image" --repo "$GITHUB_REPOSITORY" \\
    --signer-workflow "$GITHUB_REPOSITORY/.github/workflows/build-$name.yml"`;

const summaryScript = `{
  echo "### $ENVIRONMENT: $OUTCOME"
  echo
  jq -r 'to_entries[] | "- \\(.key): \`\\(.value)\`"' <<< "$IMAGES"
} >> "$GITHUB_STEP_SUMMARY"
`;

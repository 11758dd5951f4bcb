import { deployedImages } from "../../pipeline/lookup";
import type { PlannedEnvironment, Publishing } from "../../pipeline/plan";
import { checkImagesScript, rememberScript, rollbackScript, upScript } from "../../pipeline/scripts/deploy";
import { verifyScript } from "../../pipeline/scripts/verify";
import type { CiJob, Need, Rule } from "../ci-file";
import type { Emitter } from "../emitter";
import { goTool, needPrograms, needVariables, setUpGo } from "../setup";
import { attempt, command, step } from "../shell";
import { imageVariable, keyVariable, logIn, registrySecrets } from "./build";
import { identify, idTokens } from "./cloud";
import { pulumiStep, reach, setUpPulumi } from "./pulumi";

/** Where a deployment gets its images from: jobs before it, by variables, or the person who starts it, by IMAGES. */
export type ImageSource = "jobs" | "request";

/** Whether a deployment can tell by itself who made an image. */
export const verifies = ({ verifyBeforeDeployment, signature }: Publishing): boolean =>
  verifyBeforeDeployment && signature !== "none";

/** Addresses of an environment hold what GitLab would take for a variable: `%ab%`. */
export const addressIsPlain = (url: string): boolean => !/\$|%[A-Za-z_]\w*%/.test(url);

/** File that tells later jobs how a deployment ended. */
export const happenedFile = (environment: string): string => `.headgate/deploy-${environment}.json`;

/**
 * Brings images to one environment, asks whether all is well, and brings back what ran before when it is not: one job,
 * so that no other deployment comes in between.
 */
export function deployJob(
  emitter: Emitter,
  environment: PlannedEnvironment,
  source: ImageSource,
  { rules, needs }: { rules: readonly Rule[]; needs: readonly Need[] },
): CiJob {
  const { plan } = emitter;
  const { name, url, identity, secrets, smoke } = environment;
  const check = verifies(plan.publishing) && environment.images.length > 0;
  const all = [...new Set([...secrets, ...(smoke?.secrets ?? []), ...(check ? registrySecrets(plan.publishing) : [])])];
  return emitter.job({
    stage: "deploy",
    image: emitter.image("pulumi"),
    rules,
    needs,
    timeoutMinutes: 360,
    // One after another: a release that is under way is never stopped by the next one.
    resource_group: `deploy-${name}`,
    environment: {
      name,
      ...(url !== undefined && addressIsPlain(url) && { url }),
      deployment_tier: tierOf(name),
    },
    ...idTokens(identity),
    before_script: [
      ...needVariables(all),
      needPrograms("curl", "jq"),
      ...(check ? [...setUpGo, goTool("cosign"), logIn(plan.publishing)] : []),
      ...setUpPulumi(emitter),
    ],
    script: deployScript(emitter, environment, source, check),
    after_script: [tellScript(name)],
    artifacts: { when: "always", expire_in: `${plan.keepArtifactsDays} days`, paths: [happenedFile(name)] },
  });
}

/** GitLab guesses the tier by the name; what it would not know is said. */
function tierOf(name: string): string {
  if (/^(prod|production|live)\b/.test(name)) return "production";
  if (/^(stag|staging|model|pre|demo)/.test(name)) return "staging";
  if (/^(test|qa|qc|integration)/.test(name)) return "testing";
  return /^(dev|review)/.test(name) ? "development" : "other";
}

function deployScript(
  emitter: Emitter,
  environment: PlannedEnvironment,
  source: ImageSource,
  check: boolean,
): string[] {
  const { publishing } = emitter.plan;
  const { identity, secrets, verify, smoke, url } = environment;
  const names = deployedImages(environment);
  const pulumi = pulumiStep(emitter, environment);
  const back = [verify?.rollback === true ? "verify" : "", smoke?.rollback === true ? "smoke" : ""].filter(Boolean);
  return [
    source === "jobs"
      ? builtImages(environment.images)
      : `# Take the images that were asked for\nexport IMAGES="\${IMAGES:?Give IMAGES: an object of services and images by digest}"`,
    step({ title: "Look at the images", run: checkImagesScript(names) }),
    // A key to check signatures with may be in that cloud.
    ...identify(identity),
    ...(check ? [step({ title: "Check who made them", run: checkSignatures(publishing) })] : []),
    ...reach(secrets),
    step({ title: "Remember what runs", ...pulumi, run: rememberScript }),
    step({ title: "Deploy", ...pulumi, run: upScript(names) }),
    "outcome=well",
    ...(verify === undefined
      ? []
      : [
          attempt(
            "verify",
            step({
              title: "Ask whether it is well",
              values: {
                URL: verify.url,
                CONSECUTIVE: String(verify.consecutive),
                INTERVAL: String(verify.intervalSeconds),
                TIMEOUT: String(Math.ceil(verify.timeoutSeconds)),
              },
              run: verifyScript,
            }),
          ),
        ]),
    ...(smoke === undefined
      ? []
      : [
          `if [ "$outcome" = well ]; then\n${attempt(
            "smoke",
            step({
              title: "Smoke tests",
              directory: emitter.plan.directory,
              ...(url !== undefined && { values: { BASE_URL: url } }),
              run: `timeout ${smoke.timeoutMinutes}m ${command(smoke.command)}`,
            }),
          )}\nfi`,
        ]),
    ...(back.length === 0
      ? []
      : [
          `case "$outcome" in ${back.join("|")})\n${step({
            title: "Bring back what ran before",
            ...pulumi,
            run: rollbackScript(names),
          })}\ntouch "$WORK/rolled-back" ;;\nesac`,
        ]),
    '# Say how it ended\nif [ "$outcome" != well ]; then echo "It is not well: $outcome failed." >&2; exit 1; fi',
  ];
}

/** The images of this pipeline as JSON, from the variables of the jobs that published them. */
export function builtImages(names: readonly string[]): string {
  const given = names.map((name) => `  --arg ${name} "$${imageVariable(name)}"`);
  return `# Take the images of this pipeline\n${["export IMAGES=$(jq -n", ...given, "  '$ARGS.named')"].join(" \\\n")}`;
}

/** Nobody but this project's own pipeline may have made an image, whatever its digest says. */
const checkSignatures = (publishing: Publishing): string => `set -euo pipefail
jq -r '.[]' "$WORK/images.json" | while read -r image; do
  cosign verify "$image" ${
    publishing.signature === "key"
      ? keyVariable(publishing).trim()
      : `--certificate-oidc-issuer "$CI_SERVER_URL" \\
    --certificate-identity-regexp "^\${CI_PROJECT_URL//./\\\\.}//\\.gitlab-ci\\.yml@refs/heads/"`
  } > /dev/null
done
`;

/** Runs whatever happened, a cancelled deployment included. */
const tellScript = (name: string): string => `mkdir -p .headgate
case "$CI_JOB_STATUS" in success) result=success ;; failed) result=failure ;; *) result=cancelled ;; esac
if [ -f "/tmp/headgate-$CI_JOB_ID/rolled-back" ]; then back=true; else back=false; fi
printf '{"deploy-${name}":{"result":"%s","outputs":{"rolledBack":"%s"}}}\\n' "$result" "$back" > ${happenedFile(name)}`;

import { z } from "zod";
import { levels } from "../../core/level";
import type { Outcome, Part } from "../../core/part";
import { defineRule } from "../../core/rule";
import { checkov, cisSupplyChain, zizmor } from "../../core/standard";
import { objects } from "../../model/object";

const REPOSITORY = "github:index/repository:Repository";
const ALERTS = "github:index/repositoryVulnerabilityAlerts:RepositoryVulnerabilityAlerts";
const ENVIRONMENT = "github:index/repositoryEnvironment:RepositoryEnvironment";
/** Secrets that every workflow of a repository, or of several, can read. */
const WIDE = [
  "github:index/actionsSecret:ActionsSecret",
  "github:index/actionsOrganizationSecret:ActionsOrganizationSecret",
];
const NARROW = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret";

const options = z.strictObject({
  environments: z
    .array(z.string().min(1))
    .default(["production", "prod"])
    .describe("names of environments that lead to production, whatever their case"),
});

/** Names of keys that deliver: of clouds, clusters, registries and Pulumi. */
const DEPLOYS =
  /^(AWS_(SECRET_)?ACCESS_KEY(_ID)?|(GCP|GCLOUD|GOOGLE)_(.*_)?(CREDENTIALS?|(SA|SERVICE(_ACCOUNT)?)_KEY)|AZURE_(CREDENTIALS|CLIENT_SECRET)|ARM_CLIENT_SECRET|KUBE_?CONFIG.*|PULUMI_(ACCESS_TOKEN|CONFIG_PASSPHRASE)|(TF|TFE|TERRAFORM)_(API_|CLOUD_)?TOKEN|TF_TOKEN_.*|.*DEPLOY.*(KEY|TOKEN|PASSWORD|SECRET|CREDENTIALS?)|(DOCKER(HUB)?|REGISTRY|GHCR|ECR)_(PASSWORD|TOKEN))$/i;

export const ghEnvAndSecrets = defineRule({
  id: "gh-env-and-secrets",
  title: "Only an environment that people guard holds the keys to production",
  severity: "critical",
  standards: [
    ...cisSupplyChain("1.5.1", "2.1.7"),
    ...checkov("CKV_GIT_3", "CKV_GIT_4"),
    ...zizmor("secrets-outside-env"),
  ],
  levels: levels("advisory", "mandatory"),
  model: objects("repositories, environments and secrets on GitHub", "it", [
    REPOSITORY,
    ALERTS,
    ENVIRONMENT,
    ...WIDE,
    NARROW,
  ]),
  options,
  why: "A key that every workflow can read is in the hands of whoever can push a branch, and delivers without anybody looking.",
  remediation:
    "Let the cloud trust the workflow's OIDC token, or keep the key as a secret of the environment. Give the environment reviewers, preventSelfReview, a branch policy and canAdminsBypass: false, and leave the repository's alerts and secret scanning on.",
  *check(object, { environments }) {
    const { type } = object.cursor.origin.resource;
    if (type === ENVIRONMENT) yield* guarded(object, environments);
    else if (type === REPOSITORY || type === ALERTS) yield* scanned(object, type);
    else yield* kept(object, type);
  },
});

function* guarded(environment: Part, names: readonly string[]): Iterable<Outcome> {
  const wanted = names.map((name) => name.toLowerCase());
  const leads = () => wanted.includes((environment.at("environment").text() ?? "").toLowerCase());
  const [reviewers, branches] = [environment.at("reviewers"), environment.at("deploymentBranchPolicy")];
  const [self, bypass] = [environment.at("preventSelfReview"), environment.at("canAdminsBypass")];
  const hasReviewers = () => reviewers.some((each) => each.at("users").hasItems() || each.at("teams").hasItems());
  yield environment.fails("leads to production without a reviewer", reviewers, () => leads() && !hasReviewers());
  yield environment.fails("lets people approve their own delivery", self, () => leads() && self.read() !== true);
  yield environment.fails("takes deliveries of any branch", branches, () => leads() && !branches.present());
  yield environment.fails("lets administrators pass by", bypass, () => leads() && bypass.read() !== false);
}

function* scanned(object: Part, type: string): Iterable<Outcome> {
  // What is not said is as GitHub or the organisation has it.
  const alerts = object.at(type === ALERTS ? "enabled" : "vulnerabilityAlerts");
  const isArchived = () => object.at("archived").read() === true;
  yield object.fails(
    "has no alerts for dependencies with known faults",
    alerts,
    () => alerts.read() === false && !isArchived(),
  );
  for (const name of ["secretScanning", "secretScanningPushProtection"]) {
    const status = object.at(`securityAndAnalysis.${name}.status`);
    yield object.fails("is not searched for secrets", status, () => status.read() === "disabled" && !isArchived());
  }
}

function* kept(secret: Part, type: string): Iterable<Outcome> {
  const name = secret.at("secretName");
  const deploys = () => DEPLOYS.test(name.text() ?? "");
  if (type !== NARROW) yield secret.fails("gives a key that delivers to every workflow", name, deploys);
  for (const field of ["plaintextValue", "value"]) {
    const value = secret.at(field);
    yield secret.fails("is handed over in plain text", value, () => deploys() && (value.text() ?? "") !== "");
  }
}

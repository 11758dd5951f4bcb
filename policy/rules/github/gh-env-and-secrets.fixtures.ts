import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const environment = of("github:index/repositoryEnvironment:RepositoryEnvironment");
const repository = of("github:index/repository:Repository");
const alerts = of("github:index/repositoryVulnerabilityAlerts:RepositoryVulnerabilityAlerts");
const secret = of("github:index/actionsSecret:ActionsSecret");
const shared = of("github:index/actionsOrganizationSecret:ActionsOrganizationSecret");
const narrow = of("github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret");
const guarded = {
  repository: "shop",
  environment: "production",
  reviewers: [{ teams: [1] }],
  preventSelfReview: true,
  canAdminsBypass: false,
  deploymentBranchPolicy: { protectedBranches: true, customBranchPolicies: false },
};
const scanning = (status: string) => ({
  securityAndAnalysis: { secretScanning: { status }, secretScanningPushProtection: { status } },
});

export const fixtures: Fixtures = {
  pass: [
    example("a guarded environment", environment(guarded)),
    example("an environment for tests", environment({ repository: "shop", environment: "staging" })),
    { ...example("another name for it", environment({ environment: "prod" })), options: { environments: ["live"] } },
    example("a repository as GitHub has it", repository({ name: "shop" })),
    example("a repository that is searched", repository({ vulnerabilityAlerts: true, ...scanning("enabled") })),
    example("an archived repository", repository({ archived: true, vulnerabilityAlerts: false })),
    example("alerts", alerts({ repository: "shop" })),
    example(
      "a key of the environment, encrypted",
      narrow({ environment: "production", secretName: "AWS_SECRET_ACCESS_KEY", valueEncrypted: "YQ==" }),
    ),
    example("a key of something else", secret({ secretName: "GOOGLE_MAPS_KEY", value: "a" })),
    example("a secret that delivers nothing", secret({ secretName: "SLACK_WEBHOOK", value: "a" })),
  ],
  fail: [
    broken(
      "an environment that nobody guards",
      ["reviewers", "preventSelfReview", "deploymentBranchPolicy", "canAdminsBypass"],
      environment({ repository: "shop", environment: "Production" }),
    ),
    broken("reviewers that are nobody", "reviewers", environment({ ...guarded, reviewers: [{ teams: [] }] })),
    broken("administrators who may pass by", "canAdminsBypass", environment({ ...guarded, canAdminsBypass: true })),
    broken(
      "a key for every workflow",
      ["secretName", "plaintextValue"],
      secret({ repository: "shop", secretName: "AWS_SECRET_ACCESS_KEY", plaintextValue: "a" }),
    ),
    broken(
      "a key for every repository",
      ["secretName", "value"],
      shared({ visibility: "all", secretName: "KUBECONFIG", value: "a" }),
    ),
    broken("a key of Google Cloud", "secretName", secret({ secretName: "gcp_sa_key", encryptedValue: "YQ==" })),
    broken("a token of Terraform", "secretName", secret({ secretName: "TF_API_TOKEN", valueEncrypted: "YQ==" })),
    broken("in plain text", "value", narrow({ secretName: "DEPLOY_KEY", value: "a" })),
    broken("no alerts", "vulnerabilityAlerts", repository({ vulnerabilityAlerts: false })),
    broken("no alerts, by their own resource", "enabled", alerts({ repository: "shop", enabled: false })),
    broken(
      "not searched for secrets",
      ["securityAndAnalysis.secretScanning.status", "securityAndAnalysis.secretScanningPushProtection.status"],
      repository(scanning("disabled")),
    ),
  ],
  malformed: [
    malformed("reviewers that are a text", "fail", environment({ ...guarded, reviewers: "team" })),
    malformed("a name that is a number", "pass", secret({ secretName: 1, value: "a" })),
  ],
  wrongKind: [
    example("a variable", of("github:index/actionsVariable:ActionsVariable")({ variableName: "KUBECONFIG" })),
  ],
};

import type { Delivery } from "../../model/delivery";
import { ApprovalWay, OnBadDeployment } from "../../model/environment";
import { DeliveryEvent } from "../../model/notifications";
import { HookRunner, InputKind, NodeManager, PythonManager, Updater, VersioningWay } from "../../model/pipeline";
import { LayerCache, TagRule } from "../../model/pipeline-images";
import { Auditor, CodeqlLanguage, Severity } from "../../model/pipeline-security";
import { Baseline, CheckTool, CoverageUpload } from "../../model/pipeline-tests";
import { Target } from "../../model/target";

type Setting = readonly [path: string, value: unknown];

const each = <T>(all: Record<string, T>, setting: (value: T) => Setting): Setting[] => Object.values(all).map(setting);
const command = "make all";
const secrets = ["API_TOKEN"];
const password = { userSecret: "REGISTRY_USER", passwordSecret: "REGISTRY_PASSWORD" };
const aws = { roleArn: "arn:aws:iam::123456789012:role/deploy", region: "eu-west-1" };
const gcp = {
  provider: "projects/1/locations/global/workloadIdentityPools/ci/providers/github",
  project: "shop-production",
};
const uuid = "00000000-0000-4000-8000-000000000000";
const azure = { clientId: uuid, tenantId: uuid, subscriptionId: uuid };
const address = "registry.example.com:5000";
const digest = `registry/db@sha256:${"0a".repeat(32)}`;
const unit = { command };

/** Every option of a pipeline with every value that it can have, or one of each kind. */
const settings: readonly Setting[] = [
  ["pipeline.branches", { production: "trunk" }],
  ["pipeline.branches", { integration: "develop" }],
  ["pipeline.branches", { feature: "work/*" }],
  ["pipeline.protection", { reviews: 2, checks: ["cla"], linear: true, mergeQueue: true, signedCommits: true }],
  ["pipeline.toolchain", {}],
  ...each(NodeManager, (manager): Setting => ["pipeline.toolchain", { node: { manager, versions: ["24", "22"] } }]),
  ...each(PythonManager, (manager): Setting => ["pipeline.toolchain", { python: { manager, versions: ["3.13"] } }]),
  ...each(CheckTool, (tool): Setting => ["pipeline.lint", { tools: [tool] }]),
  ["pipeline.types", { commands: ["make types", "make more"] }],
  ["pipeline.tests", { unit: { command, directory: "a", timeout: "1h", report: "junit.xml", secrets } }],
  ["pipeline.tests", { unit: { command, containers: { db: { image: digest, ports: [5432], env: { A: "1" } } } } }],
  ...each(
    CoverageUpload,
    (upload): Setting => ["pipeline.tests", { unit, coverage: { report: "c.xml", minimum: 80, upload } }],
  ),
  ["pipeline.tests", { integration: { command } }],
  ["pipeline.tests", { integration: { command, environment: "staging", secrets } }],
  ["pipeline.tests", { api: { collection: "api.json", variables: "values.json", environment: "staging" } }],
  ["pipeline.tests", { e2e: { command, environment: "staging" } }],
  ["pipeline.tests", { smoke: { command, secrets } }],
  ...each(
    OnBadDeployment,
    (onFailure): Setting => ["pipeline.tests", { smoke: { command, environment: "production", onFailure } }],
  ),
  ...each(
    Baseline,
    (baseline): Setting => ["pipeline.tests", { performance: { command, report: "f.json", baseline } }],
  ),
  ["pipeline.tests", { performance: { command, report: "f.json", maxRegression: 10, environment: "staging" } }],
  ["pipeline.images", { builds: { worker: { context: "worker", args: { A: "1" }, target: "run" } } }],
  ["pipeline.images", { platforms: ["linux/amd64", "linux/arm64"] }],
  ["pipeline.images", { platforms: ["linux/arm/v7"] }],
  ...each(LayerCache, (cache): Setting => ["pipeline.images", { cache }]),
  ...each(TagRule, (tag): Setting => ["pipeline.images", { tags: [tag] }]),
  ["pipeline.images", { sbom: false }],
  ["pipeline.images", { provenance: false }],
  ["pipeline.images", { signature: "none", provenance: false, verifyBeforeDeployment: false }],
  ["pipeline.images", { signature: "key", signingKey: "hashivault://release" }],
  ["pipeline.images", { verifyBeforeDeployment: false }],
  ["pipeline.registry", { kind: "ghcr", namespace: "acme/shop" }],
  ["pipeline.registry", { kind: "gitlab" }],
  ["pipeline.registry", { kind: "docker-hub", namespace: "acme", ...password }],
  ["pipeline.registry", { kind: "ecr", address, identity: { aws } }],
  ["pipeline.registry", { kind: "artifact-registry", address, identity: { gcp } }],
  ["pipeline.registry", { kind: "acr", address, identity: { azure } }],
  ["pipeline.registry", { kind: "other", address, ...password }],
  ...each(Severity, (threshold): Setting => ["pipeline.security", { trivy: { threshold }, snyk: { threshold } }]),
  ["pipeline.security", { trivy: { files: false, images: false, configuration: false } }],
  ...each(CodeqlLanguage, (language): Setting => ["pipeline.security", { codeql: { languages: [language] } }]),
  ["pipeline.security", { snyk: { tokenSecret: "SNYK" } }],
  ["pipeline.security", { bandit: true, schedule: "17 3 * * 1" }],
  ...each(Auditor, (auditor): Setting => ["pipeline.security", { audit: [auditor] }]),
  ["pipeline.security", { gitleaks: false }],
  ["pipeline.security", { dependencyReview: false }],
  ["pipeline.security", { workflows: false }],
  ["pipeline.security", { gitleaks: false, dependencyReview: false, workflows: false }],
  ["pipeline.security", { gitleaks: false, workflows: false }],
  ["pipeline.infrastructure", {}],
  ["pipeline.infrastructure", { directory: "infra", backend: "s3://bucket", identity: { aws }, secrets }],
  ["pipeline.infrastructure", { preview: false, drift: "17 3 * * 1" }],
  ...each(VersioningWay, (way): Setting => ["pipeline.versioning", { way, tagFormat: "shop-v{version}" }]),
  ...each(
    HookRunner,
    (runner): Setting => ["pipeline.hooks", { runner, preCommit: { lint: { run: command, files: "*.ts" } } }],
  ),
  ["pipeline.hooks", { prePush: { test: { run: command } } }],
  ...each(Updater, (updates): Setting => ["pipeline.maintenance", { updates, cooldown: "14d" }]),
  ["pipeline.maintenance", { keepImages: "30d" }],
  ...each(
    InputKind,
    (kind): Setting => [
      "pipeline.dispatch",
      {
        run: {
          command,
          secrets,
          inputs: { a: { kind, required: true, ...(kind === "choice" && { options: ["x"] }) } },
        },
      },
    ],
  ),
  ["pipeline.runners", { githubLabel: "ubuntu-24.04-arm" }],
  ["pipeline.runners", { gitlabTags: ["docker"], gitlabImage: digest }],
  ["pipeline.keepArtifacts", "30d"],
  ...each(Target, (target): Setting => ["environments.production.target", target]),
  ...each(ApprovalWay, (way): Setting => ["environments.production.approval", { users: ["octocat"], way }]),
  ["environments.production.approval", { teams: ["operators"], wait: "10m", preventSelfReview: false }],
  ["environments.production.branches", ["main", "release/*"]],
  ["environments.production.tags", ["v*"]],
  ["environments.production.variables", { LOG_LEVEL: "info" }],
  ["environments.production.secrets", ["KUBECONFIG", "SSH_PRIVATE_KEY", "SSH_KNOWN_HOSTS", "DATABASE_URL"]],
  ["environments.production.stack", "acme/shop/production"],
  ["environments.production.identity", { aws }],
  [
    "environments.production.identity",
    { gcp: { ...gcp, serviceAccount: "deploy@shop-production.iam.gserviceaccount.com" } },
  ],
  ["environments.production.identity", { azure }],
  ...each(OnBadDeployment, (onFailure): Setting => ["environments.production.verify", { consecutive: 3, onFailure }]),
  ...each(DeliveryEvent, (event): Setting => ["notifications", { slack: [{ channel: "#x", events: [event] }] }]),
  ["notifications", { email: [{ to: ["team@example.com"], server: "smtp.example.com:465" }] }],
];

const base = (): Delivery => ({
  services: {
    shop: {
      service: { image: { build: { context: "shop" } }, port: 8080, health: { readiness: { path: "/ready" } } },
    },
  },
  environments: {
    staging: { url: "https://staging.example.com" },
    production: { promotesFrom: "staging", url: "https://shop.example.com" },
  },
  repositories: { shop: { name: "acme/shop" } },
  pipeline: { toolchain: { node: {}, python: {} } },
});

/** Documents that differ from a plain one by a single option each. */
export const singleOptions: readonly (readonly [name: string, delivery: Delivery])[] = settings.map(([path, value]) => {
  const delivery = base();
  const keys = path.split(".");
  let at: Record<string, unknown> = delivery as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) {
    at[key] ??= {};
    at = at[key] as Record<string, unknown>;
  }
  at[keys.at(-1) ?? ""] = value;
  // The toolchain alone is what some options are about.
  if (path === "pipeline.branches" && delivery.pipeline?.branches?.production !== undefined)
    delete delivery.environments;
  return [`${path} = ${JSON.stringify(value)}`, delivery];
});

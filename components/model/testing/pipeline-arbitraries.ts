import fc from "fast-check";
import { type Identity, OnBadDeployment } from "../environment";
import {
  type DispatchInput,
  type DispatchJob,
  HookRunner,
  InputKind,
  NodeManager,
  type Pipeline,
  PythonManager,
  Updater,
  VersioningWay,
} from "../pipeline";
import { type Images, LayerCache, type Registry, RegistryKind, Signature, TagRule } from "../pipeline-images";
import { Auditor, CodeqlLanguage, Severity } from "../pipeline-security";
import {
  type ApiTests,
  Baseline,
  type Checks,
  CheckTool,
  CoverageUpload,
  type PerformanceTests,
  type SmokeTests,
  type TestContainer,
  type TestSuite,
  type Tests,
} from "../pipeline-tests";
import { image, partial, port, positiveDuration, variables } from "./arbitraries";

const values = <T extends string>(enumeration: Record<string, T>) => fc.constantFrom(...Object.values(enumeration));
const some = <T extends string>(enumeration: Record<string, T>) => fc.subarray(Object.values(enumeration));

export const secretNames = fc.subarray(["DATABASE_URL", "API_TOKEN", "_X"]);
const command = fc.constantFrom("npm test", "make check\nmake report", "pytest -q --cov=shop");
const digest = fc.constant(`registry.example.com/tool@sha256:${"0a".repeat(32)}`);
const cron = fc.constantFrom("17 3 * * 1", "*/5 0-6,12 1 * *");
const file = fc.constantFrom("results.xml", "reports/**/*.xml", "a b/c.json");
const versions = (...known: string[]) => fc.subarray(known, { minLength: 1 });

const containers: fc.Arbitrary<Record<string, TestContainer>> = fc.dictionary(
  fc.constantFrom("postgres", "redis-7"),
  fc.record({ image: digest, ports: fc.array(port, { maxLength: 2 }), env: variables }, { requiredKeys: ["image"] }),
);

const checks: fc.Arbitrary<Checks> = fc.oneof(
  fc.record(
    { tools: fc.subarray(Object.values(CheckTool), { minLength: 1 }), commands: fc.array(command, { maxLength: 2 }) },
    { requiredKeys: ["tools"] },
  ),
  fc.record({ commands: fc.array(command, { minLength: 1, maxLength: 2 }) }),
);

/** Tests that may run against one of these environments. */
function tests(environments: readonly string[]): fc.Arbitrary<Tests> {
  const common = { timeout: positiveDuration, secrets: secretNames };
  const placed = <T extends object>(suites: fc.Arbitrary<T>): fc.Arbitrary<T> =>
    environments.length === 0
      ? suites
      : fc
          .tuple(suites, partial({ environment: fc.constantFrom(...environments) }))
          .map(([one, place]) => ({ ...one, ...place }));
  const suite: fc.Arbitrary<TestSuite> = fc.record(
    { command, directory: fc.constant("tests"), report: file, containers, ...common },
    { requiredKeys: ["command"] },
  );
  const api: fc.Arbitrary<ApiTests> = fc.record(
    { collection: file, variables: file, ...common },
    { requiredKeys: ["collection"] },
  );
  const quiet: fc.Arbitrary<SmokeTests> = fc.record(
    { command, ...common, onFailure: fc.constant(OnBadDeployment.fail) },
    { requiredKeys: ["command"] },
  );
  const back: fc.Arbitrary<SmokeTests>[] =
    environments.length > 0
      ? [
          fc.record({
            command,
            environment: fc.constantFrom(...environments),
            onFailure: fc.constant(OnBadDeployment.rollback),
          }),
        ]
      : [];
  const performance: fc.Arbitrary<PerformanceTests> = fc.record(
    {
      command,
      report: file,
      maxRegression: fc.constantFrom(0.5, 5, 100),
      baseline: values(Baseline),
      timeout: positiveDuration,
    },
    { requiredKeys: ["command", "report"] },
  );
  const others = {
    integration: placed(suite),
    api: placed(api),
    e2e: placed(suite),
    smoke: fc.oneof(placed(quiet), ...back),
    performance: placed(performance),
  };
  const coverage = fc.record(
    { report: file, minimum: fc.constantFrom(0, 79.5, 100), upload: values(CoverageUpload) },
    { requiredKeys: ["report"] },
  );
  return fc.oneof(
    partial<Tests>({ unit: suite, ...others }),
    fc.record({ unit: suite, coverage, ...others }, { requiredKeys: ["unit", "coverage"] }),
  );
}

const builds = fc.dictionary(
  fc.constantFrom("worker", "tools-2"),
  image.map(({ build }) => build ?? { context: "worker" }),
);

const images: fc.Arbitrary<Images> = fc
  .tuple(
    partial<Images>({
      builds,
      platforms: fc.subarray(["linux/amd64", "linux/arm64"], { minLength: 1 }),
      cache: values(LayerCache),
      tags: some(TagRule),
      sbom: fc.boolean(),
      provenance: fc.boolean(),
    }),
    fc.oneof(
      partial<Images>({ signature: fc.constant(Signature.keyless), verifyBeforeDeployment: fc.boolean() }),
      fc.record({ signature: fc.constant(Signature.key), signingKey: fc.constant("awskms:///alias/release") }),
      fc.record({ signature: fc.constant(Signature.none), verifyBeforeDeployment: fc.constant(false) }),
    ),
  )
  .map(([one, other]) => ({ ...one, ...other }));

const uuid = fc.uuid();
const identities = {
  aws: fc.constant({ roleArn: "arn:aws:iam::123456789012:role/ci/deploy", region: "eu-west-1" }),
  gcp: fc.record(
    {
      provider: fc.constant("projects/1/locations/global/workloadIdentityPools/ci/providers/github"),
      project: fc.constant("shop-production"),
      serviceAccount: fc.constant("deploy@shop-production.iam.gserviceaccount.com"),
    },
    { requiredKeys: ["provider", "project"] },
  ),
  azure: fc.record({ clientId: uuid, tenantId: uuid, subscriptionId: uuid }),
};

export const identity: fc.Arbitrary<Identity> = partial<Identity>(identities);

/** Somebody whom one cloud knows. */
const identityIn = (cloud: keyof Identity): fc.Arbitrary<Identity> =>
  (identities[cloud] as fc.Arbitrary<unknown>).map((identity) => ({ [cloud]: identity }));

const namespace = fc.constantFrom("acme", "acme/shop-2");
const address = fc.constantFrom("registry.example.com:5000", "123456789012.dkr.ecr.eu-west-1.amazonaws.com");
const password = { userSecret: fc.constant("REGISTRY_USER"), passwordSecret: fc.constant("REGISTRY_PASSWORD") };

const registry: fc.Arbitrary<Registry> = fc.oneof(
  fc.record({ kind: fc.constantFrom(RegistryKind.ghcr, RegistryKind.gitlab), namespace }, { requiredKeys: ["kind"] }),
  ...(
    [
      [RegistryKind.ecr, "aws"],
      [RegistryKind.artifactRegistry, "gcp"],
      [RegistryKind.acr, "azure"],
    ] as const
  ).map(([kind, cloud]) =>
    fc.record({ kind: fc.constant(kind), address, identity: identityIn(cloud) }, { requiredKeys: ["kind", "address"] }),
  ),
  fc.record({ kind: fc.constant(RegistryKind.dockerHub), namespace, ...password }),
  fc.record({ kind: fc.constant(RegistryKind.other), address, ...password }),
);

const security: fc.Arbitrary<NonNullable<Pipeline["security"]>> = partial({
  trivy: partial({
    files: fc.boolean(),
    images: fc.boolean(),
    configuration: fc.boolean(),
    threshold: values(Severity),
  }),
  codeql: fc.record({ languages: fc.subarray(Object.values(CodeqlLanguage), { minLength: 1 }) }),
  snyk: partial({ threshold: values(Severity), tokenSecret: fc.constant("SNYK_TOKEN") }),
  bandit: fc.boolean(),
  audit: some(Auditor),
  gitleaks: fc.boolean(),
  dependencyReview: fc.boolean(),
  workflows: fc.boolean(),
  schedule: cron,
});

const hookCommands = fc.dictionary(
  fc.constantFrom("lint", "unit-tests"),
  fc.record({ run: command, files: fc.constant("*.{ts,js}") }, { requiredKeys: ["run"] }),
);

const input: fc.Arbitrary<DispatchInput> = fc.oneof(
  partial({ description: fc.constant("what to do"), default: fc.string(), required: fc.boolean() }),
  fc.record({
    kind: fc.constant(InputKind.choice),
    options: fc.subarray(["a"]).map((more) => ["b c", ...more]),
    default: fc.constant("b c"),
  }),
  fc.record({ kind: fc.constant(InputKind.boolean), default: fc.constantFrom("true", "false") }),
);

const job: fc.Arbitrary<DispatchJob> = fc.record(
  {
    description: fc.constant("cleans up"),
    command,
    timeout: positiveDuration,
    inputs: fc.dictionary(fc.constantFrom("task", "dry_run"), input),
    secrets: secretNames,
  },
  { requiredKeys: ["command"] },
);

/** A pipeline whose toolchain has all that anything in it may need. */
export function pipelines(environments: readonly string[] = []): fc.Arbitrary<Pipeline> {
  return fc.record(
    {
      toolchain: fc.record({
        node: partial({ versions: versions("22", "24.1"), manager: values(NodeManager) }),
        python: partial({ versions: versions("3.10", "3.13"), manager: values(PythonManager) }),
      }),
      branches: partial({
        production: fc.constantFrom("main", "release/1.x"),
        integration: fc.constant("develop"),
        feature: fc.constantFrom("feature/*", "*"),
      }),
      protection: partial({
        reviews: fc.integer({ min: 0, max: 6 }),
        checks: fc.constant(["license/cla"]),
        linear: fc.boolean(),
        mergeQueue: fc.boolean(),
        signedCommits: fc.boolean(),
      }),
      lint: checks,
      types: checks,
      tests: tests(environments),
      images,
      registry,
      security,
      infrastructure: partial({
        directory: fc.constant("infra"),
        backend: fc.constant("s3://state?region=eu-west-1"),
        preview: fc.boolean(),
        drift: cron,
        identity,
        secrets: secretNames,
      }),
      versioning: partial({ way: values(VersioningWay), tagFormat: fc.constant("shop-v{version}") }),
      hooks: partial({ runner: values(HookRunner), preCommit: hookCommands, prePush: hookCommands }),
      maintenance: partial({
        updates: values(Updater),
        cooldown: fc.constant("7d"),
        keepImages: fc.constant("30d"),
      }),
      dispatch: fc.dictionary(fc.constantFrom("clean", "run-task"), job),
      runners: partial({
        githubLabel: fc.constant("ubuntu-24.04-arm"),
        gitlabTags: fc.constant(["docker"]),
        gitlabImage: digest,
      }),
      keepArtifacts: fc.constantFrom("1d", "14d", "2160h"),
    },
    { requiredKeys: ["toolchain"] },
  );
}

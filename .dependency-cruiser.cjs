// The one direction of imports: stacks -> infra -> components -> model (the architecture's rooms).
const outer = "^(infra|stacks|policy|cli|testkit|toolchain|demo|tests|bench|examples)/";
const providers = "node_modules/@pulumi/(?!pulumi/)";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: { pathNot: "node_modules" }, to: { circular: true } },
    {
      name: "components-import-no-outer-room",
      severity: "error",
      from: { path: "^(components/|index\\.ts$)", pathNot: "\\.test\\.ts$" },
      to: { path: outer },
    },
    {
      name: "model-is-pure",
      comment: "model imports itself and zod",
      severity: "error",
      from: { path: "^components/model/", pathNot: "(\\.test\\.ts$|/testing/)" },
      to: { pathNot: "^(components/model/|node_modules/zod/)" },
    },
    {
      name: "release-imports-model-only",
      severity: "error",
      from: { path: "^components/release/", pathNot: "(\\.test\\.ts$|/testing/)" },
      to: { pathNot: "^components/(model|release)/" },
    },
    {
      name: "the-pipeline-is-pure",
      comment: "a plan for any platform: it knows none",
      severity: "error",
      from: { path: "^components/pipeline/", pathNot: "(\\.test\\.ts$|/testing/)" },
      to: { pathNot: "^(components/(model|pipeline)/|node_modules/(yaml|zod)/)" },
    },
    {
      name: "gitlab-imports-model-and-pipeline-only",
      severity: "error",
      from: { path: "^components/gitlab/", pathNot: "(\\.test\\.ts$|/testing/)" },
      to: { pathNot: "^(components/(model|pipeline|gitlab)/|node_modules/(yaml|zod)/)" },
    },
    {
      name: "delegate-imports-pulumi-only",
      comment: "the rooms' providers are loaded by kind, so that none loads another room's SDK",
      severity: "error",
      from: { path: "^components/delegate/.*(?<!\\.test)\\.ts$" },
      to: { pathNot: "^(components/delegate/|node_modules/@pulumi/pulumi/)" },
    },
    {
      name: "observability-imports-model-and-release-only",
      severity: "error",
      from: { path: "^components/observability/", pathNot: "\\.test\\.ts$" },
      to: { path: "^components/(?!observability/|model/|release/)" },
    },
    {
      name: "the-guard-runs-without-pulumi-and-docker",
      severity: "error",
      from: { path: "^components/docker/guard/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(components/docker/(?!guard/)|node_modules/(@pulumi|dockerode))" },
    },
    {
      name: "kubernetes-imports-no-other-target",
      severity: "error",
      from: { path: "^components/kubernetes/", pathNot: "\\.test\\.ts$" },
      to: { path: "^components/(?!kubernetes/|model/|release/|delegate/)" },
    },
    {
      name: "github-imports-no-target",
      severity: "error",
      from: { path: "^components/github/", pathNot: "\\.test\\.ts$" },
      to: { path: "^components/(?!github/|pipeline/|model/|delegate/)" },
    },
    {
      name: "a-github-delivery-is-planned-without-pulumi",
      comment: "the command line writes the same files, and has no provider",
      severity: "error",
      from: {
        path: "^components/github/(github-files|workflows/|pins/|delivery/(plan|rules|schema|environments|ruleset|diagnostics|allowed-actions))",
        pathNot: "\\.test\\.ts$",
      },
      to: { path: "node_modules/@pulumi/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "a-kubernetes-service-is-planned-without-pulumi",
      comment: "types of the SDK check the objects; nothing of it runs",
      severity: "error",
      from: { path: "^components/kubernetes/service/plan", pathNot: "\\.test\\.ts$" },
      to: { path: "node_modules/@(pulumi|kubernetes)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "the-kubernetes-client-is-loaded-late",
      comment: "programs only declare; the API server's client is for the provider's process and the command line",
      severity: "error",
      from: { path: "^components/", pathNot: "\\.test\\.ts$" },
      to: { path: "node_modules/@kubernetes/client-node", dependencyTypesNot: ["type-only", "dynamic-import"] },
    },
    {
      name: "the-root-entry-needs-no-provider",
      severity: "error",
      from: { path: "^index\\.ts$" },
      to: { path: providers, reachable: true },
    },
    {
      name: "stacks-import-model-types",
      severity: "error",
      from: { path: "^stacks/" },
      to: { pathNot: "^(stacks/|components/model/)" },
    },
    {
      name: "infra-imports-components-and-stacks",
      severity: "error",
      from: { path: "^infra/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(policy|cli|testkit|toolchain|demo|tests|bench|examples)/" },
    },
    {
      name: "policy-imports-model-types",
      severity: "error",
      from: { path: "^policy/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(infra|stacks|cli|testkit|toolchain|demo|tests|bench|examples|components/(?!model/))" },
    },
    {
      name: "policy-takes-only-types-of-the-model",
      severity: "error",
      from: { path: "^policy/", pathNot: "\\.test\\.ts$" },
      to: { path: "^components/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "rules-are-pure",
      comment: "the same rules run in the engine, in the command line and in tests: only the pack knows Pulumi",
      severity: "error",
      from: { path: "^policy/(core|model|rules)/", pathNot: "\\.(test|fixtures)\\.ts$" },
      to: { pathNot: "^(policy/(core|model|rules)/|components/model/|node_modules/(zod|yaml)/|(node:)?path$)" },
    },
    {
      name: "the-core-knows-no-rule",
      severity: "error",
      from: { path: "^policy/core/", pathNot: "\\.test\\.ts$" },
      to: { path: "^policy/(?!core/)" },
    },
    {
      name: "testkit-imports-model-types",
      severity: "error",
      from: { path: "^testkit/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(infra|stacks|policy|cli|toolchain|demo|tests|bench|examples|components/(?!model/))" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default"] },
  },
};

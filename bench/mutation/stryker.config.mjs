/** Rules broken one thing at a time. Their words are no behaviour, so texts stay as they are. */
export default {
  packageManager: "npm",
  plugins: ["@stryker-mutator/vitest-runner"],
  testRunner: "vitest",
  vitest: { configFile: "bench/mutation/vitest.config.ts", related: false },
  mutate: ["policy/rules/*/*.ts", "!policy/rules/*/*.fixtures.ts"],
  mutator: { excludedMutations: ["StringLiteral"] },
  ignoreStatic: true,
  coverageAnalysis: "perTest",
  ignorePatterns: ["dist", "demo", "docs", "examples", "tests", "infra", "test-results", "bench/*", "!bench/mutation"],
  concurrency: 2,
  tempDirName: "test-results/mutation",
  reporters: ["clear-text", "json"],
  jsonReporter: { fileName: "test-results/mutation.json" },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 90 },
};

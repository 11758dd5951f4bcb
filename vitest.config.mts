import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take minutes, the longest first: started last, they would leave the other workers waiting at the end. */
const LONGEST = [
  ...["release", "kill-guard", "bad-input", "kill-up"].map((name) => `/tests/docker/${name}.test.ts`),
  ...["docker-image", "engine"].map((name) => `/tests/testkit/${name}.test.ts`),
  ...["metrics", "two-stacks"].map((name) => `/tests/docker/${name}.test.ts`),
  ...["github", "deploy", "gitlab"].map((name) => `/tests/pipelines/${name}.test.ts`),
  "/tests/github/changes.test.ts",
  "/tests/pipelines/runner.test.ts",
  ...["platform", "faults", "delivery", "gateway-api", "network-policies"].map(
    (name) => `/tests/kubernetes/${name}.test.ts`,
  ),
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => LONGEST.findIndex((ending) => moduleId.endsWith(ending));
    const sorted = await super.sort(files);
    const long = sorted.filter((file) => rank(file) >= 0).sort((a, b) => rank(a) - rank(b));
    return [...long, ...sorted.filter((file) => rank(file) < 0)];
  }
}

/** For tests that start servers. */
const REAL = {
  // Hundreds of programs and plugins start, and compile the same files.
  env: { NODE_COMPILE_CACHE: join(tmpdir(), "headgate-compile-cache") },
  testTimeout: 300_000,
  hookTimeout: 300_000,
};

/**
 * Rings 1 and 2 need nothing but Node; ring 3 needs the engine and the servers, which its set-up finds or starts.
 * `pipelines` is its part that judges and runs generated files. `kubernetes` is the part of ring 3 that needs a cluster beside them.
 */
export default defineConfig({
  test: {
    pool: "forks",
    isolate: false,
    // Ring 3 mostly waits for releases to pass their holds.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "fast",
          include: ["**/*.test.ts"],
          exclude: ["**/node_modules/**", "dist/**", "test-results/**", "tests/**"],
          // The official CustomResourceDefinitions are a megabyte from the network.
          setupFiles: ["components/kubernetes/testing/offline.ts"],
          testTimeout: 30_000,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: "real",
          // After the pure ones, which take every core.
          sequence: { groupOrder: 1 },
          include: ["tests/**/*.test.ts"],
          exclude: ["**/node_modules/**", "tests/kubernetes/**", "tests/pipelines/**", "tests/github/**"],
          // With a fourth stack beside them, Prometheus comes late to see a new version's first seconds.
          maxWorkers: 3,
          globalSetup: ["tests/setup.ts"],
          ...REAL,
        },
      },
      {
        extends: true,
        test: {
          name: "pipelines",
          // Linters take every core: releases that are watched by the second must not run beside them.
          sequence: { groupOrder: 2 },
          maxWorkers: 2,
          include: ["tests/pipelines/**/*.test.ts", "tests/github/**/*.test.ts"],
          globalSetup: ["tests/setup.ts"],
          ...REAL,
        },
      },
      {
        extends: true,
        test: {
          name: "kubernetes",
          // After the others: a cluster and its releases take what the machine has.
          sequence: { groupOrder: 3 },
          maxWorkers: 3,
          include: ["tests/kubernetes/**/*.test.ts"],
          globalSetup: ["tests/kubernetes/cluster-setup.ts"],
          setupFiles: ["tests/kubernetes/cluster-required.ts"],
          ...REAL,
        },
      },
    ],
  },
});

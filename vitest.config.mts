import { defineConfig } from "vitest/config";

/** Rings 1 and 2 need nothing but Node; ring 3 needs the engine and the servers, which its set-up finds or starts. */
export default defineConfig({
  test: {
    pool: "forks",
    isolate: false,
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: "fast",
          include: ["**/*.test.ts"],
          exclude: ["**/node_modules/**", "dist/**", "tests/**"],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "real",
          include: ["tests/**/*.test.ts"],
          globalSetup: ["tests/setup.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});

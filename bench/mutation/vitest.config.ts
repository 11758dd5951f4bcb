import { defineConfig } from "vitest/config";

/** The examples of the rules alone: properties over any input would run for each mutant. */
export default defineConfig({
  test: { include: ["policy/rules/rules.test.ts"], pool: "forks", isolate: false },
});

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Delivery } from "../model/delivery";
import type { Pipeline } from "../model/pipeline";
import { pipelines } from "../model/testing/pipeline-arbitraries";
import { gitlabFiles } from "./gitlab-files";
import { brokenRules } from "./testing/ci-rules";
import { forGitlab, gitlabDeliveries, planned, secretsOf, startsOf } from "./testing/samples";

const runs = 450;

test("no pipeline that is written breaks a rule, and each is written the same way twice", () => {
  let skipped = 0;
  fc.assert(
    fc.property(gitlabDeliveries, (delivery) => {
      const plan = planned(delivery);
      if (plan === undefined) {
        skipped += 1;
        return;
      }
      const files = gitlabFiles(plan);
      expect(brokenRules(files, startsOf(plan), secretsOf(plan))).toEqual([]);
      expect(gitlabFiles(structuredClone(plan))).toEqual(files);
    }),
    { numRuns: runs },
  );
  expect(runs - skipped, `${skipped} documents were skipped`).toBeGreaterThan(300);
}, 120_000);

const places: Delivery = {
  services: {
    shop: { service: { port: 8080, health: { readiness: { path: "/" } }, image: { build: { context: "." } } } },
  },
  environments: {
    staging: { url: "https://staging.example.com" },
    production: { url: "https://example.com", promotesFrom: "staging", approval: { users: ["octocat"] } },
  },
};

test("no single option of a pipeline, on its own, makes one that breaks a rule", () => {
  const seen = new Map<string, number>();
  for (const { toolchain = {}, ...pipeline } of fc.sample(pipelines(["staging", "production"]), {
    numRuns: 6,
    seed: 5,
  })) {
    for (const [name, value] of Object.entries(pipeline)) {
      for (const alone of onlyOne(value)) {
        const plan = planned(forGitlab({ ...places, pipeline: { toolchain, [name]: alone } as Pipeline }));
        if (plan === undefined) continue;
        expect(brokenRules(gitlabFiles(plan), startsOf(plan), secretsOf(plan)), name).toEqual([]);
        seen.set(name, (seen.get(name) ?? 0) + 1);
      }
    }
  }
  const asked = [
    "branches",
    "protection",
    "lint",
    "types",
    "tests",
    "images",
    "registry",
    "security",
    "infrastructure",
  ];
  asked.push("versioning", "hooks", "maintenance", "dispatch", "runners", "keepArtifacts");
  expect([...seen.keys()].sort()).toEqual(asked.sort());
}, 120_000);

/** Each setting of an object by itself; what several settings say together stays together. */
function onlyOne(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null || Array.isArray(value) || "kind" in value || "tools" in value)
    return [value];
  const entries = Object.entries(value).filter(([name]) => name !== "coverage" && !name.startsWith("sign"));
  return [value, ...entries.map(([name, each]) => ({ [name]: each }))];
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Delivery } from "../model/delivery";
import { formatProblem } from "../model/problem";
import { checkDelivery } from "../model/validate";
import { planPipeline } from "./plan-pipeline";
import { planOf, plans, shop } from "./testing/plans";

const needsOf = (delivery: Delivery): Record<string, readonly string[]> =>
  Object.fromEntries(planOf(delivery).plan.jobs.map(({ id, needs }) => [id, needs]));

/** The shop with one thing changed. */
function changed(change: (delivery: Delivery) => void): Delivery {
  const delivery = shop();
  change(delivery);
  expect(checkDelivery(delivery)).toEqual([]);
  return delivery;
}

const problemsOf = (delivery: Delivery): string[] => planOf(delivery).problems.map(formatProblem);

test("from the change to production, each step waits for all that must be well before it", () => {
  expect(needsOf(shop())).toEqual({
    lint: [],
    unit: [],
    "try-shop": [],
    gitleaks: [],
    "dependency-review": [],
    workflows: [],
    gate: ["lint", "unit", "try-shop", "gitleaks", "dependency-review", "workflows"],
    "build-shop": ["gate"],
    "deploy-staging": ["gate", "build-shop"],
    "e2e-staging": ["deploy-staging"],
    "deploy-production": ["gate", "build-shop", "deploy-staging", "e2e-staging"],
  });
});

test("defaults are said", () => {
  const { plan } = planOf(shop());
  expect(plan.toolchain).toEqual({ node: { versions: ["24"], manager: "npm" } });
  expect(plan.publishing).toMatchObject({
    registry: { kind: "ghcr" },
    sbom: true,
    provenance: true,
    signature: "keyless",
    verifyBeforeDeployment: true,
  });
  expect(plan.environments.map(({ branches }) => branches)).toEqual([["main"], ["main"]]);
  expect(plan.environments[1]).toMatchObject({
    approval: { way: "environment", preventSelfReview: true, waitMinutes: 0 },
    verify: { url: "https://shop.example.com/ready", consecutive: 5, intervalSeconds: 30, rollback: true },
    secrets: ["DATABASE_PASSWORD", "PULUMI_ACCESS_TOKEN"],
  });
  expect(plan.versioning).toBeUndefined();
  expect(plan.infrastructure).toMatchObject({ directory: ".", preview: false });
});

test("secrets of Pulumi follow from where the state is", () => {
  const secretsWith = (backend: string) =>
    planOf(changed(({ pipeline }) => Object.assign(pipeline ?? {}, { infrastructure: { backend } }))).plan
      .environments[0]?.secrets;
  expect(secretsWith("s3://bucket")).toEqual(["PULUMI_CONFIG_PASSPHRASE"]);
  expect(secretsWith("https://api.pulumi.com")).toEqual(["PULUMI_ACCESS_TOKEN"]);
});

test("every time table has a time of its own that stays", () => {
  const scheduleOf = (name: string) =>
    planOf(changed((delivery) => Object.assign(delivery, { repositories: { shop: { name } } }))).plan.security.schedule;
  expect(scheduleOf("acme/shop")).toBe(scheduleOf("acme/shop"));
  const names = Array.from({ length: 40 }, (_, index) => `acme/shop-${index}`);
  expect(new Set(names.map(scheduleOf)).size).toBeGreaterThan(30);
  for (const name of names) expect(scheduleOf(name)).toMatch(/^([1-9]|[1-5]\d) [0-4] \* \* [0-6]$/);
});

describe("ways to approve", () => {
  const withWay = (way: "environment" | "dispatch" | "issue") =>
    changed(({ environments }) => Object.assign(environments?.["production"]?.approval ?? {}, { way }));

  test("by dispatch: no run goes there by itself", () => {
    expect(Object.keys(needsOf(withWay("dispatch")))).not.toContain("deploy-production");
  });

  test("by an issue: the run asks, and ends", () => {
    const needs = needsOf(withWay("issue"));
    expect(Object.keys(needs)).not.toContain("deploy-production");
    expect(needs["ask-production"]).toEqual(["gate", "build-shop", "deploy-staging", "e2e-staging"]);
  });
});

test("who must agree is told when a deployment begins to wait, and nobody waits for that", () => {
  const delivery = changed((all) => {
    all.notifications = { slack: [{ channel: "#x", events: ["approval-needed", "failed"] }] };
  });
  const needs = needsOf(delivery);
  expect(needs["announce-production"]).toEqual(needs["deploy-production"]);
  expect(Object.keys(needs)).not.toContain("announce-staging");
  expect(needs["notify"]).not.toContain("announce-production");
});

test("several repositories: each builds its own, and deploys all that is delivered", () => {
  const delivery = changed((all) => {
    const { shop: first } = all.services ?? {};
    if (first === undefined) throw new Error("no shop");
    all.services = { shop: first, mailer: structuredClone(first) };
    all.repositories = {
      shop: { name: "acme/shop", services: ["shop"] },
      mailer: { name: "acme/mailer", services: ["mailer"], pipeline: {} },
    };
  });
  const plan = (repository: string) => planPipeline(delivery, { serviceName: "x", repository }).plan;
  expect(plan("shop").images.map(({ name }) => name)).toEqual(["shop"]);
  expect(plan("mailer").images.map(({ name }) => name)).toEqual(["mailer"]);
  expect(plan("mailer").environments[0]).toMatchObject({ images: ["mailer"], services: ["shop", "mailer"] });
  expect(plan("mailer").jobs.map(({ id }) => id)).not.toContain("lint");
  expect(planPipeline(delivery, { serviceName: "x" }).problems.map(formatProblem)).toEqual([
    "repositories has several, and it is not said which. Name one of them.",
  ]);
});

describe("what can never happen is refused", () => {
  test.each<[string, (delivery: Delivery) => void, string]>([
    [
      "an environment that no run reaches",
      ({ environments }) => Object.assign(environments?.["staging"] ?? {}, { branches: ["develop"] }),
      'environments.production is never reached: no branch of its own is one of staging\'s, which it promotes from (got "main" and "develop"). Add "main" to environments.staging.branches.',
    ],
    [
      "no branch and no tag",
      ({ environments }) => Object.assign(environments?.["production"] ?? {}, { branches: [] }),
      'environments.production.branches is empty, so that nothing is ever deployed there. Write branches: ["main"], for example.',
    ],
    [
      "an issue that nobody may answer",
      ({ environments }) =>
        Object.assign(environments?.["production"] ?? {}, { approval: { way: "issue", teams: ["operators"] } }),
      'environments.production.approval.users is empty beside way "issue". Name people in users: an answer in an issue is compared with them.',
    ],
    [
      "time to wait that nobody keeps",
      ({ environments }) =>
        Object.assign(environments?.["production"]?.approval ?? {}, { way: "dispatch", wait: "10m" }),
      'environments.production.approval.wait has no effect beside way "dispatch". Remove it, or choose way "environment".',
    ],
    [
      "the name of the pipeline's own environment",
      (delivery) => Object.assign(delivery, { environments: { pipeline: {} }, pipeline: {} }),
      "environments.pipeline is the name of the environment that holds the secrets of the pipeline itself. Choose another name.",
    ],
    [
      "a registry that nobody can log in to",
      ({ pipeline }) => Object.assign(pipeline ?? {}, { registry: { kind: "ecr", address: "1.dkr.example.com" } }),
      'pipeline.registry.identity is missing beside kind "ecr": nobody could log in, and no environment has an identity in aws. Add identity: { aws: { … } }, or one to an environment.',
    ],
    [
      "a signing key in a cloud that does not know the pipeline",
      ({ pipeline }) =>
        Object.assign(pipeline ?? {}, { images: { signature: "key", signingKey: "gcpkms://projects/p/keys/k" } }),
      "pipeline.registry.identity is missing beside a signing key in gcp: nobody could use the key, and no environment has an identity there. Add identity: { gcp: { … } }, or one to an environment.",
    ],
    [
      "a test of something without an address",
      ({ environments }) => {
        delete environments?.["staging"]?.url;
        delete environments?.["staging"]?.verify;
      },
      'pipeline.tests.e2e.environment has no address to test (got "staging"). Add environments.staging.url, so that BASE_URL holds it.',
    ],
  ])("%s", (_, change, message) => {
    expect(problemsOf(changed(change))).toContain(message);
  });
});

test("in every plan, ids are unique, and each job stands after those it needs", () => {
  fc.assert(
    fc.property(plans, ({ plan }) => {
      for (const phases of [["tag"], ["change", "scan", "deliver", "preview", "drift", "dispatch", "cleanup"]]) {
        const seen = new Set<string>();
        for (const { id, needs, phase } of plan.jobs.filter((job) => phases.includes(job.phase))) {
          // A dispatched job is a file of its own and may have any name.
          if (phase !== "dispatch") expect(seen).not.toContain(id);
          for (const need of needs) expect(seen).toContain(need);
          if (phase !== "dispatch") seen.add(id);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("whatever is deployed was checked, built by this very run, and run where it is promoted from", () => {
  fc.assert(
    fc.property(plans, ({ plan }) => {
      for (const job of plan.jobs) {
        if (job.kind !== "deploy" || job.phase !== "deliver") continue;
        const environment = plan.environments.find(({ name }) => name === job.environment);
        expect(job.needs).toContain("gate");
        for (const image of environment?.images ?? []) expect(job.needs).toContain(`build-${image}`);
        if (environment?.promotesFrom !== undefined) expect(job.needs).toContain(`deploy-${environment.promotesFrom}`);
      }
    }),
    { numRuns: 300 },
  );
});

test("the same document gives the same plan, and is not changed by it", () => {
  const delivery = shop();
  const before = structuredClone(delivery);
  expect(planOf(delivery)).toEqual(planOf(structuredClone(delivery)));
  expect(delivery).toEqual(before);
});

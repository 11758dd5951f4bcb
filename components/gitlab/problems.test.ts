import { expect, test } from "vitest";
import type { Delivery } from "../model/delivery";
import { formatProblem } from "../model/problem";
import { planPipeline } from "../pipeline/plan-pipeline";
import { gitlabFiles } from "./gitlab-files";
import { imageFor } from "./images/images";
import { gitlabProblems } from "./problems";
import { gitlabRemarks } from "./remarks";
import { pulumiImage } from "./testing/samples";

const service = { port: 8080, health: { readiness: { path: "/" } }, image: { build: { context: "." } } };
const planOf = (delivery: Delivery) => planPipeline(delivery, { serviceName: "shop" }).plan;

test("everything that GitLab cannot do is said at once", () => {
  const plan = planOf({
    service,
    environments: { production: {} },
    pipeline: {
      registry: { kind: "ghcr" },
      versioning: {},
      tests: { unit: { command: "npm test", report: "$HOME/a.xml", directory: "100%" } },
      runners: { gitlabTags: ["docker", "$TAG"] },
    },
  });
  const said = gitlabProblems(plan).map(formatProblem);
  expect(said.map((line) => line.split(" ")[0])).toEqual([
    "pipeline.runners.gitlabImage",
    "pipeline.registry.kind",
    "pipeline.versioning.way",
    "pipeline.tests.unit.directory",
    "pipeline.tests.unit.report",
    "pipeline.runners.gitlabTags[1]",
  ]);
  expect(said[1]).toBe(
    'pipeline.registry.kind is one that jobs on GitLab cannot log in to (got "ghcr"). Choose "gitlab", "docker-hub", or "other" with userSecret and passwordSecret.',
  );
  expect(() => gitlabFiles(plan)).toThrow(said[0]);
});

test("an image that is named in options comes before the document's, and that before the library's own", () => {
  const plan = planOf({ service, pipeline: { runners: { gitlabImage: pulumiImage } } });
  const given = `registry.example.com/tools@sha256:${"3d".repeat(32)}`;
  expect(imageFor("toolchain", plan, { toolchain: given })).toBe(given);
  expect(imageFor("toolchain", plan, {})).toBe(pulumiImage);
  expect(imageFor("toolchain", planOf({ service }), {})).toMatch(/^docker\.io\/library\/node:\S+@sha256:[0-9a-f]{64}$/);
  expect(imageFor("pulumi", planOf({ service }), {})).toBeUndefined();
});

test("an approval by the platform is one that GitLab has in a paid plan: that is said, with what happens without it", () => {
  const approval = { users: ["octocat"], wait: "5m" };
  const plan = planOf({ service, environments: { production: { approval, url: "https://example.com/%ab%" } } });
  const said = gitlabRemarks(plan).filter(({ feature }) => feature.startsWith("environments."));
  expect(said.map(({ feature, fidelity }) => [feature, fidelity])).toEqual([
    ["environments.production.approval", "emulated"],
    ["environments.production.approval.wait", "dropped"],
    ["environments.production.approval.preventSelfReview", "dropped"],
    ["environments.production.url", "dropped"],
  ]);
  expect(said[0]?.message).toContain("GitLab Premium");
});

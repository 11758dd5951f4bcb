import { basename } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import { githubFiles } from "../../components/github/github-files";
import type { Delivery } from "../../components/model/delivery";
import { deliveries } from "../../components/model/testing/delivery-arbitraries";
import { checkDelivery } from "../../components/model/validate";
import type { GeneratedFile } from "../../components/pipeline/generated-file";
import { planOf } from "../../components/pipeline/testing/plans";
import { singleOptions } from "../../components/pipeline/testing/single-options";
import { type Resource, RULES, WORKFLOW_TYPE } from "../../policy";
import { judge } from "../../policy/core/judge";
import { parseSettings } from "../../policy/core/settings";
import { commentsOf } from "../../policy/model/comments";
import { lintRepositories, UNAVOIDABLE } from "./lint";

/** Documents tried; their options meet each other in every way. */
const SAMPLES = 2_000;

/**
 * What is left, each with its reason in docs/pipelines.md: an answer in an issue is an event of issues, and the figures
 * that a performance test compares with are no packages.
 */
const ALLOWED: Readonly<Record<string, (file: string, path?: string) => boolean>> = {
  ...Object.fromEntries(Object.keys(UNAVOIDABLE).map((rule) => [rule, () => true])),
  "dangerous-triggers": (file) => file === ".github/workflows/approve.yml",
  "wf-triggers": (file) => file === "approve.yml",
  "wf-cache": (_, path = "") => /^jobs(\.|\[")performance/.test(path),
};

/** Each objection once, with the first document it was seen in. */
async function objectionsTo(repositories: readonly (readonly [string, readonly GeneratedFile[]])[]): Promise<string[]> {
  const found = await lintRepositories(repositories.map(([, files]) => files));
  const seen = new Map<string, string>();
  for (const [index, [name, files]] of repositories.entries()) {
    const objections = [
      ...(found[index] ?? [])
        .filter(({ rule = "", file }) => ALLOWED[rule]?.(file) !== true)
        .map(({ tool, rule, file, message }) => `${tool} ${rule ?? ""} ${file} ${message}`),
      ...ownObjections(files),
    ];
    for (const objection of objections) if (!seen.has(objection)) seen.set(objection, name);
  }
  return [...seen].map(([objection, name]) => `${objection} in ${name}`);
}

const settings = parseSettings({ environment: "production" }, RULES);

function ownObjections(files: readonly GeneratedFile[]): string[] {
  const resources = files
    .filter(({ path }) => path.startsWith(".github/workflows/"))
    .map(({ path, content }): Resource => {
      const document = parseDocument(content);
      const comments = commentsOf(document, content);
      return { type: WORKFLOW_TYPE, name: basename(path), properties: document.toJS(), comments };
    });
  return judge(resources, RULES, settings)
    .filter(({ rule, resource, path }) => ALLOWED[rule]?.(resource.name, path) !== true)
    .map(({ rule, resource, path, message }) => [rule, resource.name, path, message].join(" "));
}

const short = (delivery: Delivery): string => JSON.stringify(delivery).slice(0, 1_500);

test("every single option on its own: no linter has anything to say", async () => {
  for (const [name, delivery] of singleOptions) expect(checkDelivery(delivery), name).toEqual([]);
  const repositories = singleOptions.map(([name, delivery]) => {
    const { plan, problems } = planOf(delivery);
    expect(problems, name).toEqual([]);
    return [name, githubFiles(plan)] as const;
  });
  expect(await objectionsTo(repositories)).toEqual([]);
});

test(`${SAMPLES} documents with any options together: no linter has anything to say`, async () => {
  const repositories: (readonly [string, readonly GeneratedFile[]])[] = [];
  let unplannable = 0;
  for (const delivery of fc.sample(deliveries, { numRuns: SAMPLES * 1.1, seed: 20261122 })) {
    const { plan, problems } = planOf(delivery);
    if (problems.length > 0) unplannable += 1;
    else repositories.push([short(delivery), githubFiles(plan)]);
  }
  // Few are refused, so that the others are what people write.
  expect(repositories.length).toBeGreaterThanOrEqual(SAMPLES);
  expect(unplannable).toBeLessThan(SAMPLES / 20);
  expect(await objectionsTo(repositories)).toEqual([]);
});

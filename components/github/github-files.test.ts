import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDocument, visit } from "yaml";
import type { Delivery } from "../model/delivery";
import { checkDelivery } from "../model/validate";
import { planOf, plans, shop } from "../pipeline/testing/plans";
import { quoted } from "../pipeline/tests";
import { githubFiles } from "./github-files";
import { parsed, stepsOf, workflowsOf } from "./testing/parsed";
import { literal } from "./workflows/expression";

test("a shop gets one file for each thing that starts by itself", () => {
  const paths = githubFiles(planOf(shop()).plan).map(({ path }) => path);
  expect(paths).toEqual([
    ".github/workflows/ci.yml",
    ".github/workflows/security.yml",
    ".github/workflows/build-shop.yml",
    ".github/workflows/deliver.yml",
    ".github/workflows/deploy-staging.yml",
    ".github/workflows/deploy-production.yml",
    ".github/dependabot.yml",
  ]);
});

test("of every plan: each token starts with nothing, each job has a time, each action a commit, each path one file", () => {
  fc.assert(
    fc.property(plans, ({ plan }) => {
      const files = githubFiles(plan);
      expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
      for (const { path, content } of files.filter((file) => file.path.includes("/workflows/"))) {
        expect(content).toContain("\npermissions: {}\n");
        for (const [, uses = ""] of content.matchAll(/^\s*(?:- )?uses: (.*)$/gm)) {
          expect(uses).toMatch(
            /^(\.\/\.github\/workflows\/[\w-]+\.yml|[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d[\w.-]*)$/,
          );
        }
        for (const job of Object.values(parsed([{ path, content }])[path.split("/").at(-1) ?? ""]?.jobs ?? {})) {
          expect(job.permissions).toBeDefined();
          if (job.uses === undefined) expect(job["timeout-minutes"]).toBeGreaterThan(0);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test("the same plan gives the same bytes", () => {
  fc.assert(
    fc.property(plans, ({ plan }) => {
      expect(githubFiles(plan)).toEqual(githubFiles(structuredClone(plan)));
    }),
    { numRuns: 50 },
  );
});

/** Everything in it that a user writes freely. */
const talkative = (): Delivery => {
  const delivery = shop();
  const { shop: first } = delivery.services ?? {};
  const { production } = delivery.environments ?? {};
  if (first?.service.image.build === undefined || production === undefined) throw new Error("the shop has no build");
  first.service.image.build = { context: "shop", dockerfile: "Dockerfile", target: "run", args: { A: "b" } };
  Object.assign(production, { variables: { GREETING: "hello" }, branches: ["main"], tags: ["v*"] });
  return {
    ...delivery,
    pipeline: {
      ...delivery.pipeline,
      branches: { production: "main", integration: "develop", feature: "feature/*" },
      lint: { commands: ["make lint"] },
      tests: {
        unit: { command: "npm test", directory: "a", report: "junit.xml" },
        coverage: { report: "coverage.xml" },
        api: { collection: "api.json", variables: "values.json", environment: "staging" },
        integration: {
          command: "npm run all",
          containers: { db: { image: `registry/db@sha256:${"0a".repeat(32)}`, env: { USER: "x" } } },
        },
        performance: { command: "npm run bench", report: "bench.json" },
        smoke: { command: "npm run smoke", environment: "production", onFailure: "rollback" },
      },
      infrastructure: { directory: "infra", backend: "s3://bucket" },
      versioning: { way: "release-please", tagFormat: "v{version}" },
      hooks: { preCommit: { lint: { run: "npm run lint", files: "*.ts" } } },
      dispatch: {
        clean: { description: "cleans", command: "make clean", inputs: { age: { description: "days", default: "7" } } },
      },
    },
    notifications: {
      slack: [{ channel: "#deliveries" }],
      email: [{ to: ["team@example.com"], server: "smtp.example.com:587" }],
    },
  };
};

const hostile = [
  "${{ secrets.PWNED }}",
  "x'}} ${{ PWNED }}",
  "$(PWNED)",
  "`PWNED`",
  '"; PWNED #',
  "'; PWNED; '",
  "a\n      - run: PWNED",
  "a: PWNED",
  "a # PWNED",
  "*PWNED",
  "{PWNED}",
  "|PWNED",
  "%{PWNED}",
];

/** Fields that hold commands: what stands there is meant to run. */
const isCommand = (path: readonly string[]): boolean =>
  ["command", "run"].includes(path.at(-1) ?? "") || path.at(-2) === "commands";

function* leavesOf(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value === "string") yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* leavesOf(inner, [...path, key]);
}

function put(value: unknown, path: readonly string[], text: string): void {
  const parent = path.slice(0, -1).reduce((each, key) => (each as Record<string, unknown>)[key], value);
  (parent as Record<string, unknown>)[path.at(-1) ?? ""] = text;
}

/** What GitHub evaluates in a text, without the literals in it: in these anything may stand. */
function evaluated(text: string): string {
  return [...text.matchAll(/\$\{\{((?:[^'}]|\}(?!\})|'(?:[^']|'')*')*)\}\}/g)]
    .map(([, body = ""]) => body.replace(/'(?:[^']|'')*'/g, "''"))
    .join("\n");
}

const shapeOf = (value: unknown): unknown =>
  typeof value !== "object" || value === null
    ? typeof value
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));

test("no text of a user becomes an expression, a command or a part of the file, wherever it is written", () => {
  const baseline = talkative();
  expect(checkDelivery(baseline)).toEqual([]);
  const shape = shapeOf(workflowsOf(baseline));
  let taken = 0;
  const refused: string[] = [];
  for (const path of leavesOf(baseline)) {
    for (const text of hostile) {
      const delivery = talkative();
      put(delivery, path, text);
      if (checkDelivery(delivery).length > 0) {
        refused.push(path.join("."));
        continue;
      }
      taken += 1;
      const files = githubFiles(planOf(delivery).plan);
      for (const file of files) {
        const document = parseDocument(file.content);
        expect(document.errors, `${path.join(".")} = ${text}`).toEqual([]);
        // Nobody evaluates the settings of git hooks.
        if (!file.path.startsWith(".github/")) continue;
        visit(document, {
          Scalar: (_, { value }) => {
            if (typeof value === "string")
              expect(evaluated(value), `${path.join(".")} = ${text}`).not.toContain("PWNED");
          },
        });
      }
      const workflows = parsed(files);
      if (!isCommand(path)) {
        // Which branches go where decides what has a condition.
        if (!path.includes("branches")) expect(shapeOf(workflows), path.join(".")).toEqual(shape);
        for (const { step } of stepsOf(workflows)) {
          const script = (step.run ?? "").replaceAll(literal(quoted(text)), "");
          expect(script, `${path.join(".")} = ${text}`).not.toContain("PWNED");
        }
      }
    }
  }
  // Names are refused long before; free texts are what must survive.
  expect(taken).toBeGreaterThan(100);
  expect(refused).toContain("pipeline.branches.production");
});

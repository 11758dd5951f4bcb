import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Delivery } from "../../components/model/delivery";
import { planPipeline } from "../../components/pipeline/plan-pipeline";
import { planOf, shop } from "../../components/pipeline/testing/plans";
import { problemsOf, readDocument } from "../document";
import { pipelineSvg } from "../pipeline/svg";
import { pipeline } from "./pipeline";

const ROOT = join(__dirname, "..", "..");
let folder: string;
let printed: string[];
let complained: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headgate-pipeline-"));
  printed = [];
  complained = [];
  vi.spyOn(console, "log").mockImplementation((text: string) => void printed.push(text));
  vi.spyOn(console, "error").mockImplementation((text: string) => void complained.push(text));
  vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const documentOf = (delivery: unknown): string => {
  const file = join(folder, "cicd.json");
  writeFileSync(file, JSON.stringify(delivery));
  return file;
};
const run = (delivery: unknown, ...options: string[]) =>
  pipeline.run([documentOf(delivery), "--out", folder, ...options]);
const ci = () => join(folder, ".github/workflows/ci.yml");

test("files are written once, and are current then", async () => {
  expect(await run(shop())).toBe(0);
  expect(printed).toContain("new      .github/workflows/ci.yml");
  printed = [];
  expect(await run(shop())).toBe(0);
  expect(printed.every((line) => line.startsWith("current"))).toBe(true);
  expect(await run(shop(), "--check")).toBe(0);
});

test("--check and --diff tell what is not as it should be, and write nothing", async () => {
  await run(shop());
  const before = readFileSync(ci(), "utf8").replace("name: CI", "name: Mine");
  writeFileSync(ci(), before);
  printed = [];
  expect(await run(shop(), "--check")).toBe(1);
  expect(complained).toContain(".github/workflows/ci.yml is not as it should be");
  expect(await run(shop(), "--diff")).toBe(0);
  expect(printed.join("")).toContain("-name: Mine\n+name: CI\n");
  expect(readFileSync(ci(), "utf8")).toBe(before);
  expect(await run(shop())).toBe(0);
  expect(readFileSync(ci(), "utf8")).toContain("name: CI\n");
});

test("what nothing asks for any more goes, and what somebody else made stays", async () => {
  await run(shop());
  const own = join(folder, ".github/workflows/own.yml");
  writeFileSync(own, "name: Own\n");
  const { environments: _, ...rest } = shop();
  const smaller = { ...rest, pipeline: { lint: { commands: ["make lint"] } } };
  expect(await run(smaller, "--check")).toBe(1);
  expect(complained).toContain(".github/workflows/deploy-production.yml is made no more");
  expect(await run(smaller)).toBe(0);
  expect(printed).toContain("removed  .github/workflows/deploy-production.yml");
  expect(readFileSync(own, "utf8")).toBe("name: Own\n");
});

test("a file of somebody else in the way stops everything, unless it may be replaced", async () => {
  mkdirSync(join(folder, ".github/workflows"), { recursive: true });
  writeFileSync(ci(), "name: Theirs\n");
  expect(await run(shop())).toBe(1);
  expect(complained[0]).toBe(".github/workflows/ci.yml was not made by Headgate, and nothing was written");
  expect(readFileSync(ci(), "utf8")).toBe("name: Theirs\n");
  expect(await run(shop(), "--force")).toBe(0);
  expect(readFileSync(ci(), "utf8")).toContain("name: CI");
});

test("Renovate's settings are a file like the others: somebody's own stay, ours go when they are made no more", async () => {
  const file = join(folder, "renovate.json");
  const { pipeline: jobs = {} } = shop();
  const asked = { ...shop(), pipeline: { ...jobs, maintenance: { updates: "renovate" } } };
  writeFileSync(file, "{}\n");
  expect(await run(asked)).toBe(1);
  expect(complained[0]).toBe("renovate.json was not made by Headgate, and nothing was written");
  expect(readFileSync(file, "utf8")).toBe("{}\n");
  expect(await run(asked, "--force")).toBe(0);
  expect(await run(asked, "--check")).toBe(0);
  expect(await run(shop())).toBe(0);
  expect(printed).toContain("removed  renovate.json");
  expect(existsSync(file)).toBe(false);
});

test("a pin that a bot raised stays with --keep-newer, and one's own pins come before the library's", async () => {
  await run(shop());
  const raised = `actions/checkout@${"ab".repeat(20)} # v99.0.0`;
  const bumped = readFileSync(ci(), "utf8").replaceAll(/actions\/checkout@.*$/gm, raised);
  writeFileSync(ci(), bumped);
  expect(await run(shop(), "--check")).toBe(1);
  expect(await run(shop(), "--keep-newer")).toBe(0);
  expect(readFileSync(ci(), "utf8")).toBe(bumped);
  const pins = join(folder, "pins.json");
  writeFileSync(pins, JSON.stringify({ "actions/checkout": { tag: "v98.0.0", sha: "cd".repeat(20), inputs: {} } }));
  await run(shop(), "--pins", pins);
  expect(readFileSync(ci(), "utf8")).toContain(`actions/checkout@${"cd".repeat(20)} # v98.0.0`);
  writeFileSync(pins, "{");
  await expect(run(shop(), "--pins", pins)).rejects.toThrow(/pins\.json is no JSON/);
});

test("--json gives the files with their state", async () => {
  await run(shop());
  printed = [];
  expect(await run(shop(), "--json")).toBe(0);
  const { platform, files } = JSON.parse(printed.join("")) as { platform: string; files: { state: string }[] };
  expect(platform).toBe("github");
  expect(files.every(({ state }) => state === "current")).toBe(true);
});

describe("bad input", () => {
  test.each([
    [
      ["--platform", "bitbucket"],
      "headgate pipeline: --platform is not known (got bitbucket). Choose one of github, gitlab.",
    ],
    [["--repository", "x"], "headgate pipeline: --repository x is not in cicd.json. Known there: shop."],
  ])("%j", async (options, message) => {
    await expect(run(shop(), ...options)).rejects.toThrow(message);
  });

  test("what GitLab cannot do is told at once, with what to write", async () => {
    await expect(run(shop(), "--platform", "gitlab")).rejects.toThrow(/pipeline\.runners\.gitlabImage is missing/);
  });

  test("what can never happen is told with its place, by validate too", async () => {
    const delivery = shop();
    Object.assign(delivery.environments?.["staging"] ?? {}, { branches: ["develop"] });
    await expect(run(delivery)).rejects.toThrow(/cicd\.json:1:\d+: environments\.production is never reached/);
    expect(problemsOf(await readDocument(documentOf(delivery))).map(({ path }) => path)).toEqual([
      "environments.production",
    ]);
  });
});

test("the picture has every job that follows from a change, inside its frame", () => {
  const svg = pipelineSvg(planOf(shop()).plan);
  for (const title of ["Gate", "Publish shop", "Deploy to staging", "Deploy to production"]) {
    expect(svg).toContain(`>${title}</text>`);
  }
  const [, width = "0", height = "0"] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  for (const [, x = "0", y = "0"] of svg.matchAll(/<rect class="box" x="([\d.]+)" y="([\d.]+)"/g)) {
    expect(Number(x) + 216).toBeLessThanOrEqual(Number(width));
    expect(Number(y) + 40).toBeLessThanOrEqual(Number(height));
  }
});

describe("this repository uses it", () => {
  test("its workflows are what its cicd.yml says", async () => {
    expect(await pipeline.run([join(ROOT, "cicd.yml"), "--out", ROOT, "--check"]), complained.join("\n")).toBe(0);
  });

  test("the picture in the docs is that of the example", async () => {
    const { value, serviceName } = await readDocument(join(ROOT, "examples/cicd/cicd.yml"));
    const { plan } = planPipeline(value as Delivery, { serviceName });
    expect(readFileSync(join(ROOT, "docs/pipelines.svg"), "utf8")).toBe(pipelineSvg(plan));
  });
});

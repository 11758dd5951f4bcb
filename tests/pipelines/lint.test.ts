import { expect, test } from "vitest";
import type { GeneratedFile } from "../../components/pipeline/generated-file";
import { type Finding, lintRepositories, lintWorkflows, UNAVOIDABLE } from "./lint";

const CI = ".github/workflows/ci.yml";
const SCAN = ".github/workflows/_scan.yml";

const ci = `name: CI
on:
  push:
    branches: [main]
  pull_request:
permissions: {}
concurrency:
  group: ci-\${{ github.workflow }}-\${{ github.head_ref || github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}
defaults:
  run:
    shell: bash
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read # to check out
    steps:
      - name: Check out
        uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - name: Test
        run: npm test
  scan:
    name: Scan
    needs: test
    permissions:
      contents: read # to check out
    uses: ./.github/workflows/_scan.yml
    with:
      level: high
  image:
    name: Image
    permissions:
      contents: read # to check out
    uses: docker/github-builder/.github/workflows/build.yml@58cb9f5b71b1836d6f690c1e95effdeb9b98cb8a # v1.17.0
    with:
      output: image
      push: false
`;

const scan = `name: Scan
on:
  workflow_call:
    inputs:
      level:
        description: Lowest severity that fails
        type: string
        required: true
permissions: {}
jobs:
  scan:
    name: Scan
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions: {}
    steps:
      - name: Scan
        env:
          LEVEL: \${{ inputs.level }}
        run: echo "$LEVEL"
`;

const good: readonly GeneratedFile[] = [
  { path: CI, content: ci },
  { path: SCAN, content: scan },
];

/** The good files with one text replaced in one of them. */
function withMistake(path: string, from: string, to: string): GeneratedFile[] {
  return good.map((file) => {
    if (file.path !== path) return file;
    expect(file.content).toContain(from);
    return { path, content: file.content.replace(from, to) };
  });
}

const avoidable = (findings: readonly Finding[]) => findings.filter(({ rule = "" }) => !(rule in UNAVOIDABLE));

test("nothing is found in good workflows but what nobody can avoid", async () => {
  const findings = await lintWorkflows(good);
  expect(avoidable(findings)).toEqual([]);
  expect([...new Set(findings.map(({ rule }) => rule))]).toEqual(Object.keys(UNAVOIDABLE));
});

const CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1";
const MISTAKES = {
  "an unknown key": [CI, "runs-on: ubuntu-24.04", "runs-onn: ubuntu-24.04", "languageservice", "runs-onn"],
  "an input the action does not have": [CI, "persist-credentials:", "persist-credential:", "languageservice", "input"],
  "an action at a commit without a pin": [CI, CHECKOUT, CHECKOUT.replace(/1$/, "2"), "languageservice", "resolve"],
  "a local workflow that is not there": [CI, "_scan.yml", "_scam.yml", "languageservice", "reusable workflow"],
  "an input a local workflow does not have": [CI, "level: high", "lever: high", "languageservice", "lever"],
  "an input a foreign workflow does not have": [CI, "push: false", "pull: false", "languageservice", "pull"],
  "no value for what a foreign workflow must be given": [CI, "      output: image\n", "", "languageservice", "output"],
  "a job that is not there": [CI, "needs: test", "needs: tests", "actionlint", "tests"],
  "a label no runner has": [CI, "ubuntu-24.04", "ubuntu-25.13", "actionlint", "ubuntu-25.13"],
  "a shell that injects": [SCAN, 'echo "$LEVEL"', `echo "\${{ inputs.level }}"`, "zizmor", "template"],
  "credentials that stay": [CI, "persist-credentials: false", "fetch-depth: 1", "zizmor", "credential"],
  "an action by its tag": [CI, `${CHECKOUT} # v7.0.1`, "actions/checkout@v7", "zizmor", "unpinned"],
  "a file that is no YAML": [SCAN, "name: Scan\n", "name: [\n", "zizmor", "cannot be read"],
} as const;

test("each tool finds the mistakes that are planted for it", async () => {
  const repositories = Object.values(MISTAKES).map(([path, from, to]) => withMistake(path, from, to));
  const found = await lintRepositories(repositories);
  for (const [index, [name, [file, , , tool, said]]] of Object.entries(MISTAKES).entries()) {
    const findings = avoidable(found[index] ?? []);
    const wanted = findings.find((each) => each.tool === tool && each.file === file && each.message.includes(said));
    expect(wanted, `${name}: ${JSON.stringify(findings, undefined, 1)}`).toBeDefined();
  }
});

test("what is found is told with its line", async () => {
  const findings = await lintWorkflows(withMistake(CI, "persist-credentials: false", "persist-credential: false"));
  const line = ci.split("\n").findIndex((text) => text.includes("persist-credentials")) + 1;
  expect(findings).toContainEqual({
    tool: "languageservice",
    file: CI,
    line,
    message: "Invalid action input 'persist-credential'",
  });
});

test("dependabot's configuration and a composite action are judged too", async () => {
  const dependabot = [
    "version: 2",
    "updates:",
    "  - package-ecosystem: npm",
    "    directory: /",
    "    schedule: { interval: weekly }",
  ];
  const action = [
    "name: Act",
    "description: Acts",
    "inputs: { word: { description: Word } }",
    "runs:",
    "  using: composite",
    "  steps:",
    "    - shell: bash",
    `      run: echo \${{ inputs.word }}`,
  ];
  const findings = await lintWorkflows([
    ...good,
    { path: ".github/dependabot.yml", content: `${dependabot.join("\n")}\n` },
    { path: ".github/actions/act/action.yml", content: `${action.join("\n")}\n` },
  ]);
  expect(avoidable(findings).map(({ rule, file }) => `${file} ${rule}`)).toEqual([
    ".github/dependabot.yml dependabot-cooldown",
    ".github/actions/act/action.yml template-injection",
  ]);
});

test("a file that many repositories share is judged for each with what is behind it", async () => {
  const others = withMistake(SCAN, "level:", "depth:").map((file) =>
    file.path === SCAN ? { ...file, content: file.content.replace("inputs.level", "inputs.depth") } : file,
  );
  const [first = [], second = [], third = []] = await lintRepositories([good, others, good]);
  expect(avoidable(first)).toEqual([]);
  expect(avoidable(second).map(({ file }) => file)).toContain(CI);
  expect(third).toEqual(first);
});

test("a path that leaves the repository, or comes twice, is refused", async () => {
  for (const path of ["../x.yml", "/etc/x.yml", "a/../../x.yml", "./x.yml"]) {
    await expect(lintWorkflows([{ path, content: "" }])).rejects.toThrow("is no path in a repository");
  }
  await expect(lintWorkflows([...good, ...good])).rejects.toThrow("is made twice");
});

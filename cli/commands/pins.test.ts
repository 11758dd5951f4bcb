import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type ActionPin, type ActionPins, actionPins } from "../../components/github/pins/pins";
import { readPins, writePins } from "../../components/github/pins/pins-file";
import { UsageError } from "../command";
import { HELP } from "../pins/help";
import type { Resolution } from "../pins/resolve";
import { type FakeRepository, type GitHubServer, startGitHub } from "../pins/testing/github-server";
import { pins } from "./pins";

const NAMES = ["plain", "annotated", "majors", "young", "moved", "stray", "beside", "tree", "odd", "empty"] as const;
const OLD = "2026-01-02T03:04:05Z";
const METADATA =
  "name: Deploy\ninputs:\n  to: { required: true }\n  how: { required: true, default: fast }\nruns: { using: node24 }\n";

let github: GitHubServer;
let repositories: Record<(typeof NAMES)[number], FakeRepository>;
beforeAll(async () => {
  github = await startGitHub(NAMES);
  const made = await Promise.all(NAMES.map(async (name) => [name, await github.repository(name)] as const));
  repositories = Object.fromEntries(made) as typeof repositories;
});
afterAll(() => github.close());

let folder: string;
let file: string;
let printed: string;
let output: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headgate-pins-"));
  file = join(folder, "pins.json");
  printed = "";
  output = "";
  github.faults.length = 0;
  github.asked.length = 0;
  vi.stubEnv("GITHUB_API_URL", github.url);
  vi.stubEnv("GITHUB_TOKEN", github.token);
  for (const stream of ["log", "error"] as const) {
    vi.spyOn(console, stream).mockImplementation((text: unknown) => {
      printed += `${String(text)}\n`;
      if (stream === "log") output += `${String(text)}\n`;
    });
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
  // Whatever went wrong in a test.
  expect(printed).not.toContain(github.token);
});

const pinAt = (tag: string, sha: string): ActionPin => ({ tag, sha, inputs: {} });
const hold = (all: ActionPins) => writeFileSync(file, writePins(all));
const written = () => readPins(readFileSync(file, "utf8"), file);
const update = (...args: string[]) => pins.run(["update", "--file", file, ...args]);

/** Commits on the default branch, each with its version as a tag. */
async function released(repository: FakeRepository, ...versions: string[]): Promise<string[]> {
  const commits: string[] = [];
  for (const [index, version] of versions.entries()) {
    const date = OLD.replace("01-02", `01-${String(index + 10)}`);
    const commit = await repository.commit({ "action.yml": METADATA, version }, date, commits.at(-1));
    await repository.push(commit);
    await repository.tag(version, commit);
    commits.push(commit);
  }
  return commits;
}

test("the newest version of the same major is taken, with its commit, its day and its inputs", async () => {
  const [first = "", , newest = ""] = await released(repositories.plain, "v1.2.0", "v1.9.0", "v1.10.0");
  await repositories.plain.tag("v1", newest);
  await repositories.plain.tag("v1.99.0-rc.1", newest);
  await repositories.plain.tag("vnext", newest);
  hold({ "acme/plain": pinAt("v1.2.0", first) });
  expect(await update("acme/plain")).toBe(0);
  expect(written()).toEqual({
    "acme/plain": {
      tag: "v1.10.0",
      sha: newest,
      date: "2026-01-12",
      runsUsing: "node24",
      inputs: { how: {}, to: { required: true } },
    },
  });
  expect(printed).toContain("v1.2.0 → v1.10.0");
  expect(printed).toContain(`1 newer pin, 0 problems, written to ${file}`);

  const before = readFileSync(file, "utf8");
  expect(await update("acme/plain")).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(readdirSync(folder)).toEqual(["pins.json"]);
});

test("a tag with an object of its own is peeled to the commit", async () => {
  const repository = repositories.annotated;
  const commit = await repository.commit({ "action.yml": METADATA }, OLD);
  await repository.push(commit);
  await repository.annotatedTag("v2.0.0", commit);
  await repository.annotatedTag("v2.0.1", commit, 3);
  await repository.annotatedTag("v2.0.2", commit, 6);
  expect(await update("acme/annotated@v2.0.0", "acme/annotated@v2.0.1")).toBe(0);
  expect(written()["acme/annotated"]?.sha).toBe(commit);
  expect(await update("acme/annotated@v2.0.2")).toBe(1);
  expect(printed).toContain("v2.0.2 is a tag of tags without an end");
});

test("another major version is only told, and taken with --major", async () => {
  const [first = "", second = "", third = ""] = await released(repositories.majors, "v1.0.0", "v1.0.1", "v2.0.0");
  hold({ "acme/majors": pinAt("v1.0.0", first) });
  expect(await update("acme/majors")).toBe(0);
  expect(written()["acme/majors"]).toMatchObject({ tag: "v1.0.1", sha: second });
  expect(printed).toContain("v2.0.0 is another major version: --major takes it");
  expect(await update("--major", "acme/majors")).toBe(0);
  expect(written()["acme/majors"]).toMatchObject({ tag: "v2.0.0", sha: third });
});

test("a version is taken once its commit and its release are old enough", async () => {
  const repository = repositories.young;
  const [first = "", second = "", third = ""] = await released(repository, "v1.0.0", "v1.0.1", "v1.0.2");
  // An old commit that is released today: a commit's time can be anything.
  await repository.release("v1.0.2");
  const fourth = await repository.commit({ "action.yml": METADATA }, new Date().toISOString(), third);
  await repository.push(fourth);
  await repository.tag("v1.0.3", fourth);
  hold({ "acme/young": pinAt("v1.0.0", first) });
  expect(await update("acme/young")).toBe(0);
  expect(written()["acme/young"]).toMatchObject({ tag: "v1.0.1", sha: second });
  expect(printed).toMatch(/v1\.0\.3 is too young until \d{4}-\d\d-\d\dT\d\d:\d\dZ/);
  expect(printed).toContain("v1.0.2 is too young until");
  expect(await update("--cooldown", "0s", "acme/young")).toBe(0);
  expect(written()["acme/young"]).toMatchObject({ tag: "v1.0.3", sha: fourth });
});

test("a pin whose tag names another commit now, or none, is not renewed", async () => {
  const repository = repositories.moved;
  const [first = "", second = ""] = await released(repository, "v1.0.0", "v1.0.1");
  const evil = await repository.commit({ "action.yml": METADATA }, OLD, first);
  await repository.moveTag("v1.0.0", evil);
  hold({ "acme/moved": pinAt("v1.0.0", first) });
  expect(await update("acme/moved")).toBe(1);
  expect(written()["acme/moved"]).toEqual(pinAt("v1.0.0", first));
  expect(printed).toContain(`v1.0.0 names ${evil} now, and not ${first}. Find out why`);

  hold({ "acme/moved": pinAt("v0.9.0", second) });
  expect(await update("acme/moved")).toBe(1);
  expect(printed).toContain("v0.9.0 is gone. Find out why");
});

test("a pin to a commit of a fork is called what it is", async () => {
  const repository = repositories.moved;
  const impostor = await repository.commit({ "action.yml": METADATA }, OLD);
  const unrelated = "0123456789".repeat(4);
  for (const sha of [impostor, unrelated]) {
    hold({ "acme/moved": pinAt("v1.0.1", sha) });
    expect(await update("acme/moved")).toBe(1);
    expect(printed).toContain(`${sha} is on neither main nor that tag, as a commit of a fork would be`);
  }
});

test("a version beside the branch that has the others is refused until a person names it", async () => {
  const repository = repositories.stray;
  const [first = ""] = await released(repository, "v1.0.0");
  const stray = await repository.commit({ "action.yml": METADATA }, OLD);
  await repository.tag("v1.0.1", stray);
  hold({ "acme/stray": pinAt("v1.0.0", first) });
  expect(await update("acme/stray")).toBe(1);
  expect(written()["acme/stray"]).toEqual(pinAt("v1.0.0", first));
  expect(printed).toContain(`v1.0.1 is not on main, where v1.0.0 is. Look at ${stray}`);
  expect(await update("acme/stray@v1.0.1")).toBe(0);
  expect(written()["acme/stray"]?.sha).toBe(stray);
});

test("who always releases beside the default branch may go on", async () => {
  const repository = repositories.beside;
  const commits = await Promise.all(
    [1, 2].map((each) => repository.commit({ "action.yml": METADATA }, OLD.replace("02T", `0${each}T`))),
  );
  await repository.tag("v1.0.1", commits[0] ?? "");
  await repository.tag("v1.0.2", commits[1] ?? "");
  hold({ "acme/beside": pinAt("v1.0.1", commits[0] ?? "") });
  expect(await update("acme/beside")).toBe(0);
  expect(written()["acme/beside"]?.tag).toBe("v1.0.2");
});

test("an action in a folder, and a workflow of another repository, are read where they are", async () => {
  const commit = await repositories.tree.commit(
    {
      "setup/action.yaml": "inputs:\nruns: { using: composite, steps: [] }\n",
      ".github/workflows/build.yml":
        "on:\n  workflow_call:\n    inputs: { push: { type: boolean, required: true } }\n    secrets: { key: { required: true } }\n    outputs: { digest: { value: x } }\njobs: {}\n",
      ".github/workflows/other.yml": "on: push\njobs: {}\n",
      "broken/action.yml": "name: [",
      "half/action.yml": "name: Half\n",
    },
    OLD,
  );
  await repositories.tree.push(commit);
  await repositories.tree.tag("v1.0.0", commit);
  const base = { tag: "v1.0.0", sha: commit, date: "2026-01-02" };
  const workflow = "acme/tree/.github/workflows/build.yml";
  expect(await update("acme/tree/setup", workflow)).toBe(0);
  expect(written()).toEqual({
    "acme/tree/setup": { ...base, runsUsing: "composite", inputs: {} },
    [workflow]: {
      ...base,
      runsUsing: "workflow",
      inputs: { push: { type: "boolean", required: true } },
      secrets: { key: { required: true } },
      outputs: { digest: {} },
    },
  });
  const bad = ["broken", "half", "nowhere", ".github/workflows/other.yml"].map((path) => `acme/tree/${path}`);
  expect(await update(...bad)).toBe(1);
  expect(printed).toContain("problem: broken/action.yml at v1.0.0 is no YAML");
  expect(printed).toContain("problem: half/action.yml at v1.0.0 is no metadata of an action");
  expect(printed).toContain("problem: there is no nowhere/action.yml or nowhere/action.yaml at v1.0.0");
  expect(printed).toContain("problem: .github/workflows/other.yml at v1.0.0 is no workflow that can be called");
  expect(printed).toContain("0 newer pins, 4 problems");
});

test("a repository that is not there, or has no version, keeps no other from being renewed", async () => {
  expect(await update("acme/nowhere", "acme/empty", "acme/plain", "acme/plain@v9.9.9", "acme/plain/..")).toBe(1);
  expect(Object.keys(written())).toEqual(["acme/plain"]);
  expect(printed).toContain("there is no repository acme/nowhere, or GITHUB_TOKEN may not read it");
  expect(printed).toContain("acme/empty has no tag of a full version such as v1.2.3");
  expect(printed).toContain("there is no tag v9.9.9 in acme/plain");
});

test("--check writes nothing and ends with 1 when a pin is not the newest; --json tells the same to programs", async () => {
  expect(await update("acme/plain@v1.2.0")).toBe(0);
  const before = readFileSync(file, "utf8");
  expect(await update("--check", "--json", "acme/plain")).toBe(1);
  expect(readFileSync(file, "utf8")).toBe(before);
  const [found] = JSON.parse(output.slice(output.indexOf("[\n"))) as Resolution[];
  expect(found).toMatchObject({ action: "acme/plain", from: { tag: "v1.2.0" }, to: { tag: "v1.10.0" } });
  expect(await update("acme/plain")).toBe(0);
  expect(await update("--check", "acme/plain")).toBe(0);
});

test("without a file the library's pins are renewed, all of them, in its checkout", async () => {
  const place = join("components", "github", "pins", "action-pins.json");
  expect(await inFolder(() => pins.run(["update"])).catch(String)).toContain("Name a file: --file pins.json");
  expect(await update("acme/plain@v1.2.0", "acme/majors@v1.0.0")).toBe(0);
  mkdirSync(join(folder, "components", "github", "pins"), { recursive: true });
  writeFileSync(join(folder, place), writePins(written()));
  expect(await inFolder(() => pins.run(["update"]))).toBe(0);
  const renewed = readPins(readFileSync(join(folder, place), "utf8"), place);
  expect(renewed).toMatchObject({ "acme/plain": { tag: "v1.10.0" }, "acme/majors": { tag: "v1.0.1" } });
});

async function inFolder<T>(run: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await run();
  } finally {
    process.chdir(before);
  }
}

test("a file of one's own holds no pin that the library has as high", async () => {
  const library = actionPins["actions/checkout"] as ActionPin;
  const low = { ...library, tag: "v7.0.0" };
  const high = { ...library, tag: "v7.9.9" };
  hold({ "actions/checkout": low });
  expect(await update("acme/plain")).toBe(0);
  expect(Object.keys(written())).toEqual(["acme/plain"]);
  hold({ "actions/checkout": high });
  expect(await update("acme/plain")).toBe(0);
  expect(written()["actions/checkout"]).toEqual(high);
});

test("inputs that were read from another version are read again", async () => {
  expect(await update("acme/plain")).toBe(0);
  const { "acme/plain": pin } = written();
  hold({ "acme/plain": { ...(pin as ActionPin), inputs: {}, inputsFrom: "v1.0.0" } });
  expect(await update("acme/plain")).toBe(0);
  expect(written()).toEqual({ "acme/plain": pin });
});

test("the token is sent, and each fact is asked for once", async () => {
  expect(await update("acme/plain", "acme/plain@v1.2.0")).toBe(0);
  expect(new Set(github.asked.map(({ authorization }) => authorization))).toEqual(new Set([`token ${github.token}`]));
  const paths = github.asked.map(({ path }) => path);
  expect(paths).toEqual([...new Set(paths)]);
});

const limited = {
  "x-ratelimit-remaining": "0",
  "x-ratelimit-reset": String(Date.parse("2099-01-01T00:00:00Z") / 1000),
};
test.each([
  [
    "the limit of an hour",
    { status: 403, headers: limited, body: "{}" },
    /lets nothing more be asked until 2099-01-01/,
  ],
  [
    "too many requests",
    { status: 429, headers: { "retry-after": "600" }, body: "{}" },
    /nothing more be asked for 600 s/,
  ],
  [
    "the limit of a moment, for long",
    { status: 403, headers: { "retry-after": "900" }, body: '{"message":"You have exceeded a secondary rate limit"}' },
    /lets nothing more be asked for 900 seconds\. Try again then/,
  ],
  [
    "a wait that is not explained",
    { status: 403, headers: { "retry-after": "900" }, body: "{}" },
    /be asked for 900 s/,
  ],
  [
    "a token that is no good",
    { status: 401, body: '{"message":"Bad credentials"}' },
    /refuses the token in GITHUB_TOKEN/,
  ],
])("%s ends the run, and nothing is written", async (_, fault, said) => {
  github.faults.push({ path: /matching-refs/, ...fault });
  const error: unknown = await update("acme/plain", "acme/majors").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(String(error)).toMatch(said);
  expect(String(error)).not.toContain(github.token);
  expect(readdirSync(folder)).toEqual([]);
});

test("after such an error no more is asked", async () => {
  github.faults.push({ path: /./, status: 401, body: "{}" });
  const many = Array.from({ length: 40 }, (_, index) => `acme/action-${index}`);
  await expect(update(...many)).rejects.toThrow("refuses the token");
  expect(github.asked.length).toBeLessThanOrEqual(8);
});

test("without a token the limit's error says that there is none", async () => {
  vi.stubEnv("GITHUB_TOKEN", "");
  github.faults.push({ path: /./, status: 403, headers: limited, body: "{}" });
  await expect(update("acme/plain")).rejects.toThrow("Set GITHUB_TOKEN: without one there are 60 requests an hour");
  expect(github.asked[0]?.authorization).toBeUndefined();
});

test("a short wait that GitHub asks for is waited", async () => {
  const body = '{"message":"You have exceeded a secondary rate limit"}';
  github.faults.push({ path: /matching-refs/, status: 403, headers: { "retry-after": "1" }, body, times: 1 });
  expect(await update("acme/plain")).toBe(0);
  expect(printed).toContain("GitHub asks to wait 1 seconds");
  expect(written()["acme/plain"]?.tag).toBe("v1.10.0");
});

test.each([
  ["what is no JSON", 200, "{", "answers with something else than GitHub does"],
  ["a list of something else", 200, '[{"ref":5}]', "answers with something else than GitHub does"],
  [
    "a commit that is none",
    200,
    '[{"ref":"refs/tags/v1.0.0","object":{"type":"commit","sha":"../x"}}]',
    "something else",
  ],
  [
    "a tag of a tree",
    200,
    `[{"ref":"refs/tags/v1.0.0","object":{"type":"tree","sha":"${"a".repeat(40)}"}}]`,
    "names no commit",
  ],
  ["a failure", 500, "{}", "/git/matching-refs/tags/v fails with status 500"],
  ["a refusal", 403, '{"message":"Resource not accessible"}', "is forbidden. Give GITHUB_TOKEN the right to read it"],
])("%s is the problem of one action", async (_, status, body, said) => {
  github.faults.push({ path: /plain\/git\/matching-refs/, status, body });
  expect(await update("acme/plain", "acme/majors")).toBe(1);
  expect(printed).toContain(said);
  expect(Object.keys(written())).toEqual(["acme/majors"]);
});

test("an archived repository is told", async () => {
  github.faults.push({ path: /\/acme\/plain$/, status: 200, body: '{"default_branch":"main","archived":true}' });
  expect(await update("acme/plain")).toBe(0);
  expect(printed).toContain("its repository is archived");
});

test("a network that is not there is one error", async () => {
  vi.stubEnv("GITHUB_API_URL", "http://127.0.0.1:9");
  await expect(update("acme/plain", "acme/majors")).rejects.toThrow(/^http:\/\/127\.0\.0\.1:9 cannot be reached \(/);
});

test.each([
  [["acme"], 'got "acme"'],
  [["acme/plain@main"], "Write actions/checkout or actions/checkout@v7.0.1"],
  [["acme/plain@v1"], "with a full version or none"],
  [["acme/plain@v1.0.0@v1.0.0"], "with a full version or none"],
  [["https://github.com/acme/plain"], "with a full version or none"],
  [["acme/plain?x=1"], "with a full version or none"],
  [["--cooldown", "soon", "acme/plain"], '--cooldown: "soon" is no duration'],
])("%j is refused", async (args, said) => {
  await expect(update(...args)).rejects.toThrow(said);
  expect(github.asked).toEqual([]);
});

test.each(["ftp://example.com", "github.com", "https://user:pw@example.com", "https://example.com/?a=b"])(
  "the address %s is refused without showing it",
  async (url) => {
    vi.stubEnv("GITHUB_API_URL", url);
    await expect(update("acme/plain")).rejects.toThrow(/^GITHUB_API_URL must be an address such as/);
  },
);

test("a file that holds no pins is told, and stays", async () => {
  writeFileSync(file, "{}{");
  await expect(update("acme/plain")).rejects.toThrow("pins.json is no JSON");
  expect(readFileSync(file, "utf8")).toBe("{}{");
  file = join(folder, "nowhere", "pins.json");
  await expect(update("acme/plain")).rejects.toThrow("pins.json cannot be written (ENOENT)");
});

test("a word that is no command shows the usage", async () => {
  await expect(pins.run(["upgrade"])).rejects.toThrow(/^usage: headgate pins update/);
  expect(await pins.run(["--help"])).toBe(0);
  expect(output).toMatch(/^usage: headgate pins update/);
});

test("the page about pins has every option", () => {
  const page = readFileSync(join(__dirname, "..", "..", "docs", "pins.md"), "utf8");
  const described = HELP.match(/^ {2}--[a-z]+/gm)?.map((option) => option.trim()) ?? [];
  expect(described.length).toBeGreaterThan(4);
  for (const option of described.filter((option) => option !== "--help")) expect(page).toContain(option);
});

import fc from "fast-check";
import { gt } from "semver";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { keepNewer } from "./keep-newer";

const OLD = "a".repeat(40);
const NEW = "b".repeat(40);

const step = (uses: string) => `jobs:\n  test:\n    steps:\n      - name: Check out\n        uses: ${uses}\n`;
const generated = step(`actions/checkout@${OLD} # v7.0.1`);

test("a higher version of the same action stays, commit and comment", () => {
  const live = step(`actions/checkout@${NEW} # v7.0.2`);
  expect(keepNewer(generated, live)).toBe(live);
});

test("everything else is as generated", () => {
  const live = `# by hand\n${step(`actions/checkout@${NEW} # v7.0.2`).replace("Check out", "Evil")}`;
  expect(keepNewer(generated, live)).toBe(step(`actions/checkout@${NEW} # v7.0.2`));
});

test("a reusable workflow, a step of a composite action and an action in a folder are pins too", () => {
  const write = (sha: string, version: string) =>
    [
      "jobs:",
      "  image:",
      `    uses: docker/github-builder/.github/workflows/build.yml@${sha} # ${version}`,
      "runs:",
      "  using: composite",
      "  steps:",
      `    - uses: "github/codeql-action/init@${sha}" # ${version}`,
      "",
    ].join("\n");
  expect(keepNewer(write(OLD, "v1.9.0"), write(NEW, "v1.10.0"))).toBe(write(NEW, "v1.10.0"));
});

test("case does not tell two actions apart, and the generated spelling stays", () => {
  expect(keepNewer(generated, step(`Actions/Checkout@${NEW} # v8.0.0`))).toBe(step(`actions/checkout@${NEW} # v8.0.0`));
});

test("the highest of several live versions stays, at every use", () => {
  const twice = (first: string, second: string) => `${step(first)}      - uses: ${second}\n`;
  const live = twice(`actions/checkout@${"c".repeat(40)} # v7.0.2`, `actions/checkout@${NEW} # v7.0.10`);
  const newer = `actions/checkout@${NEW} # v7.0.10`;
  expect(keepNewer(twice(`actions/checkout@${OLD} # v7.0.1`, `actions/checkout@${OLD} # v7.0.1`), live)).toBe(
    twice(newer, newer),
  );
});

test("lines that end with carriage returns keep them", () => {
  const crlf = (text: string) => text.replaceAll("\n", "\r\n");
  const live = step(`actions/checkout@${NEW} # v7.0.2`);
  expect(keepNewer(crlf(generated), crlf(live))).toBe(crlf(live));
});

test.each([
  ["the same version", `actions/checkout@${NEW} # v7.0.1`],
  ["a lower version", `actions/checkout@${NEW} # v6.9.9`],
  ["a version that only sorts higher as text", `actions/checkout@${NEW} # v07.0.2`],
  ["another action", `actions/setup-node@${NEW} # v8.0.0`],
  ["another folder of the action", `actions/checkout/sub@${NEW} # v8.0.0`],
  ["no comment", `actions/checkout@${NEW}`],
  ["no version in the comment", `actions/checkout@${NEW} # newest`],
  ["half a version", `actions/checkout@${NEW} # v8`],
  ["a version before its release", `actions/checkout@${NEW} # v8.0.0-rc.1`],
  ["more than a version in the comment", `actions/checkout@${NEW} # v8.0.0 zizmor: ignore[unpinned-uses]`],
  ["an expression in the comment", `actions/checkout@${NEW} # v8.0.0\${{ github.token }}`],
  ["a number too large", `actions/checkout@${NEW} # v99999999999999999999.0.0`],
  ["a tag", "actions/checkout@v8.0.0 # v8.0.0"],
  ["a commit of 39 digits", `actions/checkout@${"b".repeat(39)} # v8.0.0`],
  ["a commit of 41 digits", `actions/checkout@${"b".repeat(41)} # v8.0.0`],
  ["a commit in capitals", `actions/checkout@${"B".repeat(40)} # v8.0.0`],
  ["a commit that is none", `actions/checkout@${"z".repeat(40)} # v8.0.0`],
  ["a comment that belongs to the value", `"actions/checkout@${NEW} # v8.0.0"`],
  ["an image", `docker://alpine@${NEW} # v8.0.0`],
])("%s in the live file changes nothing", (_, uses) => {
  expect(keepNewer(generated, step(uses))).toBe(generated);
});

const newer = `actions/checkout@${NEW} # v8.0.0`;
test.each([
  ["in a comment", `# uses: ${newer}\n`],
  ["in a script", `jobs:\n  test:\n    steps:\n      - run: |\n          uses: ${newer}\n`],
  ["in the environment", `env:\n  uses: ${newer}\n`],
  ["in the inputs of a step", `jobs:\n  test:\n    steps:\n      - with:\n          uses: ${newer}\n`],
  ["in a file that is no YAML", `${step(newer)}]\n`],
  ["in a file with a key twice", `${step(newer)}jobs: {}\n`],
  ["behind an alias", `x: &x\n  test:\n    steps: [{ uses: actions/checkout@${NEW} }] # v8.0.0\njobs: *x\n`],
  ["nowhere", ""],
])("a pin %s is none", (_, live) => {
  expect(keepNewer(generated, live)).toBe(generated);
});

const version = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)).map((parts) => parts.join("."));
const sha = fc.constantFrom(..."0123456789abcdef").map((digit) => digit.repeat(40));
const pins = fc.array(
  fc.record({ action: fc.constantFrom("a/b", "a/c", "a/b/d"), sha, version, quoted: fc.boolean() }),
  { minLength: 1, maxLength: 6 },
);
const workflow = (uses: typeof pins extends fc.Arbitrary<infer T> ? T : never) =>
  `jobs:\n  test:\n    steps:\n${uses
    .map(({ action, sha, version, quoted }) => {
      const reference = `${action}@${sha}`;
      return `      - uses: ${quoted ? `'${reference}'` : reference} # v${version}\n        run: uses # v9.9.9\n`;
    })
    .join("")}`;

test("every pin is the higher of the two, and nothing else moves", () => {
  fc.assert(
    fc.property(pins, pins, (ours, theirs) => {
      const kept = keepNewer(workflow(ours), workflow(theirs));
      const expected = ours.map((use) => {
        const higher = theirs
          .filter(({ action, version }) => action === use.action && gt(version, use.version))
          .reduce((best, each) => (gt(each.version, best.version) ? each : best), use);
        return { ...use, sha: higher.sha, version: higher.version };
      });
      expect(kept).toBe(workflow(expected));
      expect(keepNewer(kept, workflow(theirs))).toBe(kept);
    }),
  );
});

test("whatever the live file is, the generated one stays whole", () => {
  const fragments = fc.constantFrom(
    "uses:",
    " ",
    "\n",
    "actions/checkout@",
    NEW,
    " # v9.0.0",
    "- ",
    "'",
    "${{",
    "jobs:",
  );
  const live = fc.oneof(
    fc.string(),
    fc.array(fragments, { maxLength: 30 }).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(live, (text) => {
      const kept = keepNewer(generated, text);
      const used = parse(kept).jobs.test.steps[0].uses;
      expect([generated, step(`actions/checkout@${NEW} # v9.0.0`)]).toContain(kept);
      expect(used).toMatch(/^actions\/checkout@[0-9a-f]{40}$/);
    }),
  );
});

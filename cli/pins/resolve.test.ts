import fc from "fast-check";
import { compare, major } from "semver";
import { expect, test } from "vitest";
import type { ActionPin } from "../../components/github/pins/pins";
import { type Facts, PinProblem } from "./github";
import { readMetadata } from "./metadata";
import { resolve } from "./resolve";

const NOW = new Date("2026-11-22T00:00:00Z");
const DAY = 24 * 3600;
const METADATA = Buffer.from("runs: { using: node24 }\n").toString("base64");

interface Version {
  tag: string;
  ageDays: number;
  /** Whether the tag has an object of its own. */
  annotated: boolean;
}

const hex = (text: string, length = 40) => Buffer.from(text).toString("hex").padEnd(length, "0").slice(0, length);
const commitOf = (tag: string) => hex(`c${tag}`);

/** A repository with these versions, all on its default branch. */
const repositoryOf = (versions: readonly Version[]): Facts => ({
  find: async (path, schema) => {
    const at = (tag: string, age: number) => ({ tag, date: new Date(NOW.getTime() - age * DAY * 1000).toISOString() });
    const commits = new Map(versions.map(({ tag, ageDays }) => [commitOf(tag), at(tag, ageDays)]));
    const objects = new Map(versions.map(({ tag }) => [hex(`t${tag}`), commitOf(tag)]));
    const last = path.split("/").at(-1) ?? "";
    const answer = /matching-refs/.test(path)
      ? versions.map(({ tag, annotated }) => ({
          ref: `refs/tags/${tag}`,
          object: annotated ? { type: "tag", sha: hex(`t${tag}`) } : { type: "commit", sha: commitOf(tag) },
        }))
      : /git\/tags/.test(path)
        ? { object: { type: "commit", sha: objects.get(last) } }
        : /git\/commits/.test(path)
          ? { committer: { date: commits.get(last)?.date } }
          : /compare/.test(path)
            ? { status: "behind" }
            : /contents/.test(path)
              ? { type: "file", encoding: "base64", content: METADATA }
              : /releases/.test(path)
                ? undefined
                : { default_branch: "main" };
    return answer === undefined ? undefined : schema.parse(answer);
  },
});

const version = fc.record({
  tag: fc.tuple(fc.nat(2), fc.nat(12), fc.nat(12)).map((parts) => `v${parts.join(".")}`),
  ageDays: fc.nat(20),
  annotated: fc.boolean(),
});
const versions = fc.uniqueArray(version, { minLength: 1, maxLength: 10, selector: ({ tag }) => tag });

test("the highest version is taken that is old enough and of a major version that may be taken", async () => {
  await fc.assert(
    fc.asyncProperty(versions, fc.nat(), fc.boolean(), fc.nat(15), async (all, chosen, mayChangeMajor, cooldown) => {
      const present = all[chosen % all.length] as Version;
      const from: ActionPin = { tag: present.tag, sha: commitOf(present.tag), inputs: {} };
      const options = { major: mayChangeMajor, cooldownSeconds: cooldown * DAY, now: NOW };
      const { to, problem } = await resolve(repositoryOf(all), { action: "a/b" }, { "a/b": from }, options);
      const eligible = all
        .filter(({ tag }) => compare(tag, present.tag) > 0)
        .filter(({ tag }) => mayChangeMajor || major(tag) === major(present.tag))
        .filter(({ ageDays }) => ageDays >= cooldown)
        .sort((one, other) => compare(other.tag, one.tag));
      expect(problem).toBeUndefined();
      expect(to?.tag).toBe(eligible[0]?.tag ?? present.tag);
      expect(to?.sha).toBe(commitOf(to?.tag ?? ""));
      // What holds is the same object, so that nothing looks changed.
      if (eligible.length === 0) expect(to).toBe(from);
    }),
  );
});

test("a pin to any other commit than its tag's is never renewed", async () => {
  const sha = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 40, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(versions, sha, async (all, sha) => {
      const present = all[0] as Version;
      fc.pre(sha !== commitOf(present.tag));
      const from: ActionPin = { tag: present.tag, sha, inputs: {} };
      const options = { major: true, cooldownSeconds: 0, now: NOW };
      const { to, problem } = await resolve(repositoryOf(all), { action: "a/b" }, { "a/b": from }, options);
      expect(to).toBeUndefined();
      expect(problem).toContain(`${present.tag} names ${commitOf(present.tag)} now, and not ${sha}`);
    }),
  );
});

test("metadata may be anything: it is read, or it is a problem", () => {
  const fragments = fc.constantFrom(
    "inputs:",
    "runs:",
    "on:",
    "workflow_call:",
    " using: node24",
    "\n",
    "  ",
    "a:",
    "{",
    "]",
    "&x",
    "*x",
    "!!js",
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(fragments, { maxLength: 20 }).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(text, fc.constantFrom("action", "workflow"), (text, kind) => {
      try {
        expect(readMetadata(text, "action.yml", kind).inputs).toBeTypeOf("object");
      } catch (error) {
        expect(error).toBeInstanceOf(PinProblem);
      }
    }),
    { numRuns: 500 },
  );
});

test("metadata that grows without end when it is read is a problem", () => {
  const laughs = Array.from({ length: 9 }, (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index},`.repeat(9)}]`);
  const text = ["a0: &a0 [ha]", ...laughs, "runs: { using: node24 }"].join("\n");
  expect(() => readMetadata(text, "action.yml", "action")).toThrow("action.yml is no YAML");
});

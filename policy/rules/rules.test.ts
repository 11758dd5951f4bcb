import { existsSync, globSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../core/cursor";
import type { Finding } from "../core/finding";
import { judge } from "../core/judge";
import { remediate } from "../core/remedy";
import type { Resource } from "../core/resource";
import type { Rule } from "../core/rule";
import { parseSettings } from "../core/settings";
import type { Example, Fixtures } from "../testing/fixtures";
import { RULES } from ".";

const files = globSync("*/*.fixtures.ts", { cwd: __dirname });
const idOf = (file: string) => basename(file, ".fixtures.ts");

async function fixturesOf({ id }: Rule): Promise<Fixtures> {
  const file = files.find((each) => idOf(each) === id);
  if (file === undefined) throw new Error(`${id} has no fixtures`);
  return ((await import(join(__dirname, file))) as { fixtures: Fixtures }).fixtures;
}

function findingsOf(rule: Rule, { resources, options }: Example): Finding[] {
  const settings = {
    ...(options !== undefined && { options: { [rule.id]: options } }),
    levels: { [rule.id]: "mandatory" },
  };
  return judge(resources, [rule], parseSettings(settings, [rule]));
}
const kinds = (findings: readonly Finding[]) => findings.map(({ kind }) => kind);
const pathsOf = (findings: readonly Finding[], kind: Finding["kind"]) =>
  findings.filter((finding) => finding.kind === kind).map(({ path }) => path);

/** Keys of the properties that a rule looks at, found by watching it. */
function readsOf(rule: Rule, example: Example): string[][][] {
  return example.resources.map((resource, index) => {
    const seen = new Map<string, string[]>();
    const watch = (value: unknown, path: string[]): unknown => {
      if (typeof value !== "object" || value === null) return value;
      const note = (key: string | symbol) => {
        if (typeof key === "string" && key !== "length") seen.set([...path, key].join("\0"), [...path, key]);
      };
      return new Proxy(value, {
        getOwnPropertyDescriptor: (target, key) => {
          note(key);
          return Reflect.getOwnPropertyDescriptor(target, key);
        },
        get: (target, key) => {
          if (Object.hasOwn(target, key)) note(key);
          return watch(Reflect.get(target, key), typeof key === "string" ? [...path, key] : path);
        },
      });
    };
    const watched = { ...resource, properties: watch(resource.properties, []) };
    findingsOf(rule, { ...example, resources: example.resources.with(index, watched) });
    return [...seen.values()];
  });
}

/** The same resource where one value is not known; undefined where something else is in its way. */
function forget(resource: Resource, path: readonly string[]): Resource | undefined {
  const properties = structuredClone(resource.properties);
  let at = properties as Record<string, unknown>;
  for (const [index, key] of path.entries()) {
    if (typeof at !== "object" || at === null) return undefined;
    if (index === path.length - 1) at[key] = UNKNOWN;
    else {
      at[key] ??= {};
      at = at[key] as Record<string, unknown>;
    }
  }
  return { ...resource, properties };
}

it("every rule has a file of its own, fixtures beside it, and an id of its own", () => {
  const ids = RULES.map(({ id }) => id).sort();
  expect(new Set(ids).size).toBe(ids.length);
  expect(files.map(idOf).sort()).toEqual(ids);
  for (const file of files) expect(existsSync(join(__dirname, dirname(file), `${idOf(file)}.ts`))).toBe(true);
});

describe.each(RULES.map((rule) => [rule.id, rule] as const))("%s", async (_id, rule) => {
  const { pass, fail, malformed, wrongKind } = await fixturesOf(rule);
  const named = <T extends Example>(examples: readonly T[]) => examples.map((each) => [each.about, each] as const);

  it("has an example of each kind, and says what to do in sentences", () => {
    for (const examples of [pass, fail, malformed, wrongKind]) expect(examples.length).toBeGreaterThan(0);
    expect(rule.title).toMatch(/[^.]$/);
    for (const text of [rule.why, rule.remediation]) expect(text).toMatch(/[.]$/);
  });
  it.each(named(pass))("passes: %s", (_about, each) => expect(findingsOf(rule, each)).toEqual([]));
  it.each(named(fail))("fails: %s", (_about, each) => {
    const findings = findingsOf(rule, each);
    expect(pathsOf(findings, "violation")).toEqual(each.paths);
    expect(findings).toHaveLength(each.paths.length);
  });
  it.each(named(malformed))("is not upset: %s", (_about, each) => {
    const found = kinds(findingsOf(rule, each));
    expect(found).not.toContain("error");
    expect(found.includes("violation")).toBe(each.verdict === "fail");
  });
  it.each(named(wrongKind))("does not look at %s", (_about, each) => expect(findingsOf(rule, each)).toEqual([]));

  it("adds what it says it adds, and no more", () => {
    const added = fail.flatMap((each) =>
      each.resources.flatMap((resource, index) => {
        const properties = structuredClone(resource.properties);
        const found = findingsOf(rule, each);
        const done = remediate(properties, found);
        const after = findingsOf(rule, { ...each, resources: each.resources.with(index, { ...resource, properties }) });
        const left = found.filter((finding) => !done.includes(finding));
        expect(pathsOf(after, "violation"), each.about).toEqual(pathsOf(left, "violation"));
        return done;
      }),
    );
    expect(added.length > 0).toBe(rule.adds !== undefined);
  });

  it("is not sure where a value it reads is not known", () => {
    let unsure = 0;
    for (const each of [...pass, ...fail]) {
      const before = findingsOf(rule, each);
      for (const [index, reads] of readsOf(rule, each).entries()) {
        for (const path of reads) {
          const resource = each.resources[index] as Resource;
          const forgotten = forget(resource, path);
          if (forgotten === undefined) continue;
          const after = findingsOf(rule, { ...each, resources: each.resources.with(index, forgotten) });
          const where = `${each.about}: ${path.join(".")}`;
          expect(kinds(after), where).not.toContain("error");
          const unknown = pathsOf(after, "unknown");
          if (unknown.length > 0) unsure += 1;
          // What is known is judged as before; what is not is told with the path, and never passes.
          else expect(pathsOf(after, "violation"), where).toEqual(pathsOf(before, "violation"));
          if (before.length > 0) expect(after.length, where).toBeGreaterThan(0);
          expect(pathsOf(before, "violation"), where).toEqual(expect.arrayContaining(pathsOf(after, "violation")));
        }
      }
    }
    expect(unsure).toBeGreaterThan(0);
  });
});

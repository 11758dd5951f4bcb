import { describe, expect, it } from "vitest";
import { Cursor, UNKNOWN } from "./cursor";
import { stops } from "./finding";
import { Judge, judge } from "./judge";
import { levels } from "./level";
import { Part } from "./part";
import type { Model, Resource } from "./resource";
import { defineRule, defineStackRule, type Rule } from "./rule";
import { parseSettings } from "./settings";
import { parseWaivers } from "./waiver";

const parts: Model<Part> = {
  name: "things",
  accepts: (type) => type === "acme:Thing",
  of: (resource) => new Part(Cursor.root(resource), "the thing"),
};
const about = {
  title: "Things are good",
  severity: "critical",
  standards: [],
  levels: levels("advisory", "mandatory"),
  why: "They matter.",
  remediation: "Mend it.",
} as const;
const good = defineRule({
  ...about,
  id: "good",
  model: parts,
  *check(thing) {
    for (const name of ["a", "b"]) yield thing.fails("is bad", thing.at(name), () => thing.at(name).read() === "bad");
  },
});
const thrower = defineRule({
  ...about,
  id: "thrower",
  model: parts,
  // biome-ignore lint/correctness/useYield: it fails before
  *check(thing) {
    throw new Error(`saw ${String(thing.at("a").read())}`);
  },
});
const things = defineStackRule({
  ...about,
  id: "one-thing",
  *check(stack) {
    const [first, second] = stack.of(parts);
    if (first !== undefined && second !== undefined) yield second.fails("is one too many", second.cursor, () => true);
  },
});
const RULES: Rule[] = [good, thrower, things];
const thing = (properties: unknown, name = "one"): Resource => ({
  type: "acme:Thing",
  name,
  properties,
  urn: `urn::${name}`,
});
const settings = (input: unknown = {}, rules = RULES) => parseSettings(input, rules);
const of = (resources: Resource[], rules: Rule[], input: unknown = {}) =>
  judge(resources, rules, settings(input, rules));

describe("the judge", () => {
  it("tells the rule, the place, the level and what to do", () => {
    expect(of([thing({ a: "bad" })], [good])).toEqual([
      {
        rule: "good",
        kind: "violation",
        level: "mandatory",
        severity: "critical",
        resource: { type: "acme:Thing", name: "one", urn: "urn::one" },
        path: "a",
        message: "the thing is bad",
        fix: "Mend it.",
        standards: [],
      },
    ]);
  });

  it("judges what is known beside what is not, and tells that once", () => {
    const findings = of([thing({ a: UNKNOWN, b: "bad" })], [good]);
    expect(findings.map(({ kind, level, path }) => [kind, level, path])).toEqual([
      ["violation", "mandatory", "b"],
      ["unknown", "advisory", "a"],
    ]);
    const both = of([thing({ a: UNKNOWN, b: UNKNOWN })], [good], { unknown: "mandatory" });
    expect(both.map(({ level, message }) => [level, message])).toEqual([
      ["mandatory", "cannot be judged yet: not known before the update: a, b"],
    ]);
  });

  it("makes a fault of a rule a finding of it, without the error's text", () => {
    const findings = of([thing({ a: "secret" })], RULES);
    expect(findings.map(({ rule, kind, level, message }) => [rule, kind, level, message])).toEqual([
      ["thrower", "error", "mandatory", "internal error in rule thrower"],
    ]);
    expect(JSON.stringify(findings)).not.toContain("secret");
    expect(of([thing({ a: UNKNOWN })], [thrower]).map(({ kind }) => kind)).toEqual(["unknown"]);
  });

  it("takes levels by environment, production where none is said, and what the user sets first", () => {
    const levelIn = (input: unknown) => of([thing({ a: "bad" })], [good], input).map(({ level }) => level);
    expect(levelIn({})).toEqual(["mandatory"]);
    expect(levelIn({ environment: "staging" })).toEqual(["mandatory"]);
    expect(levelIn({ environment: "development" })).toEqual(["advisory"]);
    expect(levelIn({ levels: { good: "off" } })).toEqual([]);
    expect(levels("off", "mandatory").staging).toBe("advisory");
  });

  it("hands a resource only to the rules of its kind", () => {
    const judging = new Judge(RULES, settings());
    expect([judging.concerns("acme:Thing"), judging.concerns("acme:Other")]).toEqual([true, false]);
    expect(judging.resource({ ...thing({ a: "bad" }), type: "acme:Other" })).toEqual([]);
    expect(new Judge([good], settings({ levels: { good: "off" } }, [good])).concerns("acme:Thing")).toBe(false);
  });

  it("tells nothing of a resource's provider, which holds keys", () => {
    const keyed = { ...thing({ a: "bad" }), provider: { secretKey: "hunter2" } };
    expect(JSON.stringify(of([keyed], [good]))).toContain("is bad");
    expect(JSON.stringify(of([keyed], [good]))).not.toContain("hunter2");
  });

  it("looks at resources together", () => {
    expect(of([thing({}), thing({}, "two")], [things]).map(({ resource, path }) => [resource.name, path])).toEqual([
      ["two", ""],
    ]);
  });
});

describe("settings", () => {
  it("tell every problem, and the rule that may be meant", () => {
    const rules = [good];
    const wrong = { levels: { god: "off", "good-thing": "off" }, options: { good: { limit: 1 } } };
    expect(() => settings(wrong, rules)).toThrow(
      [
        "levels.god names no rule. docs/policies.md lists the rules.",
        "levels.good-thing names no rule. Did you mean good?",
        'options.good: Unrecognized key: "limit".',
      ].join("\n"),
    );
    expect(() => settings({ enviroment: "production" }, rules)).toThrow('settings: Unrecognized key: "enviroment".');
    expect(() => settings({ environment: "prod" }, rules)).toThrow("environment: Invalid option");
  });
});

describe("waivers", () => {
  const now = new Date("2026-03-01T12:00:00Z");
  const waiver = {
    rule: "good",
    resource: { name: "one" },
    reason: "the migration ends this quarter",
    owner: "shop",
    ticket: "SHOP-1",
    expires: "2026-03-01",
  };
  const run = (more: object, resources = [thing({ a: "bad" })], input: unknown = {}) =>
    judge(
      resources,
      [good],
      settings(input, [good]),
      parseWaivers({ waivers: [{ ...waiver, ...more }] }, [good], "w.yaml"),
      now,
    );
  const told = (findings: ReturnType<typeof run>) =>
    findings.map((finding) => `${finding.rule} ${finding.message} ${stops(finding) ? "stops" : "is told"}`);
  const [violation, covered] = ["good the thing is bad stops", "good the thing is bad is told"];

  it("cover a finding to the end of their last day, and it is still told", () => {
    const [finding] = run({});
    expect(told(run({}))).toEqual([covered]);
    expect(finding?.suppressed).toEqual({
      reason: waiver.reason,
      owner: "shop",
      ticket: "SHOP-1",
      expires: "2026-03-01",
    });
  });

  it("fail when they have expired, last too long or cover nothing", () => {
    expect(told(run({ expires: "2026-02-28" }))).toEqual([violation, "waiver-hygiene waivers[0] has expired stops"]);
    expect(told(run({ expires: "2026-03-31" }))).toEqual([covered]);
    expect(told(run({ expires: "2026-04-01" }))).toEqual([
      covered,
      "waiver-hygiene waivers[0] is granted for longer than its rule's severity allows stops",
    ]);
    const unmatched = run({ resource: { name: "two" } });
    expect(told(unmatched)).toEqual([violation, "waiver-hygiene waivers[0] covers no finding stops"]);
    expect(unmatched.at(-1)?.resource).toEqual({ type: "headgate:policy:Waiver", name: "waivers[0]", file: "w.yaml" });
  });

  it("cover whole names only, and all that a selector says", () => {
    expect(told(run({ resource: { name: "*n*", type: "acme:*" } }))).toEqual([covered]);
    expect(told(run({ resource: { urn: "urn::*e" } }))).toEqual([covered]);
    for (const resource of [
      { name: "on" },
      { name: "n*" },
      { name: "*n" },
      { name: "one*e" },
      { name: "one", type: "x" },
    ]) {
      expect(told(run({ resource }))).toContain(violation);
    }
  });

  it("cover what has every label that is named, whatever its name", () => {
    const labelled = (labels: unknown) => [thing({ a: "bad", metadata: { labels } })];
    const by = (labels: object) => ({ resource: { type: "acme:Thing", labels } });
    expect(told(run(by({ app: "sh*", tier: "edge" }), labelled({ app: "shop", tier: "edge" })))).toEqual([covered]);
    expect(told(run(by({ app: "shop" }), [thing({ a: "bad", tags: { app: "shop" } })]))).toEqual([covered]);
    for (const labels of [
      { app: "shop" },
      { app: "shop", tier: UNKNOWN },
      { app: "shop", tier: 1 },
      "app",
      undefined,
    ]) {
      expect(told(run(by({ app: "shop", tier: "edge" }), labelled(labels)))).toContain(violation);
    }
  });

  it("are not asked for where their rule or their environment is not", () => {
    expect(told(run({}, undefined, { levels: { good: "off" } }))).toEqual([]);
    expect(told(run({ environments: ["staging"] }))).toEqual([violation]);
    expect(told(run({ environments: ["production"] }))).toEqual([covered]);
  });

  it("are refused with every problem", () => {
    const parse = (more: object) => () => parseWaivers({ waivers: [{ ...waiver, ...more }] }, [good]);
    expect(parse({ rule: "nope" })).toThrow("waivers.0.rule names no rule.");
    expect(parse({ reason: "because of it", owner: "" })).toThrow(
      /waivers\.0\.reason: must say .*\nwaivers\.0\.owner: /,
    );
    const wide = [{ type: "acme:Thing" }, { labels: { app: "shop" } }, { type: "acme:Thing", labels: {} }];
    for (const resource of wide)
      expect(parse({ resource })).toThrow("waivers.0.resource: needs urn, name, or type and");
    expect(parse({ expires: "2026-02-30" })).toThrow("waivers.0.expires");
    expect(parse({ until: "x" })).toThrow('Unrecognized key: "until"');
  });
});

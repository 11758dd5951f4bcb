import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../core/cursor";
import { type Finding, stops } from "../core/finding";
import { judge } from "../core/judge";
import { remediate } from "../core/remedy";
import type { Resource } from "../core/resource";
import { parseSettings } from "../core/settings";
import { parseWaivers } from "../core/waiver";
import { pod } from "../testing/fixtures";
import { KINDS, lift } from "../testing/lift";
import { podSpec } from "../testing/pod-specs";
import { RULES } from ".";

const settings = parseSettings({}, RULES);
const findingsOf = (resource: Resource): Finding[] => judge([resource], RULES, settings);

/** Which rules say what, how often: what has to stay when the same pod is told otherwise. */
const verdictOf = (findings: readonly Finding[]) =>
  findings.map(({ rule, kind, message }) => `${rule} ${kind} ${message}`).sort();
const violated = (findings: readonly Finding[]) =>
  findings.filter(({ kind }) => kind === "violation").map(({ rule, path }) => `${rule} ${path}`);

/** Rules of pods, whatever runs them: what a rule of quality says hangs on that, too. */
const ofPods = (findings: readonly Finding[]) => findings.filter(({ rule }) => !rule.startsWith("q-"));

type Json = Record<string, unknown>;

/** Paths of every value in plain data. */
function leavesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, [...path, key]));
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as Json) }) as Json;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce((at, key) => (at as Json | undefined)?.[key], value);

/** A copy that shares nothing but what is not known. */
function structuredCopy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(structuredCopy);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, structuredCopy(each)]));
}

describe("a pod of any shape", () => {
  it("gets the same verdict in every kind", () => {
    fc.assert(
      fc.property(podSpec, fc.constantFrom(...Object.keys(KINDS)), (spec, kind) => {
        const alone = findingsOf(pod(spec));
        expect(verdictOf(ofPods(findingsOf(lift(pod(spec), kind))))).toEqual(verdictOf(ofPods(alone)));
      }),
    );
  });

  it("gets the same verdict whatever the order of its containers", () => {
    fc.assert(
      fc.property(podSpec, (spec) => {
        const reversed = { ...spec, containers: [...(spec.containers as unknown[])].reverse() };
        expect(verdictOf(findingsOf(pod(reversed)))).toEqual(verdictOf(findingsOf(pod(spec))));
      }),
    );
  });

  it("gets the same verdict with labels and fields that no rule knows", () => {
    fc.assert(
      fc.property(podSpec, (spec) => {
        const more = pod({ ...spec, terminationGracePeriodSeconds: 30 }, { labels: { unrelated: "yes" } });
        expect(verdictOf(findingsOf(more))).toEqual(verdictOf(findingsOf(pod(spec))));
      }),
    );
  });

  it("keeps every violation elsewhere when one value is not known, and never passes for it", () => {
    fc.assert(
      fc.property(podSpec, fc.nat(), (spec, which) => {
        const resource = pod(spec);
        const leaves = leavesOf(resource.properties);
        const leaf = leaves[which % leaves.length] ?? [];
        const before = findingsOf(resource);
        const after = findingsOf({ ...resource, properties: replaced(resource.properties, leaf, UNKNOWN) });
        const unsure = new Set(after.filter(({ kind }) => kind === "unknown").map(({ rule }) => rule));
        const lost = violated(before).filter((each) => !violated(after).includes(each));
        // A violation may only go where its rule now says that it cannot know.
        for (const each of lost) expect(unsure).toContain(each.split(" ")[0]);
        expect(after.length > 0 || before.length === 0).toBe(true);
      }),
    );
  });

  it("is told without a value of it", () => {
    fc.assert(
      fc.property(podSpec, fc.nat(), (spec, which) => {
        const canary = "canary-Zq81_value";
        const resource = pod(spec);
        const named = (leaf: string[]) => leaf.at(-1) === "name";
        const leaves = leavesOf(resource.properties).filter((leaf) => !named(leaf));
        const leaf = leaves[which % leaves.length] ?? [];
        const findings = findingsOf({ ...resource, properties: replaced(resource.properties, leaf, canary) });
        expect(JSON.stringify(findings)).not.toContain(canary);
      }),
    );
  });
});

describe("remediation", () => {
  const values = { owner: "shop", service: "shop", environment: "production", "cost-center": "4711" };
  const withLabels = parseSettings({ options: { "q-owner": { values } } }, RULES);
  const judged = (resource: Resource) => judge([resource], RULES, withLabels);
  const kinds = fc.constantFrom(...Object.keys(KINDS));

  /** A pod in a kind with one value that is not known, or none, before and after. */
  const cases = fc.tuple(podSpec, kinds, fc.option(fc.nat())).map(([spec, kind, which]) => {
    const whole = lift(pod(spec), kind);
    const leaves = leavesOf(whole.properties);
    const leaf = which === null ? undefined : leaves[which % leaves.length];
    const before = leaf === undefined ? whole : { ...whole, properties: replaced(whole.properties, leaf, UNKNOWN) };
    const after = { ...before, properties: structuredCopy(before.properties) };
    return { before, after, done: remediate(after.properties, judged(before)) };
  });

  it("meets the rules it is done for, breaks no other, and leaves nothing to do", () => {
    fc.assert(
      fc.property(cases, ({ before, after, done }) => {
        const [was, is] = [violated(judged(before)), violated(judged(after))];
        const met = done.map(({ rule, path }) => `${rule} ${path}`);
        expect(is.sort()).toEqual(was.filter((each) => !met.includes(each)).sort());
        expect(remediate(after.properties, judged(after))).toEqual([]);
      }),
    );
  });

  it("keeps every value there is, known or not", () => {
    fc.assert(
      fc.property(cases, ({ before, after }) => {
        for (const leaf of leavesOf(before.properties)) {
          const value = valueAt(before.properties, leaf);
          if (value !== undefined) expect(valueAt(after.properties, leaf)).toBe(value);
        }
      }),
    );
  });

  it("leaves alone what would be made anew, and what is not known", () => {
    fc.assert(
      fc.property(podSpec, fc.constantFrom("Pod", "Job"), (spec, kind) => {
        const { properties, ...rest } = lift(pod(spec), kind);
        const done = remediate(structuredCopy(properties), judged({ properties, ...rest }));
        expect(done.filter(({ rule }) => rule !== "q-owner")).toEqual([]);
      }),
    );
    const unknown = { type: "kubernetes:apps/v1:Deployment", name: "shop", properties: { metadata: UNKNOWN } };
    expect(remediate(unknown.properties, judged(unknown))).toEqual([]);
  });
});

it("arbitrary data of any type upsets no rule", () => {
  const types = [
    ...Object.entries(KINDS).map(([kind]) => lift(pod({}), kind).type),
    "kubernetes:apps/v1:DeploymentPatch",
  ];
  const anything = fc.oneof(fc.jsonValue(), fc.record({ spec: fc.jsonValue() }), fc.record({ spec: podSpec }));
  fc.assert(
    fc.property(fc.constantFrom(...types), anything, (type, properties) => {
      const findings = findingsOf({ type, name: "any", properties });
      expect(findings.filter(({ kind }) => kind === "error")).toEqual([]);
      expect(() => remediate(structuredCopy(properties), findings)).not.toThrow();
    }),
  );
});

it("a waiver of the past is no waiver, and one in force leaves the finding told", () => {
  const waive = (expires: string) =>
    parseWaivers(
      {
        waivers: RULES.map(({ id }) => ({
          rule: id,
          resource: { name: "sh*p" },
          reason: "the migration ends this quarter",
          owner: "shop",
          ticket: "SHOP-1",
          expires,
        })),
      },
      RULES,
    );
  const now = new Date("2026-03-01T12:00:00Z");
  const own = (findings: readonly Finding[]) => findings.filter(({ rule }) => rule !== "waiver-hygiene");
  fc.assert(
    fc.property(podSpec, (spec) => {
      const plain = findingsOf(pod(spec));
      const past = judge([pod(spec)], RULES, settings, waive("2026-02-28"), now);
      expect(own(past)).toEqual(plain);
      expect(past.length - plain.length).toBe(RULES.length);
      const current = judge([pod(spec)], RULES, settings, waive("2026-03-20"), now);
      expect(own(current).map(({ suppressed: _, ...finding }) => finding)).toEqual(plain);
      expect(own(current).filter(stops)).toEqual([]);
    }),
  );
});

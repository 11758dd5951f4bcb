import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDuration } from "../model/duration";
import type { Image } from "../model/image";
import type { Objectives } from "../model/objectives";
import { joinPath, type Problem } from "../model/problem";
import { type CanaryStep, Fit, Gate, OnNoData, OnUndecided, type Release } from "../model/release";
import type { HttpProbe, Replicas, Service } from "../model/service";
import { checkRelease, checkService } from "../model/validate";
import { totalSeconds } from "./plan";
import { planRelease } from "./plan-release";

// Generators of valid values: every setting present or absent, limits included.

/** An object of which every key may be absent. */
const partial = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { requiredKeys: [] });

const amount = (unit: string, least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((number) => `${number}${unit}`);
const duration = fc.oneof(amount("s", 0, 900), amount("m", 0, 60), amount("ms", 0, 5000), fc.constant("1.5h"));
const positiveDuration = fc.oneof(amount("s", 1, 900), amount("m", 1, 60), amount("ms", 1, 5000));
const copies = fc.integer({ min: 1, max: 100 });
const path = fc.constantFrom("/", "/ready", "/health/deep?all=1", "/%20");
const port = fc.integer({ min: 1, max: 65535 });
const variables = fc.dictionary(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,9}$/), fc.stringMatching(/^[^\0]{0,9}$/), {
  maxKeys: 3,
});

const probe: fc.Arbitrary<HttpProbe> = fc.record(
  { path, interval: positiveDuration, timeout: positiveDuration, healthyAfter: copies, unhealthyAfter: copies },
  { requiredKeys: ["path"] },
);

const image: fc.Arbitrary<Image> = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{64}$/).map((digest) => ({ reference: `registry.example.com/shop@sha256:${digest}` })),
  fc.record({
    build: fc.record(
      {
        context: fc.constantFrom(".", "./shop"),
        dockerfile: fc.constant("docker/Dockerfile"),
        args: variables,
        target: fc.constant("runtime"),
        platforms: fc.subarray(["linux/amd64", "linux/arm64", "linux/arm/v7"]),
      },
      { requiredKeys: ["context"] },
    ),
  }),
);

const replicas: fc.Arbitrary<Replicas> = fc.oneof(
  partial({ count: copies }),
  fc.tuple(copies, copies, fc.integer({ min: 1, max: 100 })).map(([one, two, targetCpuPercent]) => ({
    min: Math.min(one, two),
    max: Math.max(one, two),
    targetCpuPercent,
  })),
);

const services: fc.Arbitrary<Service> = fc.record(
  {
    image,
    port,
    command: fc.array(fc.stringMatching(/^[^\0]{0,9}$/), { maxLength: 3 }),
    env: variables,
    replicas,
    resources: partial({
      cpu: fc.constantFrom("0.25", "250m", "4"),
      memory: fc.constantFrom("64MiB", "1GiB", "512MB"),
    }),
    health: fc.record(
      { readiness: probe, liveness: probe, startTimeout: positiveDuration },
      { requiredKeys: ["readiness"] },
    ),
    metrics: partial({ path, port, durationHistogram: fc.constant("request_seconds") }),
    stopTimeout: duration,
  },
  { requiredKeys: ["image", "port", "health"] },
);

const steps: fc.Arbitrary<CanaryStep[]> = fc
  .uniqueArray(fc.oneof(fc.integer({ min: 1, max: 99 }), fc.constantFrom(0.1, 12.5, 33.3, 99.9)), {
    minLength: 1,
    maxLength: 8,
  })
  .chain((weights) =>
    fc.tuple(
      ...weights
        .sort((a, b) => a - b)
        .map((weight) =>
          fc.record(
            { weight: fc.constant(weight), hold: positiveDuration, gate: fc.constantFrom(...Object.values(Gate)) },
            { requiredKeys: ["weight"] },
          ),
        ),
    ),
  );

const common = {
  analysis: partial({
    threshold: partial({
      maxErrorRatio: fc.double({ min: 0, max: 1, noNaN: true }),
      maxTimesOld: fc.double({ min: 1, max: 10, noNaN: true }),
      minRequests: fc.integer({ min: 1, max: 1000 }),
      consecutiveLooks: fc.integer({ min: 1, max: 10 }),
      window: positiveDuration,
    }),
    onUndecided: fc.constantFrom(...Object.values(OnUndecided)),
    onNoData: fc.constantFrom(...Object.values(OnNoData)),
  }),
  bake: duration,
  progressDeadline: positiveDuration,
  fit: fc.constantFrom(...Object.values(Fit)),
};

const releases: fc.Arbitrary<Release> = fc.oneof(
  partial<Release>(common),
  partial<Release>({ ...common, rolling: partial({ maxSurge: copies, minReady: duration }) }),
  partial<Release>({ ...common, immediate: partial({ skipBake: fc.boolean() }) }),
  partial<Release>({ ...common, blueGreen: partial({ manual: fc.boolean(), promoteAfter: duration }) }),
  partial<Release>({ ...common, canary: partial({ steps }) }),
);

const objectives: fc.Arbitrary<Objectives> = partial({
  availability: fc.constantFrom(0.9, 0.95, 0.99, 0.999, 0.9999),
  latency: fc.record({ within: positiveDuration, ratio: fc.constantFrom(0.9, 0.95, 0.999) }),
});

/** Anything a program without types, or a configuration file, may hand over. */
const anything = fc.oneof(
  fc.anything({ withNullPrototype: true, withMap: true, withDate: true, withBigInt: true, withSparseArray: true }),
  fc.constantFrom<unknown>(
    0,
    -1,
    100,
    1e9,
    Number.NaN,
    "",
    "5",
    "-5s",
    "300s",
    "/x",
    null,
    undefined,
    [],
    {},
    "canary",
  ),
);

type Container = Record<PropertyKey, unknown>;
interface Mutation {
  /** Chooses the place: each number a key of the value found so far, until a leaf or the end. */
  way: number[];
  surplus?: string | undefined;
  value: unknown;
}

const mutations: fc.Arbitrary<Mutation> = fc.record({
  way: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
  surplus: fc.option(fc.string({ minLength: 1, maxLength: 8 }), { nil: undefined }),
  value: anything,
});

/** Changes one place of a copy and tells where. */
function mutate(original: object, { way, surplus, value }: Mutation): { mutant: unknown; path: PropertyKey[] } {
  const mutant: unknown = structuredClone(original);
  let place = mutant as Container;
  const path: PropertyKey[] = [];
  for (const [index, turn] of way.entries()) {
    const keys = Object.keys(place);
    const key = keys[turn % Math.max(1, keys.length)];
    const last = index === way.length - 1 || key === undefined || typeof place[key] !== "object";
    const chosen = last && surplus !== undefined && !Array.isArray(place) ? surplus : key;
    if (chosen === undefined) break;
    path.push(Array.isArray(place) ? Number(chosen) : chosen);
    if (last) {
      Object.defineProperty(place, chosen, { value, writable: true, enumerable: true, configurable: true });
      break;
    }
    place = place[chosen] as Container;
  }
  return { mutant, path };
}

/** The place itself, one inside it, or one around it (rules that weigh several settings name what holds them). */
function names(problem: Problem, path: string): boolean {
  return problem.path.startsWith(path) || path.startsWith(problem.path);
}

describe.each([
  ["service", services, (value: unknown) => checkService(value as never)],
  ["release", releases, (value: unknown) => checkRelease(value as never)],
] as const)("%s", (root, values, check) => {
  test("what the generator calls valid has no problem, also after a trip through JSON", () => {
    fc.assert(
      fc.property(values as fc.Arbitrary<object>, (value) => {
        expect(check(value)).toEqual([]);
        expect(check(JSON.parse(JSON.stringify(value)))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test("a changed place is either well or named, and nothing is ever thrown", () => {
    let refused = 0;
    fc.assert(
      fc.property(values as fc.Arbitrary<object>, mutations, (value, mutation) => {
        const { mutant, path } = mutate(value, mutation);
        const problems = check(mutant);
        if (problems.length === 0) {
          const service = { image: { build: { context: "." } }, port: 1, health: { readiness: { path: "/" } } };
          const input = root === "release" ? { release: mutant, service } : { release: {}, service: mutant };
          planRelease(input as never);
          return;
        }
        refused++;
        const named = joinPath(root, ...path);
        const others = problems.filter((problem) => !names(problem, named) && !isNeighbour(problem, named));
        expect(others, named).toEqual([]);
        expect(problems.every((problem) => problem.fix.length > 5)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
    expect(refused).toBeGreaterThan(1_000);
  });
});

/** Settings that are weighed against each other: the blame may fall on the other one. */
function isNeighbour(problem: Problem, path: string): boolean {
  const parent = (text: string) => text.replace(/(\.steps)\[\d+\].*$|\.[^.[]*$/, "$1");
  const weighed = /\.(replicas|steps)\b/;
  return weighed.test(problem.path) && parent(problem.path) === parent(path);
}

const inputs = fc.record({
  release: releases,
  service: services,
  objectives: fc.option(objectives, { nil: undefined }),
});

describe("planRelease", () => {
  test("plans every valid release, the same each time, as plain JSON, and leaves its input alone", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const before = structuredClone(input);
        const planned = planRelease(input);
        expect(JSON.parse(JSON.stringify(planned))).toEqual(planned);
        expect(planRelease(before)).toEqual(planned);
        expect(input).toEqual(before);
      }),
      { numRuns: 1_000 },
    );
  });

  test("weights rise and stay below 100, order and time are kept, and nothing is bent upwards", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { release, service } = input;
        const { plan, diagnostics, problems } = planRelease(input);
        const weights = plan.steps.map((step) => step.weight);
        const rising = weights.every((weight, index) => weight > (weights[index - 1] ?? -1) && weight < 100);
        expect(rising).toBe(true);
        const bake = release.immediate?.skipBake ? 0 : parseDuration(release.bake ?? "300s");
        if (release.canary?.steps) {
          expect(weights).toEqual(release.canary.steps.map((step) => step.weight));
          const holds = release.canary.steps.map((step) => parseDuration(step.hold ?? "300s"));
          expect(totalSeconds(plan)).toBeCloseTo(bake + holds.reduce((a, b) => a + b, 0), 6);
        }
        if (plan.strategy === "rolling") {
          const copies = service.replicas?.count ?? service.replicas?.min ?? 1;
          expect(weights).toHaveLength(copies - 1);
          expect(weights.every((weight, index) => weight * copies <= (index + 1) * 100)).toBe(true);
        }
        expect(diagnostics.every((one) => one.maxExposureError === 0 && one.fidelity !== "exact")).toBe(true);
        expect(problems.map((problem) => problem.path)).toEqual(
          release.fit === "exact" ? diagnostics.map((diagnostic) => diagnostic.feature) : [],
        );
      }),
      { numRuns: 10_000 },
    );
  });
});

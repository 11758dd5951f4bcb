import fc from "fast-check";
import type { Image } from "../image";
import type { Objectives } from "../objectives";
import { type CanaryStep, Fit, Gate, OnNoData, OnUndecided, type Release } from "../release";
import type { HttpProbe, Replicas, Service } from "../service";

/** Generators of valid values for property tests: every setting present or absent, limits included. */

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

export const services: fc.Arbitrary<Service> = fc.record(
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

export const releases: fc.Arbitrary<Release> = fc.oneof(
  partial<Release>(common),
  partial<Release>({ ...common, rolling: partial({ maxSurge: copies, minReady: duration }) }),
  partial<Release>({ ...common, immediate: partial({ skipBake: fc.boolean() }) }),
  partial<Release>({ ...common, blueGreen: partial({ manual: fc.boolean(), promoteAfter: duration }) }),
  partial<Release>({ ...common, canary: partial({ steps }) }),
);

export const objectives: fc.Arbitrary<Objectives> = partial({
  availability: fc.constantFrom(0.9, 0.95, 0.99, 0.999, 0.9999),
  latency: fc.record({ within: positiveDuration, ratio: fc.constantFrom(0.9, 0.95, 0.999) }),
});
